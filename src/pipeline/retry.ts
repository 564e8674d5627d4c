import { isTransient, StepError } from '../domain/errors';
import type { Clock } from './ports';

export interface Backoff {
  /** Runs in all, the first included. */
  readonly attempts: number;
  /** Milliseconds before the second attempt, at most: the real wait is anywhere below it. */
  readonly firstDelayMs: number;
  readonly factor: number;
}

/** At most 0.5, 1.5 and 4.5 s: a blip of the registry or the network, not an outage. */
export const REGISTRY_BLIP: Backoff = { attempts: 4, firstDelayMs: 500, factor: 3 };

/**
 * At most 0.5, 1, 2 and 4 s. AWS throttles by requests per second and account (its quota for PutImage is 10): a few short
 * waits spread a crowd of agents out, and what lasts longer is an outage.
 */
export const AWS_BLIP: Backoff = { attempts: 5, firstDelayMs: 500, factor: 2 };

export interface Retry {
  readonly attempt: number;
  readonly attempts: number;
  readonly delayMs: number;
  readonly error: unknown;
}

/** Runs again what failed with a transient error. Full jitter: a hundred agents throttled together come back spread out. */
export async function retry<T>(
  run: (attempt: number) => Promise<T>,
  backoff: Backoff,
  clock: Clock,
  signal: AbortSignal,
  onRetry: (retry: Retry) => void,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(attempt);
    } catch (error) {
      if (signal.aborted || attempt >= backoff.attempts || !isTransient(error)) throw error;
      const delayMs = Math.round(clock.random() * backoff.firstDelayMs * backoff.factor ** (attempt - 1));
      onRetry({ attempt: attempt + 1, attempts: backoff.attempts, delayMs, error });
      await clock.sleep(delayMs, signal);
    }
  }
}

/** Why another attempt is made, in the other side's words where there are any. */
export function reasonOf(error: unknown): string {
  return error instanceof StepError ? (error.words ?? error.message) : String(error);
}
