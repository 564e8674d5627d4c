import { parseEcrHost } from '../../../src/domain/ecr-registry';
import type { PluginEvent } from '../../../src/domain/events';
import { parseTag } from '../../../src/domain/image-ref';
import type { Ecr } from '../../../src/pipeline/ports';
import { AWS_BLIP } from '../../../src/pipeline/retry';
import { steadyEcr } from '../../../src/pipeline/steady-ecr';
import { digest, failure, FakeClock, HOST, image } from './fake-ports';

const calm = new AbortController().signal;
const throttled = failure('AWS_THROTTLED', { transient: true, words: 'Rate exceeded' });

/** Every method fails that often with that error, and then answers its own name. */
function failing(times: number, error: unknown): { ecr: Ecr; calls: () => number } {
  let calls = 0;
  const answer = (name: string) => async (): Promise<never> => {
    if (++calls <= times) throw error;
    return name as never;
  };
  const names = ['identity', 'authorize', 'authorizeFor', 'describeRepository', 'createRepository'];
  const more = ['compareRepository', 'findImages', 'readConfig', 'pushedAt', 'putTag'];
  const ecr = Object.fromEntries([...names, ...more].map((name) => [name, answer(name)])) as unknown as Ecr;
  return { ecr: { ...ecr, region: 'eu-west-1' }, calls: () => calls };
}

const tag = parseTag('1')!;
const METHODS: readonly [string, string, (ecr: Ecr) => Promise<unknown>][] = [
  ['identity', 'sign-in to AWS', (ecr) => ecr.identity(calm)],
  ['authorize', 'authorization token', (ecr) => ecr.authorize(calm)],
  ['authorizeFor', `authorization token for ${HOST}`, (ecr) => ecr.authorizeFor(parseEcrHost(HOST)!, undefined, calm)],
  ['describeRepository', 'look-up of repository shop/cart', (ecr) => ecr.describeRepository('shop/cart', calm)],
  ['createRepository', 'creation of repository shop/cart', (ecr) => ecr.createRepository('shop/cart', undefined, calm)],
  [
    'compareRepository',
    'comparison of repository shop/cart',
    (ecr) => ecr.compareRepository('shop/cart', {} as never, calm),
  ],
  ['findImages', 'look-up of tags in shop/cart', (ecr) => ecr.findImages('shop/cart', [tag], calm)],
  ['readConfig', 'look-up of labels in shop/cart', (ecr) => ecr.readConfig('shop/cart', image('d'), calm)],
  ['pushedAt', "look-up of an image's age in shop/cart", (ecr) => ecr.pushedAt('shop/cart', digest('d'), calm)],
  ['putTag', 'tag 1 in shop/cart', (ecr) => ecr.putTag('shop/cart', image('d'), tag, calm)],
];

test.each(METHODS)('%s is tried again after a transient fault, and told as "%s"', async (name, what, ask) => {
  const { ecr, calls } = failing(2, throttled);
  const told: PluginEvent[] = [];
  expect(await ask(steadyEcr(ecr, new FakeClock(), (event) => void told.push(event)))).toBe(name);
  expect(calls()).toBe(3);
  expect(told).toEqual([
    { type: 'retrying', what, attempt: 2, attempts: 5, delayMs: 250, reason: 'Rate exceeded' },
    { type: 'retrying', what, attempt: 3, attempts: 5, delayMs: 500, reason: 'Rate exceeded' },
  ]);
});

test.each(METHODS)('%s is not tried again after a fault that lasts', async (_name, _what, ask) => {
  const denied = failure('AWS_DENIED');
  const { ecr, calls } = failing(1, denied);
  await expect(ask(steadyEcr(ecr, new FakeClock(), () => undefined))).rejects.toBe(denied);
  expect(calls()).toBe(1);
});

test('AWS is asked five times, seven and a half seconds apart at most', async () => {
  const { ecr, calls } = failing(9, throttled);
  const clock = new FakeClock();
  clock.random = () => 1;
  const before = clock.now();
  await expect(steadyEcr(ecr, clock, () => undefined).identity(calm)).rejects.toBe(throttled);
  expect([calls(), clock.now() - before, AWS_BLIP.attempts]).toEqual([5, 7_500, 5]);
});

test('the region is the same', () => {
  expect(steadyEcr(failing(0, undefined).ecr, new FakeClock(), () => undefined).region).toBe('eu-west-1');
});
