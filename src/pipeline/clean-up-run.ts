import { cacheRefOf, phase, type RunTools } from './phases';
import { cleanup } from './steps/cleanup';

/** GoCD waits for us after a cancel: whatever the daemon does, clean-up ends within this. */
const CLEANUP_LIMIT_MS = 5_000;

/** Runs after every outcome, with a signal of its own: the run's may be aborted already. */
export async function cleanUpRun(tools: RunTools, how: 'phase' | 'quiet'): Promise<void> {
  const { docker, ports, plan, ledger, report, built } = tools;
  if (docker === undefined || plan.mode === 'check') return;
  const limit = new AbortController();
  const finished = new AbortController();
  void ports.clock.sleep(CLEANUP_LIMIT_MS, finished.signal).then(
    () => limit.abort(),
    () => undefined,
  );
  if (plan.cleanup === 'keep')
    for (const ref of [...ledger.ownRefs]) if (!ref.startsWith('gocd-ecr-task/run:')) ledger.keep(ref);
  const kept = built === undefined ? [] : [cacheRefOf(plan)];
  const work = (): Promise<void> => cleanup(ledger, built?.imageId, kept, docker, report, limit.signal);
  try {
    // The run's own signal may be aborted, which `phase` would refuse to start under.
    await (how === 'phase' ? phase('cleanup', { ...tools, signal: limit.signal }, work) : work());
  } finally {
    finished.abort();
  }
}
