import type { DockerContextFound } from '../config/docker-context';
import type { Clock, OpenDocker, OpenEcr, ResultFiles, Sources } from '../pipeline/ports';
import type { LineSink } from './late-log';

/** A raw log that is open. */
export interface OpenLog extends LineSink {
  close(): Promise<void>;
  /** Why lines are missing; undefined: none are. */
  trouble(): string | undefined;
}

/** What a task needs from outside, handed in by main.ts. */
export interface TaskTools {
  readonly version: string;
  /** As Ports has it. */
  readonly runtime: string;
  /** The reply to `view`. */
  readonly view: string;
  /** Where relative job folders begin. */
  readonly cwd: string;
  readonly agentEnvironment: ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly openEcr: OpenEcr;
  readonly openDocker: OpenDocker;
  openSources(): Promise<Sources>;
  resultFiles(redact: (text: string) => string): Promise<ResultFiles>;
  openRawLog(jobFolder: string, resultFile: string): Promise<OpenLog>;
  readSettings(path: string, jobFolder: string): Promise<string>;
  /** The context of the agent's own docker configuration; a problem is told where a task would build there. */
  readDockerContext(): Promise<DockerContextFound>;
  /** The file that field RepositorySettings names, relative to the job's folder. */
  readRepositorySettings(path: string, jobFolder: string): Promise<string>;
  /** Calls about once a second until it is told to stop. */
  everySecond(work: () => void): () => void;
  /** A defect of ours, for the process's log. */
  fault(error: unknown): void;
  /** The job's mask, for whatever else this process writes. */
  masking(redact: (text: string) => string): void;
}
