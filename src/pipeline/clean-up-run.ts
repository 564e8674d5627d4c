import { HeldReport } from './ahead';
import { isRunRef } from './own-refs';
import { phase, type RunTools } from './run-tools';
import { cleanup } from './steps/cleanup';

/** GoCD waits for us after a cancel: whatever the daemon does, clean-up ends within this. */
const CLEANUP_LIMIT_MS = 5_000;

/** As soon as every push has ended nothing needs this run's refs any more; the log tells it in its own phase. */
export function cleanUpAhead(tools: RunTools): void {
  if (tools.docker === undefined || tools.plan.mode === 'check') return;
  const held = new HeldReport(tools.report);
  tools.cleaning ??= { done: cleanUp({ ...tools, report: held.report }, tools.docker), held };
}

/** Runs after every outcome. */
export async function cleanUpRun(tools: RunTools, how: 'phase' | 'quiet'): Promise<void> {
  cleanUpAhead(tools);
  const { cleaning } = tools;
  if (cleaning === undefined) return;
  const work = (): Promise<void> => {
    cleaning.held.tell();
    return cleaning.done;
  };
  // The run's own signal may be aborted, which `phase` would refuse to start under.
  await (how === 'phase' ? phase('cleanup', { ...tools, signal: new AbortController().signal }, work) : work());
}

/** With a signal of its own: the run's may be aborted already. Never throws. */
async function cleanUp(tools: RunTools, docker: NonNullable<RunTools['docker']>): Promise<void> {
  const { ports, plan, ledger, report, imageId } = tools;
  const limit = new AbortController();
  const finished = new AbortController();
  void ports.clock.sleep(CLEANUP_LIMIT_MS, finished.signal).then(
    () => limit.abort(),
    () => undefined,
  );
  if (plan.cleanup === 'keep') for (const ref of [...ledger.ownRefs]) if (!isRunRef(ref)) ledger.keep(ref);
  const kept = tools.keptRef === undefined ? [] : [tools.keptRef];
  const late = { refs: tools.brokenOff ? [...ledger.ownRefs].filter(isRunRef) : [], clock: ports.clock };
  try {
    await cleanup(ledger, { imageId, kept, late }, docker, report, limit.signal);
  } finally {
    finished.abort();
  }
}
