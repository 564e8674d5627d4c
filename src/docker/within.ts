/**
 * Runs `work` with a signal that aborts with `late()` after `ms`, and with the outer signal's reason when that aborts;
 * what `work` leaves running when it ends is aborted too.
 */
export async function within<T>(
  ms: number,
  late: () => Error,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const inner = new AbortController();
  const timer = setTimeout(() => inner.abort(late()), ms);
  const forward = (): void => inner.abort(outer.reason);
  outer.addEventListener('abort', forward, { once: true });
  try {
    return await work(inner.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', forward);
    inner.abort();
  }
}
