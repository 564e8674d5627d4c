import type { WalkJob } from './walk-job';

/** A file of the archive that is not what lies in the context. */
export interface Extra {
  readonly path: string;
  readonly content: Uint8Array;
}

/** An archive to be made, as data: it crosses to the worker. */
export interface TarJob extends WalkJob {
  readonly kind: 'tar';
  /** In the place of a file of that name, or else at the end. */
  readonly extras: readonly Extra[];
}
