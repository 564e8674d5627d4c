import type { Plan } from '../../../src/domain/plan';
import { digest, failure, HOST, id, image, OTHER, OTHER_HOST, world, type World } from './fake-ports';
import { failureOf, go, made, notes, phases, tags, told } from './going';

const alsoPushTo = [OTHER];
const both = (w: World, change: Partial<Plan> = {}) => go(w, { alsoPushTo, ...change });
const refs = (w: World): string[] =>
  told(w, 'tag-pushed').map(({ ref, how }) => `${ref.repository.host.slice(0, 4)} ${ref.tag} ${how}`);

test('one build goes to both, the main one first, each with its own token', async () => {
  const w = world();
  const outcome = await both(w);
  expect(refs(w)).toEqual(['1111 1 pushed', '1111 2 put', '4444 1 pushed', '4444 2 put']);
  expect(outcome.kind === 'pushed' && outcome.pushed.map(({ ref }) => ref.repository.host)).toEqual([
    HOST,
    HOST,
    OTHER_HOST,
    OTHER_HOST,
  ]);
  expect(w.docker.calls.filter((call) => /^(login|build|push|look)/.test(call))).toEqual([
    `login ${HOST}`,
    `login ${OTHER_HOST}`,
    'build',
    'push 1',
    'look 1',
    'push 1',
    'look 1',
  ]);
  expect([w.ecr.issued, w.other.issued]).toEqual([1, 1]);
  expect(told(w, 'digest-verified').map(({ ref, by }) => [ref.repository.host.slice(0, 4), by])).toEqual([
    ['1111', 'registry'],
    ['1111', 'aws'],
    ['4444', 'registry'],
    ['4444', 'aws'],
  ]);
});

test('they are asked side by side, and told one after another', async () => {
  const w = world();
  w.ecr.faults.set('find', [() => new Promise((done) => setTimeout(done, 5))]);
  await both(w);
  const order = w.events.filter(({ type }) => /^(target-started|aws-|repository-|tag-d)/.test(type));
  expect(order.map((event) => (event.type === 'target-started' ? event.name : event.type))).toEqual([
    `${HOST}/shop/cart`,
    'aws-described',
    'repository-described',
    'tag-described',
    'tag-described',
    `${OTHER_HOST}/shop/cart`,
    'aws-described',
    'repository-described',
    'tag-described',
    'tag-described',
  ]);
  expect(told(w, 'target-started').map(({ index, total }) => [index, total])).toEqual([
    [1, 2],
    [2, 2],
  ]);
});

test('a task with one target tells none', async () => {
  const w = world();
  await go(w);
  expect([told(w, 'target-started'), told(w, 'target-failed')]).toEqual([[], []]);
});

test('cleanup removes what was named for any of them', async () => {
  const w = world();
  await both(w);
  expect([...w.docker.tags.keys()]).toEqual(['gocd-ecr-task/cache:00aa']);
});

const stages: readonly [string, string, (w: World) => void][] = [
  ['the identity', 'preflight', (w) => void w.other.denied.add('identity')],
  ['a repository that is missing', 'preflight', (w) => void (w.other.missing = true)],
  ['a tag of another run', 'preflight', (w) => w.other.has('1', image('e'))],
  ['the token', 'login', (w) => void w.other.denied.add('authorize')],
  [
    'the login',
    'login',
    (w) => void w.docker.faults.set(`login ${OTHER_HOST}`, [failure('PUSH_DENIED'), failure('PUSH_DENIED')]),
  ],
  ['the push', 'push', (w) => void w.docker.faults.set('push 1', [() => undefined, failure('PUSH_DENIED')])],
  ['a put', 'push', (w) => void w.other.faults.set('put', [failure('TAG_IMMUTABLE')])],
  ['the look at it', 'verify', (w) => void w.docker.faults.set('look 1', [() => undefined, () => steal(w)])],
];
const steal = (w: World): unknown => w.docker.registry.set(`${OTHER_HOST}/shop/cart:1`, digest('e'));

test.each(stages)(
  '%s of the second fails (%s): the first is served, and the run fails at its end',
  async (_what, phase, fail) => {
    const w = world();
    fail(w);
    const outcome = await both(w);
    if (outcome.kind !== 'failed') throw new TypeError(outcome.kind);
    const [failed] = told(w, 'target-failed');
    expect([outcome.phase, outcome.error.code, failed?.name]).toEqual([
      phase,
      'TARGETS_FAILED',
      `${OTHER_HOST}/shop/cart`,
    ]);
    expect(outcome.error.message).toBe(`1 of 2 targets failed: ${OTHER_HOST}/shop/cart: ${failed!.error.message}`);
    expect([outcome.error.hop, outcome.error.blame]).toEqual([failed!.error.hop, failed!.error.blame]);
    const [first, second] = outcome.state.targets;
    expect([first?.name, first?.error, first?.pushed.length, first?.missing]).toEqual([
      `${HOST}/shop/cart`,
      undefined,
      2,
      [],
    ]);
    expect([second?.name, second?.error]).toEqual([`${OTHER_HOST}/shop/cart`, failed!.error]);
    expect([...w.docker.tags.keys()]).toEqual(['gocd-ecr-task/cache:00aa']);
  },
);

const mainStages: readonly [string, (w: World) => void][] = [
  ['the identity', (w) => void w.ecr.denied.add('identity')],
  ['a tag of another run', (w) => w.ecr.has('1', image('e'))],
  ['the token', (w) => void w.ecr.denied.add('authorize')],
  ['the login', (w) => void w.docker.faults.set(`login ${HOST}`, [failure('PUSH_DENIED')])],
  ['the push', (w) => void w.docker.faults.set('push 1', [failure('PUSH_DENIED')])],
  [
    'the look at it',
    (w) => void w.docker.faults.set('look 1', [() => w.docker.registry.delete(`${HOST}/shop/cart:1`)]),
  ],
];

test.each(mainStages)('%s of the main one fails: the other goes on all the same', async (_what, fail) => {
  const w = world();
  fail(w);
  expect(await both(w)).toMatchObject({
    kind: 'failed',
    error: { code: 'TARGETS_FAILED' },
    state: { targets: [{ name: `${HOST}/shop/cart` }, { error: undefined, missing: [] }] },
  });
  expect(['1', '2'].map((tag) => w.other.tags.get(tag)?.digest)).toEqual([digest('d'), digest('d')]);
});

test('AWS that cannot be opened for one target is that target’s failure', async () => {
  const w = world();
  const { openEcr } = w.ports;
  Object.assign(w.ports, {
    openEcr: async (...args: Parameters<typeof openEcr>) => {
      if (args[1].host === OTHER_HOST) throw failure('AWS_NO_CREDENTIALS');
      return openEcr(...args);
    },
  });
  expect(await both(w)).toMatchObject({ kind: 'failed', error: { code: 'TARGETS_FAILED' } });
  expect(refs(w)).toEqual(['1111 1 pushed', '1111 2 put']);
});

test('what is missing is told by whole references', async () => {
  const w = world();
  w.other.faults.set('put', [failure('TAG_IMMUTABLE')]);
  const outcome = await both(w);
  expect(outcome).toMatchObject({
    state: {
      missing: [`${OTHER_HOST}/shop/cart:2`],
      pushed: [{}, {}, { ref: { repository: { host: OTHER_HOST }, tag: '1' } }],
      registry: OTHER_HOST,
      registryProven: true,
      targets: [{ missing: [] }, { missing: ['2'], pushed: [{ ref: { tag: '1' } }] }],
    },
  });
});

test('where none is left nothing is built, and all reasons are told', async () => {
  const w = world();
  w.ecr.has('1', image('e'));
  w.other.missing = true;
  const error = await failureOf(w, { alsoPushTo });
  expect([error.code, error.message, error.hint]).toEqual([
    'TARGETS_FAILED',
    `2 of 2 targets failed: ${HOST}/shop/cart: Tag 1 of shop/cart is already there and is not this run's image: ${digest('e')}; ${OTHER_HOST}/shop/cart: it is ECR_REPOSITORY_MISSING`,
    'Correct what each of them needs, and run this one again: a rerun does only what is missing',
  ]);
  expect(phases(w)).toEqual(['preflight']);
  expect(w.docker.calls).not.toContain('build');
});

test.each<[string, (w: World) => void, readonly string[]]>([
  [
    'login',
    (w) => {
      for (const host of [HOST, OTHER_HOST]) w.docker.faults.set(`login ${host}`, [failure('PUSH_DENIED')]);
    },
    ['preflight', 'login'],
  ],
  [
    'push',
    (w) => void w.docker.faults.set('push 1', [failure('PUSH_DENIED'), failure('PUSH_DENIED')]),
    ['preflight', 'login', 'build', 'push'],
  ],
])('both fail in %s: it goes no further', async (_phase, fail, expected) => {
  const w = world();
  fail(w);
  expect((await failureOf(w, { alsoPushTo })).message).toMatch(/^2 of 2 targets failed: /);
  expect(phases(w)).toEqual(expected);
});

test('a daemon that fails fails all of them, with its own error', async () => {
  const w = world();
  w.docker.faults.set('describe', [failure('DAEMON_REFUSED')]);
  expect(await both(w)).toMatchObject({ kind: 'failed', phase: 'preflight', error: { code: 'DAEMON_REFUSED' } });
  expect(told(w, 'target-failed')).toEqual([]);
});

test('a build that fails is nobody’s but the run’s', async () => {
  const w = world();
  w.docker.faults.set('build', [failure('BUILD_RUN_FAILED')]);
  expect(await both(w)).toMatchObject({
    error: { code: 'BUILD_RUN_FAILED' },
    state: {
      targets: [
        { error: undefined, missing: ['1', '2'] },
        { error: undefined, missing: ['1', '2'] },
      ],
    },
  });
});

test('a defect of ours is none of a target', async () => {
  const w = world();
  w.other.faults.set('find', [
    () => {
      throw new TypeError('x is not a function');
    },
  ]);
  expect((await failureOf(w, { alsoPushTo })).code).toBe('PLUGIN_FAULT');
});

test('a rerun does only what is missing: nothing is built where both have the image', async () => {
  const w = world();
  w.ecr.has('1', image('d'), {});
  w.ecr.has('2', image('d'), {});
  w.other.has('1', image('d'), {});
  expect(await both(w)).toMatchObject({ kind: 'pushed', result: { from: 'registry' } });
  expect(refs(w)).toEqual(['1111 1 present', '1111 2 present', '4444 1 present', '4444 2 put']);
  expect(told(w, 'image-reused')).toHaveLength(1);
});

test('and where one has it, the other alone gets what is built', async () => {
  const w = world();
  w.ecr.has('1', image('9'), {});
  expect((await both(w)).kind).toBe('pushed');
  expect(refs(w)).toEqual(['1111 1 present', '1111 2 put', '4444 1 pushed', '4444 2 put']);
  expect(w.ecr.tags.get('2')?.digest).toBe(digest('9'));
  expect(told(w, 'daemon-login').map(({ registry }) => registry)).toEqual([OTHER_HOST]);
  expect(w.docker.inspected.slice(0, 2)).toEqual([`inspect ${OTHER_HOST}/shop/cart:1`, `inspect ${id('a')}`]);
});

test('what is built is nothing that could be put beside the image of an earlier attempt', async () => {
  const w = world();
  w.ecr.has('1', image('9'), {});
  w.ecr.denied.add('put');
  expect(await both(w)).toMatchObject({
    kind: 'failed',
    state: {
      targets: [
        { error: { code: 'AWS_DENIED' }, missing: ['2'] },
        { error: undefined, missing: [] },
      ],
    },
  });
});

test('one that fails takes nothing from a rerun in which the rest has its image', async () => {
  const w = world();
  w.ecr.has('1', image('d'), {});
  w.ecr.has('2', image('d'), {});
  w.other.missing = true;
  expect(await both(w)).toMatchObject({ kind: 'failed', phase: 'preflight', error: { code: 'TARGETS_FAILED' } });
  expect([w.docker.calls.includes('build'), refs(w)]).toEqual([false, ['1111 1 present', '1111 2 present']]);
});

test('a missing repository is made for each of them', async () => {
  const w = world();
  w.ecr.missing = true;
  w.other.missing = true;
  expect((await both(w, { creation: { ifMissing: true, settings: undefined } })).kind).toBe('pushed');
  expect([w.ecr, w.other].map(({ calls }) => calls.includes('create'))).toEqual([true, true]);
});

test('floating tags move in each, and forwards only in each', async () => {
  const w = world();
  w.ecr.has('latest', image('e'), { counter: '8' });
  w.other.has('latest', image('f'), { counter: '6' });
  expect((await both(w, { tags: tags('1'), floatingTags: tags('latest') })).kind).toBe('pushed');
  expect(made(w)).toEqual(['1 pushed d', 'latest left e by run 8', '1 pushed d', 'latest put d']);
});

test('a token that expires in the push is renewed, for its own registry', async () => {
  const w = world();
  w.docker.faults.set('push 1', [() => undefined, failure('PUSH_TOKEN_EXPIRED')]);
  expect((await both(w)).kind).toBe('pushed');
  expect([w.ecr.issued, w.other.issued]).toEqual([1, 2]);
});

test('retries of the second are told in its turn', async () => {
  const w = world();
  w.other.faults.set('find', [failure('AWS_THROTTLED', { transient: true })]);
  expect((await both(w)).kind).toBe('pushed');
  const order = w.events.map(({ type }) => type).filter((type) => type === 'target-started' || type === 'retrying');
  expect(order).toEqual(['target-started', 'target-started', 'retrying']);
});

test('Mode=check tries all of them, and fails where one does', async () => {
  const w = world();
  expect(await both(w, { mode: 'check' })).toEqual({ kind: 'checked' });
  expect(w.docker.calls.filter((call) => call.startsWith('login'))).toEqual([`login ${HOST}`, `login ${OTHER_HOST}`]);
  w.other.missing = true;
  expect(await both(w, { mode: 'check' })).toMatchObject({ kind: 'failed', error: { code: 'ECR_REPOSITORY_MISSING' } });
});

test('Mode=build is about the main one alone', async () => {
  const w = world();
  expect(await both(w, { mode: 'build' })).toMatchObject({
    kind: 'built',
    refs: ['1', '2'].map((tag) => `${HOST}/shop/cart:${tag}`),
  });
  expect([w.other.calls, notes(w)]).toEqual([[], []]);
  w.docker.faults.set('build', [failure('BUILD_RUN_FAILED')]);
  expect(await both(w, { mode: 'build' })).toMatchObject({ state: { missing: ['1', '2'], targets: [] } });
});

test('a connection that breaks by a cancellation is no failure of a target', async () => {
  const w = world();
  const breaks = (): Promise<never> =>
    new Promise((_done, reject) => setTimeout(() => reject(failure('DAEMON_CONNECTION_LOST')), 10));
  w.docker.faults.set('push 1', [breaks]);
  const cancel = new AbortController();
  const running = go(w, { alsoPushTo }, cancel.signal);
  setTimeout(() => cancel.abort('signal'), 5);
  expect((await running).kind).toBe('cancelled');
  expect([told(w, 'target-failed'), w.docker.calls.filter((call) => call === 'push 1')]).toEqual([[], ['push 1']]);
});

test('cancelled while the second is pushed: what is where is told', async () => {
  const w = world();
  w.docker.faults.set('push 1', [() => undefined, 'hang']);
  const cancel = new AbortController();
  const running = go(w, { alsoPushTo }, cancel.signal);
  await new Promise((done) => setTimeout(done, 5));
  cancel.abort('signal');
  expect(await running).toMatchObject({
    kind: 'cancelled',
    phase: 'push',
    state: { targets: [{ missing: [] }, { error: undefined, missing: ['1', '2'] }] },
  });
  expect(told(w, 'target-failed')).toEqual([]);
  expect([...w.docker.tags.keys()]).toEqual(['gocd-ecr-task/cache:00aa']);
});
