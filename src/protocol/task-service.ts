import type { ExecuteRequest } from './requests';

/** What GoCD is told at a task's end. The message of a failure is the last line of the job's console. */
export interface Reply {
  readonly success: boolean;
  readonly message: string;
}

/** An execute request with what came beside its body. */
export interface TaskCall {
  readonly request: ExecuteRequest;
  /** `gocd.ecr.*` of the agent's JVM, without that prefix. */
  readonly serverProperties: ReadonlyMap<string, string>;
  /** Variables that GoCD marks secure, where the bridge can know. */
  readonly secureNames: ReadonlySet<string>;
}

/** What the host and the command line put in front of GoCD's four messages. */
export interface TaskService {
  configuration(): string;
  view(): string;
  /** Pure: no environment, file, name look-up or network (security.md 9). */
  validate(body: string): string;
  /** Never rejects for anything a user can cause; the signal's reason is a CancelReason. */
  execute(call: TaskCall, print: (line: string) => void, signal: AbortSignal): Promise<Reply>;
}
