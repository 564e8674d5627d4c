import { within } from '../../../src/docker/within';

const never = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
const late = (): Error => new RangeError('late');

test('what takes too long ends with the error for it', async () => {
  await expect(within(5, late, new AbortController().signal, never)).rejects.toThrow('late');
});

test('an abort from outside keeps its reason', async () => {
  const outer = new AbortController();
  const ended = within(60_000, late, outer.signal, never);
  outer.abort('signal');
  await expect(ended).rejects.toBe('signal');
});

test('nothing begins under a signal that is aborted already', async () => {
  const work = jest.fn();
  await expect(within(60_000, late, AbortSignal.abort('timeout'), work)).rejects.toBe('timeout');
  expect(work).not.toHaveBeenCalled();
});

test('what is left running when the work ends is aborted', async () => {
  let left: AbortSignal | undefined;
  const done = await within(60_000, late, new AbortController().signal, (signal) => {
    left = signal;
    return Promise.resolve('done');
  });
  expect(done).toBe('done');
  expect(left?.aborted).toBe(true);
});
