import { StepError } from '../domain/errors';
import type { PluginEvent } from '../domain/events';
import type { CancelReason, Phase } from '../domain/phase';
import type { Outcome } from '../domain/outcome';
import type { Plan } from '../domain/plan';
import { cleanUpRun } from './clean-up-run';
import { startDeadline } from './deadline';
import { Ledger } from './ledger';
import { phasesOf, runPhases } from './phases';
import type { Ports, Report } from './ports';
import type { RunTools } from './run-tools';
import { recordsOf } from './targets';

/**
 * One task, from its plan to its outcome; never throws. The order of the phases, the one `finally` and the meaning of a
 * cancellation are here, and nowhere else. The signal's reason is a CancelReason.
 */
export async function run(plan: Plan, ports: Ports, report: Report, outer: AbortSignal): Promise<Outcome> {
  const ledger = new Ledger(recordsOf(plan));
  const deadline = startDeadline(outer, plan.timeoutMs, ports.clock);
  const { signal } = deadline;
  const tools: RunTools = {
    plan,
    ports,
    ledger,
    signal,
    report: trackPhase(ledger, report),
    docker: undefined,
    imageId: undefined,
    keptRef: undefined,
    cleaning: undefined,
    brokenOff: false,
  };
  const announce = (): void => report({ type: 'cancelling', reason: signal.reason as CancelReason });
  signal.addEventListener('abort', announce, { once: true });
  try {
    report(startedEvent(plan, ports.version));
    for (const text of plan.notes) report({ type: 'note', text });
    const outcome = await runPhases(tools);
    await cleanUpRun(tools, 'phase');
    return outcome;
  } catch (error) {
    const outcome = outcomeOf(error, plan, ledger, signal);
    signal.removeEventListener('abort', announce);
    tools.brokenOff = signal.aborted && ledger.exporting;
    deadline.stop(); // and with it what had begun ahead of its turn
    await cleanUpRun(tools, 'quiet');
    return outcome;
  } finally {
    signal.removeEventListener('abort', announce);
    deadline.stop();
    tools.docker?.close();
  }
}

function startedEvent(plan: Plan, version: string): PluginEvent {
  const { host, path } = plan.repository;
  const repository = host === undefined ? path : `${host}/${path}`;
  const endpoint = plan.daemon.display.value;
  return {
    type: 'started',
    version,
    mode: plan.mode,
    repository,
    endpoint,
    phases: phasesOf(plan),
    fieldsSet: plan.fieldsSet,
  };
}

/** What is under way is what a cancelled run tells, "where we were", and what it has to clean up. */
function trackPhase(ledger: Ledger, report: Report): Report {
  return (event) => {
    if (event.type === 'phase-started') ledger.phase = event.phase;
    if (event.type === 'task-started' && event.name.startsWith('exporting')) ledger.exporting = true;
    if (event.type === 'image-built') ledger.exporting = false;
    report(event);
  };
}

function outcomeOf(error: unknown, plan: Plan, ledger: Ledger, signal: AbortSignal): Outcome {
  const phase: Phase | undefined = ledger.phase;
  const state = ledger.state();
  if (signal.aborted && signal.reason === 'timeout') {
    return { kind: 'timed-out', phase, limitMs: plan.timeoutMs ?? 0, state };
  }
  if (signal.aborted) return { kind: 'cancelled', phase, state };
  return { kind: 'failed', phase, error: asStepError(error), state };
}

/** What is no StepError is a defect of ours, and says so. */
export function asStepError(error: unknown): StepError {
  if (error instanceof StepError) return error;
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new StepError('PLUGIN_FAULT', 'none', 'plugin', 'gocd-ecr-task itself failed', {
    words,
    cause: error,
    hint: 'Please report this with ecr-image.log, in which secrets are masked',
  });
}
