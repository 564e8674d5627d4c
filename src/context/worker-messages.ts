import { StepError, type Blame, type ErrorCode, type Hop } from '../domain/errors';
import type { ProducedFacts } from './producer';

/** What is to be produced, as data that can be cloned; which producer makes it is for the worker's entry to know. */
export interface WorkerJob {
  readonly kind: string;
}

/** `run` tells the jobs apart that one worker has at a time. */
export type ToWorker = { readonly run: number } & (
  | { readonly type: 'job'; readonly job: WorkerJob }
  | { readonly type: 'input'; readonly bytes: Uint8Array }
  | { readonly type: 'input-ended' }
  /** So many pieces more may be sent. */
  | { readonly type: 'credit'; readonly pieces: number }
  | { readonly type: 'stop' }
);

export type FromWorker = { readonly run: number } & (
  | { readonly type: 'piece'; readonly piece: Uint8Array }
  | { readonly type: 'ended'; readonly facts: ProducedFacts }
  /** The answer to `stop`: the thread is in no call of the system. */
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly facts: ProducedFacts | undefined; readonly error: CrossingError }
);

/** An error as data: structured cloning keeps nothing of a StepError but its message. */
export interface CrossingError {
  readonly code: ErrorCode;
  readonly hop: Hop;
  readonly blame: Blame;
  readonly message: string;
  readonly hint: string | undefined;
  readonly words: string | undefined;
  readonly transient: boolean;
  /** Where it was thrown, for our own log. */
  readonly stack: string | undefined;
}

/** How many pieces may be under way: enough that neither side waits for the other's turn. */
export const CREDITS = 4;

export function asCrossing(error: unknown): CrossingError {
  const told = error instanceof StepError ? error : workerFault(error);
  const { code, hop, blame, message, hint, words, transient } = told;
  return { code, hop, blame, message, hint, words, transient, stack: told.stack };
}

export function fromCrossing(crossing: CrossingError): StepError {
  const { code, hop, blame, message, hint, words, transient, stack } = crossing;
  const error = new StepError(code, hop, blame, message, {
    ...(hint !== undefined && { hint }),
    ...(words !== undefined && { words }),
    transient,
  });
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** Something that no producer means to throw. */
export function workerFault(cause: unknown): StepError {
  const words = cause instanceof Error ? cause.message : String(cause);
  return new StepError('PLUGIN_FAULT', 'none', 'plugin', 'The thread that reads the build context failed', {
    hint: 'This is a fault of the plugin, not of the task: please report it with the log',
    words,
    cause,
  });
}
