import type { Quote } from './quote';
import type { Settings } from './settings';
import type { Task } from './task';

/** What decides where the daemon is. */
export interface DaemonSources {
  readonly task: Pick<Task, 'dockerHost' | 'tlsVerify' | 'certPath'>;
  readonly job: ReadonlyMap<string, string>;
  readonly agent: ReadonlyMap<string, string>;
  readonly settings: Settings;
  readonly quote: Quote;
}
