import type { Variables } from './aws-variables';
import type { DefaultsInTurn } from './defaults';
import type { MakeRole } from './role';
import type { Task } from './task';

/** What decides how AWS is reached. */
export interface AwsSources {
  readonly task: Pick<Task, 'repository' | 'region' | 'registryId' | 'assumeRole' | 'awsProfile'>;
  readonly job: Variables;
  readonly agent: Variables;
  readonly makeRole: MakeRole;
  /** `default.Region` and others of the agent's settings. */
  readonly defaults: DefaultsInTurn;
}
