import { StepError } from '../../../src/domain/errors';
import { refName } from '../../../src/domain/image-ref';
import type { Plan } from '../../../src/domain/plan';
import { run } from '../../../src/pipeline/run';
import { digest, failure, HOST, id, image, plan, world, type World } from './fake-ports';
import { notes, told } from './going';

const go = (w: World, change: Partial<Plan> = {}, signal = new AbortController().signal) =>
  run(plan(change), w.ports, (event) => void w.events.push(event), signal);
const types = (w: World): string[] =>
  w.events.map((event) => ('phase' in event ? `${event.type} ${event.phase}` : event.type));

test('a push: the order of the calls is the order of the house', async () => {
  const w = world();
  const outcome = await go(w);
  expect(outcome.kind).toBe('pushed');
  expect(w.docker.calls).toEqual([
    'describe',
    `login ${HOST}`,
    'build',
    'tag 1',
    'push 1',
    'look 1',
    'remove run',
    'remove 1',
  ]);
  expect(w.ecr.calls.slice(3)).toEqual(['authorize', 'find @d', 'put 2', 'find 2']);
  expect([...w.docker.tags.keys()]).toEqual(['gocd-ecr-task/cache:00aa']);
  expect(w.docker.closed).toBe(true);
  expect(types(w).filter((type) => type.startsWith('phase-started'))).toEqual(
    ['preflight', 'login', 'build', 'push', 'verify', 'cleanup'].map((name) => `phase-started ${name}`),
  );
});

test.each([
  ['classic', 'classic', true],
  ['classic', 'containerd', true],
  ['buildkit', 'classic', false],
  ['buildkit', 'containerd', true],
] as const)('the image of a %s build on the %s store stays by one name: %s, and that is told', async (...row) => {
  const [builder, store, stays] = row;
  const w = world();
  w.docker.builder = builder;
  w.docker.info = { ...w.docker.info, store };
  await go(w);
  expect(told(w, 'refs-removed').map(({ kept }) => kept)).toEqual([stays ? ['gocd-ecr-task/cache:00aa'] : []]);
  expect(w.docker.tags.get('gocd-ecr-task/cache:00aa')).toBe(stays ? id('a') : undefined);
});

test('a cache ref that cannot be moved costs a note', async () => {
  const w = world();
  w.docker.faults.set('tag 00aa', [failure('DAEMON_ERROR')]);
  expect((await go(w)).kind).toBe('pushed');
  expect(notes(w)).toEqual(['the cache ref gocd-ecr-task/cache:00aa stays where it was: it is DAEMON_ERROR']);
  expect(told(w, 'refs-removed').map(({ kept }) => kept)).toEqual([[]]);
});

test('a build that fails leaves the cache of the one before', async () => {
  const w = world();
  w.docker.faults.set('build', [failure('BUILD_RUN_FAILED')]);
  expect((await go(w)).kind).toBe('failed');
  expect(w.docker.cached).toEqual([]);
});

test('the outcome names every pushed tag with its digest and what it was before', async () => {
  const w = world();
  w.ecr.has('2', image('9'));
  const outcome = await go(w, { existingTag: 'overwrite' });
  if (outcome.kind !== 'pushed') throw new Error(outcome.kind);
  expect(outcome.pushed.map((tag) => [refName(tag.ref), tag.digest, tag.previous])).toEqual([
    [`${HOST}/shop/cart:1`, digest('d'), undefined],
    [`${HOST}/shop/cart:2`, digest('d'), digest('9')],
  ]);
});

test('denied look-ups are notes: the push goes on', async () => {
  const w = world();
  w.ecr.denied = new Set(['describe', 'find']);
  expect((await go(w)).kind).toBe('pushed');
  expect(w.events).toContainEqual({
    type: 'repository-described',
    name: 'shop/cart',
    exists: undefined,
    mutability: undefined,
  });
  expect(w.events).toContainEqual({ type: 'tag-described', tag: '1', floating: false, state: 'unknown' });
});

test('a missing repository ends it before anything is built', async () => {
  const w = world();
  w.ecr.missing = true;
  expect(await go(w)).toMatchObject({ kind: 'failed', phase: 'preflight', error: { code: 'ECR_REPOSITORY_MISSING' } });
  expect(w.docker.calls).toEqual(['describe']);
});

test('a daemon that does not answer and AWS that does: both are told', async () => {
  const w = world();
  w.docker.faults.set('describe', [failure('DAEMON_REFUSED')]);
  expect(await go(w)).toMatchObject({
    kind: 'failed',
    error: { code: 'DAEMON_REFUSED' },
    state: { awsProven: 'role gocd-push', daemonProven: undefined, missing: ['1', '2'], targets: [] },
  });
});

test('an expired token at the push is refreshed once', async () => {
  const w = world();
  w.docker.faults.set('push 1', [failure('PUSH_TOKEN_EXPIRED')]);
  expect((await go(w)).kind).toBe('pushed');
  expect(w.docker.passwords).toEqual(['token-1', 'token-2']);
});

test('a fresh token that is refused as well is an error', async () => {
  const w = world();
  w.docker.faults.set('push 1', [failure('PUSH_TOKEN_EXPIRED'), failure('PUSH_TOKEN_EXPIRED')]);
  expect(await go(w)).toMatchObject({ kind: 'failed', phase: 'push', error: { code: 'PUSH_TOKEN_EXPIRED' } });
  expect(w.ecr.issued).toBe(2);
  expect(w.events).toContainEqual({ type: 'tag-refused', ref: expect.objectContaining({ tag: '1' }) as unknown });
});

test('a token with less than 15 minutes left is renewed before it is used', async () => {
  const w = world();
  w.docker.faults.set('build', [() => (w.clock.time += 11 * 3_600_000 + 50 * 60_000)]);
  expect((await go(w)).kind).toBe('pushed');
  expect(w.docker.passwords).toEqual(['token-1', 'token-2']);
  expect(w.events.filter((event) => event.type === 'token-issued').map((event) => event.refreshed)).toEqual([
    false,
    true,
  ]);
});

test('a token that has expired on arrival is told, and does not loop', async () => {
  const w = world();
  w.ecr.lifeMs = -1;
  const outcome = await go(w);
  if (outcome.kind !== 'failed') throw new Error(outcome.kind);
  expect(outcome.error.code).toBe('ECR_TOKEN_EXPIRED');
  expect(outcome.error.message).toBe(
    `The authorization token for ${HOST} had expired when it arrived: it ends at 1970-01-01T00:16:39.999Z, and this agent's clock says 1970-01-01T00:16:40.000Z`,
  );
  expect(outcome.error.hint).toBe("Correct the agent's clock (NTP)");
  expect(w.ecr.issued).toBe(1);
});

test('a login that the daemon refuses is tried once with a new token', async () => {
  const w = world();
  w.docker.faults.set(`login ${HOST}`, [failure('REGISTRY_LOGIN_REFUSED')]);
  expect((await go(w)).kind).toBe('pushed');
  w.docker.faults.set(`login ${HOST}`, [failure('REGISTRY_LOGIN_REFUSED'), failure('REGISTRY_LOGIN_REFUSED')]);
  expect(await go(w, { existingTag: 'overwrite' })).toMatchObject({
    kind: 'failed',
    phase: 'login',
    state: { registryProven: false },
  });
});

test('a transient fault is tried again, with the image tagged anew', async () => {
  const w = world();
  w.docker.faults.set('push 1', [
    failure('PUSH_THROTTLED', { transient: true, words: 'toomanyrequests: Rate exceeded' }),
  ]);
  expect((await go(w)).kind).toBe('pushed');
  expect(w.docker.calls.slice(3, 7)).toEqual(['tag 1', 'push 1', 'tag 1', 'push 1']);
  expect(w.events).toContainEqual({
    type: 'retrying',
    what: 'push of 1',
    attempt: 2,
    attempts: 4,
    delayMs: 250,
    reason: 'toomanyrequests: Rate exceeded',
  });
});

test('a fault that lasts is not tried for ever, and what is pushed already is told', async () => {
  const w = world();
  w.ecr.denied.add('put');
  w.docker.faults.set(
    'push 2',
    Array.from({ length: 9 }, () => failure('PUSH_THROTTLED', { transient: true })),
  );
  expect(await go(w)).toMatchObject({
    kind: 'failed',
    error: { code: 'PUSH_THROTTLED' },
    state: { pushed: [{ ref: { tag: '1' } }], missing: ['2'], registryProven: true },
  });
  expect(w.docker.calls.filter((call) => call === 'push 2')).toHaveLength(4);
});

test('another build that takes over the tag between our tag and our push: ours is pushed again', async () => {
  const w = world();
  w.docker.digests.set(id('f'), digest('e'));
  w.docker.faults.set('push 1', [() => w.docker.tags.set(`${HOST}/shop/cart:1`, id('f'))]);
  expect((await go(w)).kind).toBe('pushed');
  expect(w.docker.registry.get(`${HOST}/shop/cart:1`)).toBe(digest('d'));
  expect(w.events).toContainEqual({
    type: 'note',
    text: `another build on this daemon took over ${HOST}/shop/cart:1 while it was pushed (${digest('e')}); pushing ours again`,
  });
});

test('a tag that is stolen every time is an error that says so', async () => {
  const w = world();
  w.docker.digests.set(id('f'), digest('e'));
  const steal = (): unknown => w.docker.tags.set(`${HOST}/shop/cart:1`, id('f'));
  w.docker.faults.set('push 1', [steal, steal, steal]);
  const outcome = await go(w);
  if (outcome.kind !== 'failed') throw new Error(outcome.kind);
  expect(outcome.error.message).toBe(
    `${HOST}/shop/cart:1 was pushed 3 times, and each time another build on this daemon had moved the tag: the registry now has ${digest('e')}, which is not this image`,
  );
});

test('a tag that somebody pushes over before we verify fails the run', async () => {
  const w = world();
  w.docker.faults.set('look 1', [() => w.docker.registry.set(`${HOST}/shop/cart:1`, digest('e'))]);
  const outcome = await go(w);
  if (outcome.kind !== 'failed') throw new Error(outcome.kind);
  expect(outcome.error.message).toBe(
    `${HOST}/shop/cart:1 was pushed as ${digest('d')}, and the registry now has ${digest('e')} under that tag`,
  );
});

test('a registry that may not be read takes nothing from a proven push', async () => {
  const w = world();
  w.docker.faults.set('look 1', [failure('PUSH_DENIED')]);
  expect((await go(w)).kind).toBe('pushed');
  expect(w.events.filter((event) => event.type === 'digest-verified').map((event) => event.by)).toEqual([
    'daemon',
    'aws',
  ]);
});

test('a ref that was on the daemon before is left there, and one that another job moved meanwhile too', async () => {
  const w = world();
  w.ecr.denied.add('put');
  w.docker.tags.set(`${HOST}/shop/cart:1`, id('9'));
  w.docker.faults.set('look 2', [() => w.docker.tags.set(`${HOST}/shop/cart:2`, id('f'))]);
  expect((await go(w)).kind).toBe('pushed');
  expect([...w.docker.tags]).toEqual([
    [`${HOST}/shop/cart:1`, id('a')],
    ['gocd-ecr-task/cache:00aa', id('a')],
    [`${HOST}/shop/cart:2`, id('f')],
  ]);
  expect(w.events).toContainEqual({
    type: 'refs-removed',
    refs: [expect.stringMatching(/^gocd-ecr-task\/run:00aa-/) as string],
    kept: [`${HOST}/shop/cart:1`, 'gocd-ecr-task/cache:00aa'],
  });
});

test('Cleanup=keep leaves the tags, and removes the run ref', async () => {
  const w = world();
  await go(w, { cleanup: 'keep' });
  expect([...w.docker.tags.keys()]).toEqual(['gocd-ecr-task/cache:00aa', `${HOST}/shop/cart:1`, `${HOST}/shop/cart:2`]);
});

test('a clean-up that fails changes no result', async () => {
  const w = world();
  w.docker.faults.set('remove run', [failure('DAEMON_ERROR')]);
  expect((await go(w)).kind).toBe('pushed');
  expect(w.events).toContainEqual({
    type: 'cleanup-failed',
    ref: expect.stringMatching(/^gocd-ecr-task\/run:/) as string,
    reason: 'it is DAEMON_ERROR',
  });
});

test('Mode=build with a typed host asks AWS nothing, and the image stays under its tags', async () => {
  const w = world();
  expect(await go(w, { mode: 'build' })).toMatchObject({
    kind: 'built',
    refs: [`${HOST}/shop/cart:1`, `${HOST}/shop/cart:2`],
  });
  expect(w.ecr.issued).toBe(0);
  expect([...w.docker.tags.keys()]).toEqual(['gocd-ecr-task/cache:00aa', `${HOST}/shop/cart:1`, `${HOST}/shop/cart:2`]);
});

test('Mode=build with a base image in ECR gets a token for it', async () => {
  const w = world();
  w.source = { ...w.source, bases: [{ ref: `${HOST}/base:1`, host: HOST, platform: undefined, line: 1 }] };
  expect((await go(w, { mode: 'build' })).kind).toBe('built');
  expect(w.ecr.issued).toBe(1);
});

test('Mode=check tries every line of the drawing, and builds nothing', async () => {
  const w = world();
  expect(await go(w, { mode: 'check' })).toEqual({ kind: 'checked' });
  expect(w.docker.calls).toEqual(['reach', 'describe', 'diskUse', `login ${HOST}`]);
});

test('a local base of another platform than asked for is an error before the build', async () => {
  const w = world();
  w.source = { ...w.source, bases: [{ ref: 'node:20', host: 'docker.io', platform: undefined, line: 3 }] };
  w.docker.images.set('node:20', { arch: 'amd64' });
  const build = { ...plan().build, platform: 'linux/arm64' };
  const outcome = await go(w, { build });
  if (outcome.kind !== 'failed') throw new Error(outcome.kind);
  expect(outcome.error.message).toBe(
    'The base image node:20 (Dockerfile line 3) is linux/amd64 on this daemon, but Platform asks for linux/arm64',
  );
  expect(w.docker.calls).not.toContain('build');
  expect((await go(w, { build: { ...build, pull: true } })).kind).toBe('pushed');
});

test.each(['describe', `login ${HOST}`, 'build', 'push 1', 'look 1'])(
  'cancelled during %s: own refs go, and nothing else starts',
  async (call) => {
    const w = world();
    w.docker.faults.set(call, ['hang']);
    const cancel = new AbortController();
    const running = go(w, {}, cancel.signal);
    await new Promise((done) => setTimeout(done, 5));
    cancel.abort('signal');
    expect((await running).kind).toBe('cancelled');
    expect([...w.docker.tags.keys()].filter((ref) => !ref.includes('/cache:'))).toEqual([]);
    expect(w.events).toContainEqual({ type: 'cancelling', reason: 'signal' });
  },
);

test('a run that takes too long is timed out', async () => {
  const w = world();
  w.clock.hangFrom = 100_000; // the limit below passes at once, the build hangs
  w.docker.faults.set('describe', ['hang']);
  expect(await go(w, { timeoutMs: 60_000 })).toMatchObject({ kind: 'timed-out', phase: 'preflight', limitMs: 60_000 });
});

test('what is no StepError is told as a fault of the plugin', async () => {
  const w = world();
  w.docker.faults.set('build', [
    () => {
      throw new TypeError('x is not a function');
    },
  ]);
  const outcome = await go(w);
  if (outcome.kind !== 'failed') throw new Error(outcome.kind);
  expect(outcome.error).toBeInstanceOf(StepError);
  expect([outcome.error.code, outcome.error.message, outcome.error.words, outcome.error.hint]).toEqual([
    'PLUGIN_FAULT',
    'gocd-ecr-task itself failed',
    'TypeError: x is not a function',
    'Please report this with ecr-image.log, in which secrets are masked',
  ]);
});
