import { StepError } from '../domain/errors';
import type { Plan, TargetPlan } from '../domain/plan';
import type { RunTools } from './run-tools';
import { TargetRecord } from './target-record';

/** Mode=build has one target at most: the image gets the names that the main one gives it. */
export function recordsOf(plan: Plan): [TargetRecord, ...TargetRecord[]] {
  const { mode, repository, aws, alsoPushTo, tags, floatingTags } = plan;
  const recordOf = (target: TargetPlan): TargetRecord => new TargetRecord(target, [...tags, ...floatingTags]);
  return [recordOf({ repository, aws }), ...(mode === 'build' ? [] : alsoPushTo.map(recordOf))];
}

/** Does a part of one target's work. Where it fails the others go on; the only one that is left fails the run. */
export async function attempt(tools: RunTools, record: TargetRecord, work: () => Promise<void>): Promise<void> {
  const { ledger, signal, report } = tools;
  try {
    await work();
  } catch (error) {
    if (signal.aborted || !(error instanceof StepError) || error.code === 'PLUGIN_FAULT') throw error;
    record.failure = { error, phase: ledger.phase };
    if (ledger.targets.length === 1) throw error;
    report({ type: 'target-failed', name: record.name, error });
  }
}

/** The end of a run in which a target has failed: the others are done by now. */
export function throwFailed({ ledger }: RunTools): void {
  const failed = ledger.targets.flatMap(({ name, failure }) => (failure === undefined ? [] : [{ name, ...failure }]));
  const [first] = failed;
  if (first === undefined) return;
  ledger.phase = first.phase;
  const { hop, blame } = first.error;
  const reasons = failed.map(({ name, error }) => `${name}: ${error.message}`).join('; ');
  const message = `${failed.length} of ${ledger.targets.length} targets failed: ${reasons}`;
  throw new StepError('TARGETS_FAILED', hop, blame, message, {
    hint: 'Correct what each of them needs, and run this one again: a rerun does only what is missing',
    cause: first.error,
  });
}

/** Nobody is left to go on for. */
export function throwIfNoneIsLeft(tools: RunTools): void {
  if (tools.ledger.targets.every(({ failure }) => failure !== undefined)) throwFailed(tools);
}
