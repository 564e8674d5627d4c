import type { CancelReason } from '../domain/phase';
import type { Clock } from './ports';

export interface Deadline {
  /** Aborts with a CancelReason: the caller's, or `timeout`. */
  readonly signal: AbortSignal;
  /** Ends what still runs under the signal: nobody waits for it any more. */
  stop(): void;
}

/** Joins the caller's cancellation with the task's own time limit. */
export function startDeadline(outer: AbortSignal, timeoutMs: number | undefined, clock: Clock): Deadline {
  const inner = new AbortController();
  const stopped = new AbortController();
  const forward = (): void => inner.abort(outer.reason);
  if (outer.aborted) forward();
  else outer.addEventListener('abort', forward, { once: true });
  if (timeoutMs !== undefined) {
    const reason: CancelReason = 'timeout';
    void clock.sleep(timeoutMs, stopped.signal).then(
      () => inner.abort(reason),
      () => undefined, // stopped: the run was faster
    );
  }
  return {
    signal: inner.signal,
    stop: () => {
      outer.removeEventListener('abort', forward);
      stopped.abort();
      inner.abort();
    },
  };
}
