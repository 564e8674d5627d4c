import { setMaxListeners } from 'node:events';

/**
 * Lets go of the work when the signal aborts, and throws the signal's reason. The SDK's own abort does not reach its
 * credential providers, and a cancel has ten seconds.
 */
export async function untilAborted<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  setMaxListeners(0, signal); // each call of a run listens, and some run side by side
  signal.throwIfAborted();
  let release: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason of a cancel is its name
    release = () => reject(signal.reason);
    signal.addEventListener('abort', release, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', release);
  }
}
