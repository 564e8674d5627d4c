import { StepError } from '../../../src/domain/errors';
import type { Clock } from '../../../src/pipeline/ports';
import { REGISTRY_BLIP, reasonOf, retry } from '../../../src/pipeline/retry';
import type { Backoff, Retry } from '../../../src/pipeline/retry';

const backoff: Backoff = { attempts: 4, firstDelayMs: 500, factor: 3 };
const calm = new AbortController().signal;
const throttled = new StepError('AWS_THROTTLED', 'agent-aws', 'environment', 'throttled', { transient: true });
const denied = new StepError('AWS_DENIED', 'agent-aws', 'environment', 'denied');

/** Sleeps in no time, and remembers for how long it was asked to. */
function clockOf(random: number): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => 0,
    random: () => random,
    sleep: async (ms, signal) => {
      slept.push(ms);
      signal.throwIfAborted();
    },
  };
}

/** Fails with each of the errors in turn, then succeeds. */
function failing(...errors: readonly unknown[]): { run: (attempt: number) => Promise<string>; attempts: number[] } {
  const attempts: number[] = [];
  const run = async (attempt: number): Promise<string> => {
    attempts.push(attempt);
    if (attempt <= errors.length) throw errors[attempt - 1];
    return 'done';
  };
  return { run, attempts };
}

describe('retry', () => {
  it('asks once where all is well', async () => {
    const clock = clockOf(1);
    const { run, attempts } = failing();
    expect(await retry(run, backoff, clock, calm, () => fail())).toBe('done');
    expect([attempts, clock.slept]).toEqual([[1], []]);
  });

  it('tries a transient fault again, tells each attempt before it waits, and waits ever longer', async () => {
    const clock = clockOf(0.999);
    const told: Retry[] = [];
    const { run, attempts } = failing(throttled, throttled, throttled);
    expect(await retry(run, backoff, clock, calm, (one) => void told.push(one))).toBe('done');
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(clock.slept).toEqual([500, 1499, 4496]);
    expect(told).toEqual([
      { attempt: 2, attempts: 4, delayMs: 500, error: throttled },
      { attempt: 3, attempts: 4, delayMs: 1499, error: throttled },
      { attempt: 4, attempts: 4, delayMs: 4496, error: throttled },
    ]);
  });

  it('spreads the waits over the whole of them', async () => {
    for (const [random, expected] of [
      [0, [0, 0]],
      [0.5, [250, 750]],
    ] as const) {
      const clock = clockOf(random);
      await retry(failing(throttled, throttled).run, backoff, clock, calm, () => undefined);
      expect(clock.slept).toEqual(expected);
    }
  });

  it('gives up after the last attempt with the last error, without waiting or telling once more', async () => {
    const clock = clockOf(0);
    const last = new StepError('AWS_ERROR', 'agent-aws', 'environment', 'the last', { transient: true });
    const told: number[] = [];
    const { run } = failing(throttled, throttled, throttled, last);
    await expect(retry(run, backoff, clock, calm, ({ attempt }) => void told.push(attempt))).rejects.toBe(last);
    expect([told, clock.slept]).toEqual([
      [2, 3, 4],
      [0, 0, 0],
    ]);
  });

  it.each([
    ['a lasting fault', denied],
    ['what is no StepError', new TypeError('x')],
    ['a thrown string', 'signal'],
  ])('does not try again after %s', async (_what, error) => {
    const clock = clockOf(0);
    const { run, attempts } = failing(error);
    await expect(retry(run, backoff, clock, calm, () => fail())).rejects.toBe(error);
    expect([attempts, clock.slept]).toEqual([[1], []]);
  });

  it('does not try again once it is cancelled', async () => {
    const cancel = new AbortController();
    const clock = clockOf(0);
    const run = async (): Promise<never> => {
      cancel.abort('signal');
      throw throttled;
    };
    await expect(retry(run, backoff, clock, cancel.signal, () => fail())).rejects.toBe(throttled);
    expect(clock.slept).toEqual([]);
  });

  it('ends with the reason of a cancel that comes while it waits', async () => {
    const cancel = new AbortController();
    const { run, attempts } = failing(throttled, throttled);
    const result = retry(run, backoff, clockOf(0), cancel.signal, () => cancel.abort('timeout'));
    await expect(result).rejects.toBe('timeout');
    expect(attempts).toEqual([1]);
  });

  it('is patient with a registry for six and a half seconds at most', () => {
    const { attempts, firstDelayMs, factor } = REGISTRY_BLIP;
    const waits = Array.from({ length: attempts - 1 }, (_, index) => firstDelayMs * factor ** index);
    expect(waits).toEqual([500, 1500, 4500]);
  });
});

describe('reasonOf', () => {
  it("prefers the other side's words to ours", () => {
    const options = { words: 'toomanyrequests: Rate exceeded' };
    const error = new StepError('PUSH_THROTTLED', 'daemon-registry', 'environment', 'ours', options);
    expect([reasonOf(error), reasonOf(denied), reasonOf('signal')]).toEqual([
      'toomanyrequests: Rate exceeded',
      'denied',
      'signal',
    ]);
  });
});

function fail(): never {
  throw new TypeError('it was told of another attempt');
}
