import type { StepError } from '../domain/errors';
import type { Outcome } from '../domain/outcome';
import type { Plan } from '../domain/plan';
import type { Mask, Report, ResultFiles } from '../pipeline/ports';
import { asStepError } from '../pipeline/run';
import type { TaskCall } from '../protocol/task-service';
import type { LateLog } from './late-log';
import type { PhaseTimes } from './phase-times';
import type { OpenLog, TaskTools } from './task-tools';

/** What belongs to one execute. */
export interface Job {
  readonly call: TaskCall;
  /** Absolute. */
  readonly folder: string;
  readonly lines: LateLog;
  readonly mask: Mask;
  readonly files: ResultFiles;
  readonly times: PhaseTimes;
  readonly report: Report;
}

/** Result files, then the closing block. Answers how the task ended after all. */
export async function finish(
  tools: TaskTools,
  job: Job,
  plan: Plan | undefined,
  outcome: Outcome,
  log: OpenLog | undefined,
): Promise<Outcome> {
  const trouble = log?.trouble();
  if (trouble !== undefined) job.report({ type: 'note', text: trouble });
  let ended = outcome;
  let files: readonly string[] = [];
  try {
    if (plan !== undefined) files = await job.files.finish(plan, outcome, job.times.until(tools.clock.now()));
  } catch (error) {
    const failure = asStepError(error);
    if ('state' in outcome) job.report({ type: 'note', text: failure.message });
    else ended = unwritten(outcome, failure);
  }
  job.report({ type: 'ended', outcome: ended, files });
  return ended;
}

/** The image is there, but what says so is not: whoever comes after this task would not find it. */
function unwritten(outcome: Exclude<Outcome, { state: unknown }>, error: StepError): Outcome {
  const { state } = failedBefore(error);
  return {
    kind: 'failed',
    phase: undefined,
    error,
    state: { ...state, ...(outcome.kind === 'pushed' && { pushed: outcome.pushed }) },
  };
}

/** It failed before a run began. */
export function failedBefore(error: StepError): Extract<Outcome, { kind: 'failed' }> {
  const state = {
    awsProven: undefined,
    daemonProven: undefined,
    registry: undefined,
    registryProven: false,
    pushed: [],
    missing: [],
    targets: [],
  };
  return { kind: 'failed', phase: undefined, error, state };
}

/** A defect of ours is told with its stack, masked, where a report can be made from. */
export function tellFault(tools: TaskTools, job: Job, outcome: Outcome): void {
  if (outcome.kind !== 'failed' || outcome.error.code !== 'PLUGIN_FAULT') return;
  const { cause } = outcome.error;
  if (cause instanceof Error && cause.stack !== undefined) job.report({ type: 'raw', text: cause.stack });
  tools.fault(cause);
}
