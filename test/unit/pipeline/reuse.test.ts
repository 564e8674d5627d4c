import { Secret } from '../../../src/domain/secret';
import { digest, failure, HOST, image, plan, world } from './fake-ports';
import { failureOf, go, made, phases, tags, told } from './going';

const ref = (tag: string) => ({ repository: { host: HOST, path: 'shop/cart' }, tag });

test('a rerun finds its own image: nothing is built, and no daemon is waited for', async () => {
  const w = world();
  w.ecr.has('1', image('d'), {});
  w.ecr.has('2', image('d'), {});
  w.docker.faults.set('describe', ['hang']);
  expect(await go(w)).toEqual({
    kind: 'pushed',
    pushed: [
      { ref: ref('1'), digest: digest('d'), previous: digest('d'), how: 'present', floating: false },
      { ref: ref('2'), digest: digest('d'), previous: digest('d'), how: 'present', floating: false },
    ],
    result: {
      from: 'registry',
      imageId: undefined,
      sizeBytes: 77,
      platform: 'linux/amd64',
      bases: [],
      builder: undefined,
      daemon: undefined,
      endpoint: 'unix:///d.sock',
    },
  });
  expect(phases(w)).toEqual(['preflight', 'push', 'verify']);
  expect(told(w, 'image-reused')).toEqual([{ type: 'image-reused', digest: digest('d'), sizeBytes: 77 }]);
  expect(told(w, 'digest-verified').map(({ by }) => by)).toEqual(['aws', 'aws']);
  expect(w.ecr.calls).toEqual(['find 1 2', 'describe', 'identity', 'authorize', 'config d', 'find 1 2']);
  await new Promise((done) => setTimeout(done, 5));
  expect([w.docker.calls, w.docker.running, w.docker.closed]).toEqual([['describe'], 0, true]);
});

test('of a daemon that fails or does not even open nothing is told', async () => {
  const w = world();
  w.ecr.has('1', image('d'), {});
  w.docker.faults.set('describe', [failure('DAEMON_REFUSED')]);
  expect((await go(w)).kind).toBe('pushed');
  Object.assign(w.ports, { openDocker: async () => Promise.reject(failure('DAEMON_CERTIFICATES_MISSING')) });
  expect((await go(w)).kind).toBe('pushed');
  expect(told(w, 'daemon-described')).toEqual([]);
});

test('a daemon that has answered by then is named in the result', async () => {
  const w = world();
  w.ecr.has('1', image('d'), {});
  w.ecr.faults.set('find', [() => new Promise((done) => setTimeout(done, 5))]);
  expect(await go(w)).toMatchObject({ result: { daemon: { engineVersion: '20.10.24' } } });
  expect(told(w, 'daemon-described')).toEqual([]);
});

test('an interrupted push is resumed: missing tags are put, floating ones moved', async () => {
  const w = world();
  w.ecr.has('1', image('d'), {});
  w.ecr.has('latest', image('e'), { counter: '6' });
  expect((await go(w, { floatingTags: tags('latest') })).kind).toBe('pushed');
  expect(made(w)).toEqual(['1 present d', '2 put d', 'latest put d']);
  expect(['1', '2', 'latest'].map((tag) => w.ecr.tags.get(tag)?.digest)).toEqual([
    digest('d'),
    digest('d'),
    digest('d'),
  ]);
  expect(told(w, 'digest-verified')).toHaveLength(3);
});

test('what is missing is put after one look, and proven by a second', async () => {
  const w = world();
  w.ecr.has('1', image('d'), {});
  expect((await go(w)).kind).toBe('pushed');
  expect(w.ecr.calls.slice(3)).toEqual(['authorize', 'config d', 'put 2', 'find 1 2']);
});

test('a put that is refused ends it: there is no image that a daemon could push', async () => {
  const w = world();
  w.ecr.has('1', image('d'), {});
  w.ecr.denied.add('put');
  expect(await go(w)).toMatchObject({
    kind: 'failed',
    phase: 'push',
    error: { code: 'AWS_DENIED' },
    state: { pushed: [{ ref: { tag: '1' }, how: 'present' }], missing: ['2'] },
  });
  expect(told(w, 'tag-refused')).toEqual([{ type: 'tag-refused', ref: ref('2') }]);
});

test('where AWS hands out no manifests, what is missing is built and pushed', async () => {
  const w = world();
  w.ecr.terse = true;
  w.ecr.has('1', image('d'), {});
  expect(await go(w)).toMatchObject({ kind: 'pushed', result: { from: 'build' } });
  expect(made(w)).toEqual(['1 present d', '2 pushed d']);
  expect(w.docker.inspected).not.toContain(`inspect ${HOST}/shop/cart:1`);
  w.events.length = 0;
  w.ecr.has('2', image('d'), {});
  expect(await go(w)).toMatchObject({ kind: 'pushed', result: { from: 'registry' } });
});

test('the host is the one that the token names where nothing else tells it', async () => {
  const w = world();
  w.ecr.has('1', image('d'), {});
  w.ecr.denied.add('describe');
  const repository = { host: undefined, registry: undefined, path: 'shop/cart' };
  expect(await go(w, { repository })).toMatchObject({ pushed: [{ ref: ref('1') }, { ref: ref('2') }] });
});

test('a label is believed with the key alone, where the agent has one', async () => {
  const w = world();
  const run = { ...plan().run, reuseKey: new Secret('a key of the agent') };
  w.ecr.has('1', image('d'), {});
  expect((await failureOf(w, { run })).message).toBe(
    `Tag 1 of shop/cart is already there and is not this run's image: ${digest('d')}`,
  );
  w.ecr.has('1', image('d'), {}, new Secret('another key'));
  expect((await failureOf(w, { run })).code).toBe('TAG_FOREIGN');
  w.ecr.has('1', image('d'), {}, run.reuseKey);
  expect(await go(w, { run })).toMatchObject({ kind: 'pushed', result: { from: 'registry' } });
});

test('in a repository whose tags may not move, overwrite finds its own image too', async () => {
  const w = world();
  w.ecr.mutability = 'IMMUTABLE';
  w.ecr.has('1', image('d'), {});
  expect(await go(w, { existingTag: 'overwrite' })).toMatchObject({ kind: 'pushed', result: { from: 'registry' } });
  expect(made(w)).toEqual(['1 present d', '2 put d']);
});

test('a tag that somebody moves meanwhile fails the run', async () => {
  const w = world();
  w.ecr.has('1', image('d'), {});
  w.ecr.has('2', image('d'), {});
  w.ecr.faults.set('find', [() => undefined, () => w.ecr.has('2', image('e'))]);
  const error = await failureOf(w);
  expect([error.code, error.hop, error.message]).toEqual([
    'DIGEST_FOREIGN',
    'agent-aws',
    `${HOST}/shop/cart:2 was there already as ${digest('d')}, and the registry now has ${digest('e')} under that tag`,
  ]);
});

test('cancelled while AWS is asked: nothing of it is left', async () => {
  const w = world();
  w.ecr.has('1', image('d'), {});
  w.ecr.faults.set('put', ['hang']);
  const cancel = new AbortController();
  const running = go(w, {}, cancel.signal);
  await new Promise((done) => setTimeout(done, 5));
  cancel.abort('signal');
  expect(await running).toMatchObject({ kind: 'cancelled', phase: 'push', state: { missing: ['2'] } });
  expect(told(w, 'tag-refused')).toEqual([]);
});
