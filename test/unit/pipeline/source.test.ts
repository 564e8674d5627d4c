import { parseEcrHost } from '../../../src/domain/ecr-registry';
import { PLAIN_BUILD } from '../../../src/domain/plain-build';
import { digest, failure, HOST, id, image, OTHER, OTHER_HOST, world, type World } from './fake-ports';
import { failureOf, go, made, phases, tags, told } from './going';

const source = 'cart:tested';
function withSource(): World {
  const w = world();
  w.docker.tags.set(source, id('a'));
  w.docker.images.set(source, { repoTags: [source] });
  Object.assign(w.ports, { sources: { inspect: async () => Promise.reject(failure('DOCKERFILE_MISSING')) } });
  w.docker.chooseBuilder = async () => Promise.reject(failure('DAEMON_ERROR'));
  return w;
}

test('an image that is on the daemon is pushed without a build', async () => {
  const w = withSource();
  expect(await go(w, { source })).toMatchObject({
    kind: 'pushed',
    result: {
      from: 'source',
      imageId: id('a'),
      sizeBytes: 5,
      platform: 'linux/amd64',
      bases: [],
      builder: undefined,
      daemon: { engineVersion: '20.10.24' },
    },
  });
  expect(made(w)).toEqual(['1 pushed d', '2 put d']);
  expect(phases(w)).toEqual(['preflight', 'login', 'push', 'verify', 'cleanup']);
  expect(told(w, 'started')[0]?.phases).toEqual(['preflight', 'login', 'push', 'verify', 'cleanup']);
  expect(told(w, 'source-described')).toEqual([
    { type: 'source-described', ref: source, imageId: id('a'), sizeBytes: 5, platform: 'linux/amd64' },
  ]);
});

test('it has a name of this run while it is pushed, and keeps its own', async () => {
  const w = withSource();
  let meanwhile: string[] = [];
  w.docker.faults.set('push 1', [() => (meanwhile = [...w.docker.tags.keys()])]);
  await go(w, { source });
  expect(meanwhile).toEqual([
    source,
    expect.stringMatching(/^gocd-ecr-task\/run:00aa-/) as string,
    `${HOST}/shop/cart:1`,
  ]);
  expect([...w.docker.tags.keys()]).toEqual([source]);
});

test('one without a name gets one that stays: the daemon would delete it with its last', async () => {
  const w = withSource();
  w.docker.images.set(id('a'), { repoTags: [] });
  await go(w, { source: id('a') });
  expect([...w.docker.tags.keys()]).toEqual([source, 'gocd-ecr-task/source:00aa']);
  expect(told(w, 'refs-removed')).toEqual([
    { type: 'refs-removed', refs: [`${HOST}/shop/cart:1`], kept: ['gocd-ecr-task/source:00aa'] },
  ]);
});

test('a reference that the daemon does not know', async () => {
  const w = withSource();
  const error = await failureOf(w, { source: 'cart:nope' });
  expect([error.code, error.hop, error.blame, error.message, error.hint]).toEqual([
    'SOURCE_MISSING',
    'agent-daemon',
    'config',
    'There is no image cart:nope on the daemon (field Source)',
    'Source takes what docker images shows: NAME:TAG (without a tag: latest), NAME@sha256:… or an image id; the task that makes the image must use the same daemon, and keep it (Mode=build)',
  ]);
});

test('that is no failure of a target', async () => {
  const w = withSource();
  w.ecr.has('1', image('e'));
  expect((await failureOf(w, { source: 'cart:nope', alsoPushTo: [OTHER] })).code).toBe('SOURCE_MISSING');
  expect([told(w, 'target-started'), told(w, 'target-failed')]).toEqual([[], []]);
});

test('nothing is read for it: no registry of RegistryLogins is asked', async () => {
  const w = withSource();
  const registry = parseEcrHost(OTHER_HOST)!;
  const logins = [{ kind: 'ecr' as const, host: OTHER_HOST, registry, role: undefined }];
  expect((await go(w, { source, build: { ...PLAIN_BUILD, logins } })).kind).toBe('pushed');
  expect(w.ecr.askedFor).toEqual([]);
});

test('a daemon that does not answer is told as that', async () => {
  const w = withSource();
  w.docker.faults.set('describe', [failure('DAEMON_REFUSED')]);
  w.docker.faults.set(`inspect ${source}`, ['hang']);
  expect((await failureOf(w, { source })).code).toBe('DAEMON_REFUSED');
});

test('a rerun finds the image by what it is, not by labels', async () => {
  const w = withSource();
  w.ecr.has('1', image('d', id('a')), { counter: '6' });
  w.ecr.has('2', image('d', id('a')), { counter: '6' });
  expect(await go(w, { source })).toMatchObject({ kind: 'pushed', result: { from: 'source', imageId: id('a') } });
  expect(made(w)).toEqual(['1 present d', '2 present d']);
  expect(w.ecr.calls).toEqual(['find 1 2', 'describe', 'identity', 'authorize', 'find 1 2']);
  expect(phases(w)).toEqual(['preflight', 'push', 'verify', 'cleanup']);
  expect(told(w, 'image-reused')).toEqual([]);
});

test('or by equal layers and settings', async () => {
  const w = withSource();
  w.ecr.has('1', image('e'));
  w.ecr.configs.set(digest('e'), {
    ...w.ecr.configs.get(digest('e'))!,
    content: { layers: ['l1'], settings: 'built' },
  });
  expect((await go(w, { source })).kind).toBe('pushed');
  expect(made(w)).toEqual(['1 present e', '2 put e']);
});

test('a tag that names another image is foreign, whatever its labels say', async () => {
  const w = withSource();
  w.ecr.has('1', image('e'), {});
  const error = await failureOf(w, { source });
  expect([error.code, error.message]).toEqual([
    'TAG_FOREIGN',
    `Tag 1 of shop/cart is already there and is not the image cart:tested of field Source: ${digest('e')}, made by run 7`,
  ]);
});

test('and so is one that cannot be compared', async () => {
  const w = withSource();
  w.ecr.denied.add('config');
  w.ecr.has('1', image('e'), {});
  expect((await failureOf(w, { source })).message).toBe(
    `Tag 1 of shop/cart is already there and is not the image cart:tested of field Source: ${digest('e')}`,
  );
});

test('what AWS may not put the daemon can, which has the image', async () => {
  const w = withSource();
  w.ecr.denied.add('put');
  w.ecr.has('1', image('d', id('a')));
  expect((await go(w, { source })).kind).toBe('pushed');
  expect(made(w)).toEqual(['1 present d', '2 pushed d']);
});

test('a tag that another build takes over is found as for an image that was built', async () => {
  const w = withSource();
  w.docker.digests.set(id('f'), digest('e'));
  w.docker.faults.set('push 1', [() => w.docker.tags.set(`${HOST}/shop/cart:1`, id('f'))]);
  expect((await go(w, { source })).kind).toBe('pushed');
  expect(w.docker.registry.get(`${HOST}/shop/cart:1`)).toBe(digest('d'));
});

test('Mode=build gives it its names', async () => {
  const w = withSource();
  expect(await go(w, { source, mode: 'build', floatingTags: tags('latest') })).toMatchObject({
    kind: 'built',
    result: { from: 'source' },
  });
  expect([...w.docker.tags.keys()]).toEqual([source, ...['1', '2', 'latest'].map((tag) => `${HOST}/shop/cart:${tag}`)]);
  expect(phases(w)).toEqual(['preflight', 'cleanup']);
});

test('Mode=check tries every line, and tells the image', async () => {
  const w = withSource();
  expect(await go(w, { source, mode: 'check' })).toEqual({ kind: 'checked' });
  const found = told(w, 'hop-checked').flatMap(({ facts }) => facts);
  expect(found).toContainEqual(expect.objectContaining({ type: 'source-described', ref: source }));
  expect(w.docker.calls).toContain(`login ${HOST}`);
});
