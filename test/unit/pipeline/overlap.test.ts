import { run } from '../../../src/pipeline/run';
import type { Plan } from '../../../src/domain/plan';
import { digest, failure, HOST, id, image, plan, world, type World } from './fake-ports';

const go = (w: World, change: Partial<Plan> = {}, signal = new AbortController().signal) =>
  run(plan(change), w.ports, (event) => void w.events.push(event), signal);
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 5));
const types = (w: World): string[] =>
  w.events.map((event) => ('phase' in event ? `${event.type} ${event.phase}` : event.type));

/** Something that is under way until it is told to end. */
class Gate {
  open: () => void = () => undefined;
  readonly wait = new Promise<void>((resolve) => (this.open = resolve));
}

test('the login is tried beside the look-ups, and told in its own phase', async () => {
  const w = world();
  const gate = new Gate();
  w.ecr.faults.set('find', [() => gate.wait]);
  const running = go(w);
  await settled();
  expect(w.docker.calls).toEqual(['describe', `login ${HOST}`]);
  expect(types(w)).not.toContain('daemon-login');
  gate.open();
  expect((await running).kind).toBe('pushed');
  const login = types(w).indexOf('phase-started login');
  expect(types(w).slice(login, login + 4)).toEqual([
    'phase-started login',
    'token-issued',
    'daemon-login',
    'phase-ended login',
  ]);
});

test('a token is shown to nobody who has not yet proved to be a Docker daemon', async () => {
  const w = world();
  const gate = new Gate();
  w.docker.faults.set('describe', [() => gate.wait]);
  const running = go(w);
  await settled();
  expect([w.ecr.issued, w.docker.calls]).toEqual([1, ['describe']]);
  gate.open();
  expect((await running).kind).toBe('pushed');
});

test('nor to one that has proved to be none', async () => {
  const w = world();
  w.docker.faults.set('describe', [failure('DAEMON_NOT_DOCKER')]);
  expect(await go(w)).toMatchObject({ kind: 'failed', phase: 'preflight', error: { code: 'DAEMON_NOT_DOCKER' } });
  expect(w.docker.calls).toEqual(['describe']);
});

test('a black hole is told when its description is given up, whatever else waits for it', async () => {
  const w = world();
  w.docker.faults.set('describe', [failure('DAEMON_TIMEOUT')]);
  w.docker.chooseBuilder = () => new Promise(() => undefined);
  expect(await go(w)).toMatchObject({ kind: 'failed', phase: 'preflight', error: { code: 'DAEMON_TIMEOUT' } });
});

test('a login that is refused while the look-ups run ends the run in its phase, before the build', async () => {
  const w = world();
  const gate = new Gate();
  w.ecr.faults.set('find', [() => gate.wait]);
  w.docker.faults.set(`login ${HOST}`, [failure('REGISTRY_LOGIN_REFUSED'), failure('REGISTRY_LOGIN_REFUSED')]);
  const running = go(w);
  await settled();
  gate.open();
  expect(await running).toMatchObject({ kind: 'failed', phase: 'login', error: { code: 'REGISTRY_LOGIN_REFUSED' } });
  expect(w.docker.calls).toEqual(['describe', `login ${HOST}`, `login ${HOST}`]);
});

test('a look-up that fails while the login is tried: the look-up is told, and the login ends', async () => {
  const w = world();
  const gate = new Gate();
  w.ecr.faults.set('find', [() => gate.wait.then(() => Promise.reject(failure('AWS_THROTTLED')))]);
  w.docker.faults.set(`login ${HOST}`, ['hang']);
  const running = go(w);
  await settled();
  gate.open();
  expect(await running).toMatchObject({ kind: 'failed', phase: 'preflight', error: { code: 'AWS_THROTTLED' } });
  await settled();
  expect(w.docker.running).toBe(0);
  expect(types(w)).not.toContain('cancelling');
});

test('the bases are inspected side by side, beside the description of the daemon', async () => {
  const w = world();
  const base = (ref: string) => ({ ref, host: 'docker.io', platform: undefined, line: 1 });
  w.source = { ...w.source, bases: [base('a:1'), base('b:1')] };
  w.docker.faults.set('describe', ['hang']);
  w.docker.faults.set('inspect a:1', ['hang']);
  const cancel = new AbortController();
  const running = go(w, {}, cancel.signal);
  await settled();
  expect(w.docker.inspected).toEqual(['inspect a:1', 'inspect b:1']);
  cancel.abort('signal');
  expect((await running).kind).toBe('cancelled');
  expect(w.docker.running).toBe(0);
});

test('what the daemon had is told after the daemon, whichever answered first', async () => {
  const w = world();
  w.source = { ...w.source, bases: [{ ref: 'a:1', host: 'docker.io', platform: undefined, line: 1 }] };
  w.docker.faults.set('describe', [settled]);
  await go(w);
  const told = types(w).filter((type) => type.endsWith('-described'));
  expect(told).toEqual([
    'aws-described',
    'repository-described',
    'tag-described',
    'tag-described',
    'daemon-described',
    'base-described',
  ]);
});

test('the first tag is looked at beside the image, the next ones directly before they are taken', async () => {
  const w = world();
  w.ecr.denied.add('put');
  await go(w);
  const ref = (tag: string): string => `inspect ${HOST}/shop/cart:${tag}`;
  const looked = w.docker.inspected.filter((call) => !call.includes('/run:'));
  expect(looked.slice(0, 4)).toEqual([ref('1'), `inspect ${id('a')}`, `inspect ${id('a')}`, ref('2')]);
});

test('a tag that comes up on the daemon while the one before is pushed is not ours to remove', async () => {
  const w = world();
  w.ecr.denied.add('put');
  w.docker.faults.set('push 1', [() => w.docker.tags.set(`${HOST}/shop/cart:2`, id('f'))]);
  expect((await go(w)).kind).toBe('pushed');
  expect([...w.docker.tags.keys()]).toEqual(['gocd-ecr-task/cache:00aa', `${HOST}/shop/cart:2`]);
});

test('a look ahead that fails is made again', async () => {
  const w = world();
  w.docker.faults.set(`inspect ${HOST}/shop/cart:1`, [failure('DAEMON_CONNECTION_LOST', { transient: true })]);
  expect((await go(w)).kind).toBe('pushed');
  expect(w.docker.calls.filter((call) => call === 'tag 1')).toHaveLength(1);
});

test('that a digest is this image is asked once for all tags', async () => {
  const w = world();
  w.ecr.denied.add('put');
  await go(w);
  expect(w.docker.inspected.filter((call) => call === `inspect ${id('a')}`)).toHaveLength(2);
});

test('a stolen tag is found though the tag before was ours', async () => {
  const w = world();
  w.ecr.denied.add('put');
  w.docker.digests.set(id('f'), digest('e'));
  w.docker.faults.set('push 2', [() => w.docker.tags.set(`${HOST}/shop/cart:2`, id('f'))]);
  expect((await go(w)).kind).toBe('pushed');
  expect(w.docker.registry.get(`${HOST}/shop/cart:2`)).toBe(digest('d'));
  expect(w.docker.calls.filter((call) => call === 'push 2')).toHaveLength(2);
});

test('clean-up begins beside the last look at the registry, and is told after it', async () => {
  const w = world();
  w.ecr.denied.add('put');
  const gate = new Gate();
  w.docker.faults.set('look 2', [() => gate.wait]);
  const running = go(w);
  await settled();
  expect(w.docker.calls.slice(-3)).toEqual(['remove run', 'remove 1', 'remove 2']);
  expect(types(w)).not.toContain('refs-removed');
  gate.open();
  expect((await running).kind).toBe('pushed');
  expect(types(w).slice(-5)).toEqual([
    'digest-verified',
    'phase-ended verify',
    'phase-started cleanup',
    'refs-removed',
    'phase-ended cleanup',
  ]);
});

test('a tag that the registry has as something else fails the run, which is cleaned up once', async () => {
  const w = world();
  w.ecr.denied.add('put');
  w.docker.faults.set('look 2', [() => w.docker.registry.set(`${HOST}/shop/cart:2`, digest('e'))]);
  expect(await go(w)).toMatchObject({ kind: 'failed', phase: 'verify', error: { code: 'DIGEST_FOREIGN' } });
  expect(w.docker.calls.filter((call) => call === 'remove run')).toHaveLength(1);
  expect(types(w).filter((type) => type === 'refs-removed')).toHaveLength(1);
});

test('nothing is removed while a push is under way', async () => {
  const w = world();
  w.ecr.denied.add('put');
  w.docker.faults.set('push 2', [failure('PUSH_DENIED')]);
  w.docker.faults.set('look 1', ['hang']);
  expect(await go(w)).toMatchObject({ kind: 'failed', phase: 'push', error: { code: 'PUSH_DENIED' } });
  expect(w.docker.calls.slice(-4)).toEqual(['push 2', 'remove run', 'remove 1', 'remove 2']);
  await settled();
  expect(w.docker.running).toBe(0);
});

const FIRST = `inspect ${HOST}/shop/cart:1`;
test.each([
  [['describe']],
  [['describe', FIRST]],
  [[`login ${HOST}`]],
  [['build']],
  [[FIRST, `inspect ${id('a')}`]],
  [['tag 1']],
  [['push 1']],
  [['look 1', 'push 2']],
  [['look 1', 'look 2']],
])('cancelled while %j are under way: nothing of it is left, and own refs go', async (calls) => {
  const w = world();
  w.ecr.denied.add('put');
  for (const call of calls) w.docker.faults.set(call, ['hang']);
  const cancel = new AbortController();
  const running = go(w, {}, cancel.signal);
  await settled();
  cancel.abort('signal');
  expect((await running).kind).toBe('cancelled');
  await settled();
  expect(w.docker.running).toBe(0);
  expect([...w.docker.tags.keys()].filter((ref) => !ref.includes('/cache:'))).toEqual([]);
  expect(w.docker.closed).toBe(true);
});

test.each(['signal', 'timeout'] as const)(
  'a daemon that names the image after the build was ended (%s): the name goes too',
  async (reason) => {
    const w = world();
    w.docker.builds.push({ type: 'task-started', id: '9', name: 'exporting to image' });
    w.docker.faults.set('build', ['hang']);
    const nothing = (): void => undefined;
    w.docker.faults.set('remove run', [nothing, nothing, () => w.docker.tags.set(w.docker.lastRun, id('a'))]);
    const cancel = new AbortController();
    const running = go(w, {}, cancel.signal);
    await settled();
    cancel.abort(reason);
    await running;
    expect(w.docker.calls.filter((call) => call === 'remove run')).toHaveLength(3);
    expect([...w.docker.tags.keys()]).toEqual([]);
    expect(w.events).toContainEqual({ type: 'refs-removed', refs: [w.docker.lastRun], kept: [] });
  },
);

test('a build that was ended before its export leaves no name to wait for', async () => {
  const w = world();
  w.docker.faults.set('build', ['hang']);
  const cancel = new AbortController();
  const running = go(w, {}, cancel.signal);
  await settled();
  cancel.abort('signal');
  await running;
  expect(w.docker.calls.filter((call) => call === 'remove run')).toHaveLength(1);
});

test('a build that failed by itself is not waited for', async () => {
  const w = world();
  w.docker.builds.push({ type: 'task-started', id: '9', name: 'exporting to image' });
  w.docker.faults.set('build', [failure('BUILD_RUN_FAILED')]);
  expect((await go(w)).kind).toBe('failed');
  expect(w.docker.calls.slice(-1)).toEqual(['remove run']);
  expect(w.docker.calls.filter((call) => call === 'remove run')).toHaveLength(1);
});

test('a daemon that is opened after the run has ended is closed', async () => {
  const w = world();
  const gate = new Gate();
  const { openDocker } = w.ports;
  Object.assign(w.ports, {
    openDocker: async (...args: Parameters<typeof openDocker>) => gate.wait.then(() => openDocker(...args)),
  });
  w.ecr.has('1', image('d'), {});
  expect((await go(w)).kind).toBe('pushed');
  expect(w.docker.closed).toBe(false);
  gate.open();
  await settled();
  expect([w.docker.closed, w.docker.calls]).toEqual([true, []]);
});

test('where the token alone tells the host, the first tag is looked at beside the image as well', async () => {
  const w = world();
  w.ecr.denied.add('describe');
  const repository = { host: undefined, registry: undefined, path: 'shop/cart' };
  expect((await go(w, { repository })).kind).toBe('pushed');
  expect(w.docker.inspected.slice(0, 2)).toEqual([`inspect ${HOST}/shop/cart:1`, `inspect ${id('a')}`]);
});
