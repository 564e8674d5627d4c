import type { Sourced } from '../domain/origin';
import type { PemPlan } from '../domain/plan';
import type { DockerContextFound } from './docker-context';
import type { DockerHost } from './docker-host';
import type { Quote } from './quote';
import type { Settings } from './settings';
import type { Task } from './task';

/** What decides where the daemon is. */
export interface DaemonSources {
  readonly task: Pick<Task, 'dockerHost' | 'tlsVerify' | 'certPath' | 'tlsPem'>;
  /** What TlsCa, TlsCert and TlsKey name. */
  readonly pem: PemPlan | undefined;
  readonly job: ReadonlyMap<string, string>;
  readonly agent: ReadonlyMap<string, string>;
  readonly settings: Settings;
  readonly defaults: DaemonDefaults;
  /** Of the agent's docker configuration; undefined: there is none. */
  readonly context: DockerContextFound;
  readonly quote: Quote;
}

/** `default.DockerHost` and its TLS, read; of one level together, or not at all. */
export interface DaemonDefaults {
  readonly dockerHost: Sourced<DockerHost> | undefined;
  readonly tlsVerify: Sourced<boolean> | undefined;
  readonly certPath: Sourced<string> | undefined;
}
