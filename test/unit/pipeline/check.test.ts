import type { StepError } from '../../../src/domain/errors';
import type { HopChecked } from '../../../src/domain/events';
import { parseEcrHost } from '../../../src/domain/ecr-registry';
import type { BuildPlan, Plan } from '../../../src/domain/plan';
import { PLAIN_BUILD } from '../../../src/domain/plain-build';
import { Secret } from '../../../src/domain/secret';
import { CONTEXT, failure, HOST, id, image, OTHER, OTHER_HOST, world, type World } from './fake-ports';
import { failureOf, go, tags, told } from './going';

const check = (w: World, change: Partial<Plan> = {}): ReturnType<typeof go> => go(w, { mode: 'check', ...change });
const refusal = (w: World, change: Partial<Plan> = {}): Promise<StepError> =>
  failureOf(w, { mode: 'check', ...change });

/** `aws ok`, `token failed AWS_DENIED`, `tags skipped: token failed`. */
function hops(w: World): string[] {
  return told(w, 'hop-checked').map(({ name, about, state, error, because }) => {
    const which = about === undefined ? name : `${name} (${about})`;
    if (state === 'failed') return `${which} failed ${error?.code ?? ''}`;
    return state === 'skipped' ? `${which} skipped: ${because ?? ''}` : `${which} ok`;
  });
}

function hop(w: World, name: string): HopChecked {
  const found = told(w, 'hop-checked').find((each) => each.name === name);
  if (found === undefined) throw new TypeError(`no hop ${name}`);
  return found;
}

const ALL_WELL = [
  'dockerfile ok',
  'aws ok',
  'token ok',
  'repository ok',
  'tags ok',
  'endpoint ok',
  'version ok',
  'info ok',
  'builder ok',
  'platform ok',
  'login ok',
  'context ok',
];

test('every hop in turn, and nothing is made anywhere', async () => {
  const w = world();
  expect(await check(w)).toEqual({ kind: 'checked' });
  expect(hops(w)).toEqual(ALL_WELL);
  expect(w.docker.calls).toEqual(['reach', 'describe', 'diskUse', `login ${HOST}`]);
  expect(w.ecr.calls).toEqual(['identity', 'authorize', 'describe', 'find 1 2']);
  expect([w.docker.tags.size, w.docker.closed]).toEqual([0, true]);
});

test('what each of them has found', async () => {
  const w = world();
  w.source = { ...w.source, bases: [{ ref: 'node:20', host: 'docker.io', platform: undefined, line: 1 }] };
  w.docker.info = { ...w.docker.info, warnings: ['No swap limit support'] };
  await check(w);
  const facts = Object.fromEntries(told(w, 'hop-checked').map(({ name, facts: found }) => [name, found]));
  expect(facts).toMatchObject({
    dockerfile: ['Dockerfile', 'reads node:20'],
    aws: ['eu-west-1 role gocd-push'],
    token: [{ type: 'token-issued', registry: HOST }],
    repository: [{ type: 'repository-described', exists: true }],
    tags: [
      { type: 'tag-described', tag: '1', state: 'free' },
      { type: 'tag-described', tag: '2', state: 'free' },
    ],
    endpoint: ['unix:///d.sock (built-in)'],
    version: [
      'Engine 20.10.24, API 1.41 (from 1.12), linux/amd64',
      'client: gocd-ecr-task 1.2.3; it asks without a version, and the daemon speaks its newest',
    ],
    info: [
      { type: 'daemon-described' },
      { type: 'disk-described', use: { images: 3, imagesBytes: 1_500_000_000, cacheBytes: 200_000_000 } },
      { type: 'note', text: 'the daemon warns: No swap limit support' },
    ],
    platform: [
      { type: 'platform-described', wanted: 'linux/amd64', daemon: 'linux/amd64' },
      { type: 'base-described', ref: 'node:20', local: false },
    ],
    login: [`the daemon's login at ${HOST} was accepted`],
    context: [{ type: 'context-sent', report: CONTEXT }, 'folder .'],
  });
  expect(hop(w, 'login').farEnd).toBe(HOST);
});

test('without a daemon, all of AWS is asked and the context is measured', async () => {
  const w = world();
  w.docker.faults.set('reach', [failure('DAEMON_REFUSED')]);
  expect(await refusal(w)).toMatchObject({ code: 'DAEMON_REFUSED', message: 'it is DAEMON_REFUSED' });
  expect(hops(w)).toEqual([
    ...ALL_WELL.slice(0, 5),
    'endpoint failed DAEMON_REFUSED',
    ...['version', 'info', 'builder', 'platform', 'login'].map((name) => `${name} skipped: endpoint failed`),
    'context ok',
  ]);
});

test('certificates that cannot be read are about the endpoint', async () => {
  const w = world();
  const refused = Promise.reject(failure('DAEMON_CERTIFICATES_MISSING'));
  refused.catch(() => undefined);
  const ports = { ...w.ports, openDocker: () => refused };
  expect((await refusal({ ...w, ports })).code).toBe('DAEMON_CERTIFICATES_MISSING');
  expect(hop(w, 'endpoint').facts).toEqual(['unix:///d.sock (built-in)']);
});

test('without AWS, all of the daemon is described', async () => {
  const w = world();
  w.ecr.faults.set('identity', [failure('AWS_NO_CREDENTIALS')]);
  expect((await refusal(w)).code).toBe('AWS_NO_CREDENTIALS');
  expect(hops(w)).toEqual([
    'dockerfile ok',
    'aws failed AWS_NO_CREDENTIALS',
    ...['token', 'repository', 'tags'].map((name) => `${name} skipped: aws failed`),
    ...ALL_WELL.slice(5, 10),
    'login skipped: aws failed',
    'context ok',
  ]);
});

test('a token that is denied leaves the repository and its tags to be asked', async () => {
  const w = world();
  w.ecr.denied.add('authorize');
  expect((await refusal(w)).code).toBe('AWS_DENIED');
  expect(hops(w).slice(2, 5)).toEqual(['token failed AWS_DENIED', 'repository ok', 'tags ok']);
  expect(hops(w).at(-2)).toBe('login skipped: token failed');
});

test('of several failures the first is told as the reason, and how many there are', async () => {
  const w = world();
  w.ecr.denied.add('authorize');
  w.docker.faults.set('describe', [failure('DAEMON_TOO_OLD')]);
  expect(await refusal(w)).toMatchObject({
    code: 'AWS_DENIED',
    message: 'it is AWS_DENIED (and 1 more hop failed: version)',
  });
  w.docker.faults.set('describe', [failure('DAEMON_TOO_OLD')]);
  w.ecr.faults.set('describe', [failure('ECR_REPOSITORY_MISSING')]);
  expect((await refusal(w)).message).toBe('it is AWS_DENIED (and 2 more hops failed: repository, version)');
});

test('a daemon that does not count its disk is none that fails', async () => {
  const w = world();
  w.docker.faults.set('diskUse', [failure('DAEMON_TIMEOUT')]);
  expect(await check(w)).toEqual({ kind: 'checked' });
  expect(hop(w, 'info').facts).toContainEqual({ type: 'disk-described', use: undefined });
});

test('a tag that stands in the way is told with what it names', async () => {
  const w = world();
  w.ecr.has('2', image('e'), { counter: '6' });
  expect((await refusal(w)).code).toBe('TAG_FOREIGN');
  expect(hop(w, 'tags').facts).toEqual([
    { type: 'tag-described', tag: '1', floating: false, state: 'free' },
    expect.objectContaining({ tag: '2', state: 'foreign', run: 'run 6' }),
  ]);
  expect(hops(w).slice(5)).toEqual(ALL_WELL.slice(5));
});

test('another try is told with its hop', async () => {
  const w = world();
  w.ecr.faults.set('describe', [failure('AWS_THROTTLED', { transient: true })]);
  expect(await check(w)).toEqual({ kind: 'checked' });
  expect(hop(w, 'repository').facts[0]).toMatchObject({ type: 'retrying', attempt: 2 });
});

test('each target is asked for itself; one that fails does not stop the other', async () => {
  const w = world();
  w.ecr.missing = true;
  expect((await refusal(w, { alsoPushTo: [OTHER] })).code).toBe('ECR_REPOSITORY_MISSING');
  const [main, other] = [HOST, OTHER_HOST].map((host) => `${host}/shop/cart`);
  expect(hops(w).filter((text) => text.includes('('))).toEqual([
    `aws (${main}) ok`,
    `token (${main}) ok`,
    `repository (${main}) failed ECR_REPOSITORY_MISSING`,
    `tags (${main}) skipped: repository failed`,
    ...['aws', 'token', 'repository', 'tags'].map((name) => `${name} (${other}) ok`),
    `login (${main}) ok`,
    `login (${other}) ok`,
  ]);
});

describe('field RegistryLogins', () => {
  const registry = parseEcrHost(OTHER_HOST)!;
  const logins: BuildPlan['logins'] = [
    { kind: 'password', host: 'docker.io', username: 'u', password: new Secret('wrong') },
    { kind: 'ecr', host: OTHER_HOST, registry, role: undefined },
  ];
  const build = { ...PLAIN_BUILD, logins };

  test('each is tried by the daemon', async () => {
    const w = world();
    expect(await check(w, { build })).toEqual({ kind: 'checked' });
    expect(w.docker.calls.slice(-2)).toEqual(['login docker.io', `login ${OTHER_HOST}`]);
    expect(w.docker.passwords.slice(-2)).toEqual(['wrong', 'token of 444455556666']);
  });

  test('one that is refused does not stop the other', async () => {
    const w = world();
    w.docker.faults.set('login docker.io', [failure('REGISTRY_LOGIN_REFUSED')]);
    expect((await refusal(w, { build })).code).toBe('REGISTRY_LOGIN_REFUSED');
    expect(hops(w).slice(-4)).toEqual([
      'login ok',
      'login (RegistryLogins, docker.io) failed REGISTRY_LOGIN_REFUSED',
      `login (RegistryLogins, ${OTHER_HOST}) ok`,
      'context ok',
    ]);
  });
});

describe('field Source', () => {
  test('the image is looked at instead of a builder, before the tags that may be its', async () => {
    const w = world();
    w.docker.tags.set('cart:1', id('a'));
    expect(await check(w, { source: 'cart:1', floatingTags: tags('latest') })).toEqual({ kind: 'checked' });
    expect(hops(w)).toEqual(
      ['aws', 'token', 'repository', 'endpoint', 'version', 'info', 'source', 'tags', 'login'].map((n) => `${n} ok`),
    );
  });

  test('that is not there', async () => {
    const w = world();
    expect((await refusal(w, { source: 'cart:1' })).code).toBe('SOURCE_MISSING');
    expect(hops(w).slice(-3)).toEqual(['source failed SOURCE_MISSING', 'tags skipped: source failed', 'login ok']);
  });
});

test('a cancel ends it where it is', async () => {
  const w = world();
  const abort = new AbortController();
  w.docker.faults.set('describe', [() => abort.abort('signal')]);
  expect(await go(w, { mode: 'check' }, abort.signal)).toMatchObject({ kind: 'cancelled' });
  expect(hops(w).at(-1)).toBe('version ok');
});

test('what nobody has foreseen is a fault of the plugin, and ends it', async () => {
  const w = world();
  w.docker.faults.set('describe', [
    () => {
      throw new TypeError('x is undefined');
    },
  ]);
  expect((await refusal(w)).code).toBe('PLUGIN_FAULT');
});
