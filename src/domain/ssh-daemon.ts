import type { Sourced } from './origin';

/** Reached by the agent's own ssh; what a job says is the address and nothing else. */
export interface SshDaemon {
  readonly kind: 'ssh';
  /** undefined: ssh's configuration says. */
  readonly user: string | undefined;
  /** Without brackets. */
  readonly host: string;
  /** undefined: ssh's configuration says. */
  readonly port: number | undefined;
  /** What of the agent's environment ssh gets; `PATH` is also where it is looked for. */
  readonly environment: ReadonlyMap<string, string>;
  /** `ssh://user@host:port` as far as it was said, and where it came from. */
  readonly display: Sourced<string>;
}
