import { isExpired } from './errors';
import type { Remembered } from './remembered';

/**
 * Does the work, and once more where AWS calls the credentials expired and there are other ones now: a session that has
 * ended between two calls, or that was ended before its time.
 */
export async function renewing<T>(credentials: Remembered, work: () => Promise<T>): Promise<T> {
  const used = await credentials.provide();
  try {
    return await work();
  } catch (error) {
    if (!isExpired(error) || !(await credentials.renew(used))) throw error;
    return work();
  }
}
