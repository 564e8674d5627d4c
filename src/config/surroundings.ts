import type { DockerContextFound } from './docker-context';
import type { Settings } from './settings';

/** Everything a plan is made of. All of it is data: nothing else is looked at. */
export interface Surroundings {
  /** As GoCD hands them over; keys that it does not know never arrive. */
  readonly fields: ReadonlyMap<string, string>;
  readonly jobVariables: ReadonlyMap<string, string>;
  readonly agentEnvironment: ReadonlyMap<string, string>;
  /** The system properties `gocd.ecr.*` of the agent's JVM, without that prefix. */
  readonly serverProperties: ReadonlyMap<string, string>;
  /** The variables that GoCD marks secure, where the bridge can know them. */
  readonly secureNames: ReadonlySet<string>;
  /** The job's working directory, absolute. */
  readonly jobFolder: string;
  /** The agent's settings file, or `emptySettings`. */
  readonly settings: Settings;
  /** Of the agent's docker configuration; undefined: it names none, or none is needed (`mayNeedContext`). */
  readonly dockerContext?: DockerContextFound;
  /** The file that field RepositorySettings names (`settingsFileIn`), or why it could not be read; undefined: it names none. */
  readonly repositorySettingsFile?: { readonly text: string } | { readonly problem: string };
}
