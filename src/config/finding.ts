import type { Problem } from '../domain/errors';

/** A problem; with a hint it is told as DAEMON_PLAINTEXT where it is the only one. */
export interface Finding extends Problem {
  readonly exposed?: { readonly message: string; readonly hint: string };
}
