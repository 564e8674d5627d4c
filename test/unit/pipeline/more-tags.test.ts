import { digest, failure, HOST, image, world } from './fake-ports';
import { failureOf, go, made, notes, tags, told } from './going';

const ten = tags('1', '2', '3', '4', '5', '6', '7', '8', '9', '10');
const refused = (tag: string) => ({ type: 'tag-refused', ref: { repository: { host: HOST, path: 'shop/cart' }, tag } });

test('the daemon pushes the first tag, AWS puts the others, four at a time, and one look proves them', async () => {
  const w = world();
  let running = 0;
  let most = 0;
  const slow = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, 1));
    running--;
  };
  w.ecr.faults.set(
    'put',
    Array.from({ length: 9 }, () => slow),
  );
  expect((await go(w, { tags: ten })).kind).toBe('pushed');
  expect(most).toBe(4);
  expect(made(w)).toEqual(['1 pushed d', ...ten.slice(1).map((tag) => `${tag} put d`)]);
  expect(w.docker.calls.filter((call) => call.startsWith('push'))).toEqual(['push 1']);
  expect(w.ecr.calls.filter((call) => call.startsWith('find'))).toEqual([
    `find ${ten.join(' ')}`,
    'find @d',
    `find ${ten.slice(1).join(' ')}`,
  ]);
  expect(told(w, 'digest-verified').map(({ by }) => by)).toEqual(['registry', ...Array<string>(9).fill('aws')]);
});

test('one tag alone needs no look of AWS after the push', async () => {
  const w = world();
  expect((await go(w, { tags: tags('1') })).kind).toBe('pushed');
  expect(w.ecr.calls).toEqual(['find 1', 'describe', 'identity', 'authorize']);
});

test('what AWS may not put is pushed by the daemon, which is told once', async () => {
  const w = world();
  w.ecr.denied.add('put');
  expect((await go(w, { tags: tags('1', '2', '3'), floatingTags: tags('latest') })).kind).toBe('pushed');
  expect(made(w)).toEqual(['1 pushed d', '2 pushed d', '3 pushed d', 'latest pushed d']);
  expect(notes(w)).toEqual(['The daemon pushes each tag of shop/cart: ecr:PutImage is denied to the agent']);
  expect(w.ecr.calls.filter((call) => call.startsWith('put'))).toEqual(['put 2', 'put 3']);
});

test('and so it is where AWS hands out no manifests', async () => {
  const w = world();
  w.ecr.terse = true;
  expect((await go(w, { floatingTags: tags('latest') })).kind).toBe('pushed');
  expect(made(w)).toEqual(['1 pushed d', '2 pushed d', 'latest pushed d']);
  expect(notes(w)).toEqual(['The daemon pushes each tag of shop/cart: AWS does not hand out its manifest']);
});

test('a put that fails ends the push when all that were begun have ended; what is there is told', async () => {
  const w = world();
  w.ecr.faults.set('put 2', [failure('TAG_IMMUTABLE')]);
  expect(await go(w, { tags: tags('1', '2', '3') })).toMatchObject({
    kind: 'failed',
    phase: 'push',
    error: { code: 'TAG_IMMUTABLE' },
    state: { pushed: [{ ref: { tag: '1' } }, { ref: { tag: '3' }, how: 'put' }], missing: ['2'] },
  });
  expect(told(w, 'tag-refused')).toEqual([refused('2')]);
});

test('a put that is throttled is tried again', async () => {
  const w = world();
  const throttled = failure('AWS_THROTTLED', { transient: true, words: 'Rate exceeded' });
  w.ecr.faults.set('put 2', [throttled, throttled]);
  expect((await go(w)).kind).toBe('pushed');
  const what = 'tag 2 in shop/cart';
  expect(told(w, 'retrying')).toEqual([
    { type: 'retrying', what, attempt: 2, attempts: 5, delayMs: 250, reason: 'Rate exceeded' },
    { type: 'retrying', what, attempt: 3, attempts: 5, delayMs: 500, reason: 'Rate exceeded' },
  ]);
});

test('a tag that was put and names something else afterwards fails the run', async () => {
  const w = world();
  const nothing = (): void => undefined;
  w.ecr.faults.set('find', [nothing, nothing, () => w.ecr.has('2', image('e'))]);
  const error = await failureOf(w);
  expect([error.code, error.hop, error.message, error.hint]).toEqual([
    'DIGEST_FOREIGN',
    'agent-aws',
    `${HOST}/shop/cart:2 was put as ${digest('d')}, and the registry now has ${digest('e')} under that tag`,
    'Somebody else pushes or deletes this tag: give each run a tag of its own, and run this one again',
  ]);
});

test('Cleanup=keep leaves all tags on the daemon, those that AWS put too', async () => {
  const w = world();
  await go(w, { cleanup: 'keep', floatingTags: tags('latest') });
  const refs = ['1', '2', 'latest'].map((tag) => `${HOST}/shop/cart:${tag}`);
  expect([...w.docker.tags.keys()]).toEqual(['gocd-ecr-task/cache:00aa', ...refs]);
});

test('Mode=build names the image by all tags', async () => {
  expect(await go(world(), { mode: 'build', floatingTags: tags('latest') })).toMatchObject({
    kind: 'built',
    refs: ['1', '2', 'latest'].map((tag) => `${HOST}/shop/cart:${tag}`),
    result: { from: 'build', builder: 'classic' },
  });
});
