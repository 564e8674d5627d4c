import { digest, failure, HOST, id, image, world, type World } from './fake-ports';
import { failureOf, go, made, notes, tags, told } from './going';

const floatingTags = tags('latest');
/** What happens at the n-th look at AWS's tags. */
const atLook = (w: World, count: number, happening: () => unknown): void =>
  void w.ecr.faults.set('find', [...Array.from({ length: count - 1 }, () => () => undefined), happening]);

test('a floating tag is put last, and read before and after', async () => {
  const w = world();
  w.ecr.has('latest', image('e'), { counter: '6' });
  expect((await go(w, { floatingTags })).kind).toBe('pushed');
  expect(made(w)).toEqual(['1 pushed d', '2 put d', 'latest put d']);
  expect(w.ecr.calls.slice(3)).toEqual([
    'authorize',
    'config e',
    'find @d latest',
    'put 2',
    'put latest',
    'find latest 2',
  ]);
  expect(told(w, 'tag-described').at(-1)).toEqual({
    type: 'tag-described',
    tag: 'latest',
    floating: true,
    state: 'moves',
    digest: digest('e'),
  });
  expect(told(w, 'tag-pushed').at(-1)).toMatchObject({ floating: true, previous: digest('e') });
  expect(notes(w)).toEqual([]);
});

test('it is exempt from ExistingTag', async () => {
  const w = world();
  w.ecr.has('latest', image('e'), { counter: '6' });
  expect((await go(w, { floatingTags, existingTag: 'fail' })).kind).toBe('pushed');
});

test('run 7 ends after run 8: latest stays where run 8 has moved it, and that is told', async () => {
  const w = world();
  w.ecr.has('latest', image('e'), { counter: '6' });
  w.docker.faults.set('build', [() => w.ecr.has('latest', image('f'), { counter: '8' })]);
  const outcome = await go(w, { floatingTags });
  expect(made(w)).toEqual(['1 pushed d', '2 put d', 'latest left f by run 8']);
  expect(outcome).toMatchObject({ kind: 'pushed', pushed: [{}, {}, { how: 'left', digest: digest('f') }] });
  expect(w.ecr.tags.get('latest')?.digest).toBe(digest('f'));
  expect(told(w, 'digest-verified').map(({ ref }) => ref.tag)).toEqual(['1', '2']);
});

test('a later run of another pipeline does not count', async () => {
  const w = world();
  w.ecr.has('latest', image('e'), { pipeline: 'other', counter: '8' });
  expect((await go(w, { floatingTags })).kind).toBe('pushed');
  expect(made(w).at(-1)).toBe('latest put d');
  expect(notes(w)).toEqual([]);
});

test('an image without a label of ours is moved from, and told', async () => {
  const w = world();
  w.ecr.has('latest', image('e'));
  expect((await go(w, { floatingTags })).kind).toBe('pushed');
  expect(made(w).at(-1)).toBe('latest put d');
  expect(notes(w)).toEqual([`Tag latest is moved: its image ${digest('e')} has no label that says which run made it`]);
});

test('and one whose labels cannot be read', async () => {
  const w = world();
  w.ecr.denied.add('config');
  w.ecr.has('latest', image('e'), { counter: '8' });
  expect((await go(w, { floatingTags })).kind).toBe('pushed');
  expect(made(w).at(-1)).toBe('latest put d');
  expect(notes(w)).toEqual([
    `Tag latest is moved, whichever run made its image ${digest('e')}: its labels cannot be read (ecr:GetDownloadUrlForLayer is denied)`,
  ]);
});

test('a later run that comes between our put and our look keeps the tag', async () => {
  const w = world();
  atLook(w, 3, () => w.ecr.has('latest', image('f'), { counter: '8' }));
  expect((await go(w, { floatingTags })).kind).toBe('pushed');
  expect(made(w).at(-1)).toBe('latest left f by run 8');
  expect(w.ecr.calls.filter((call) => call === 'put latest')).toHaveLength(1);
});

test('an earlier one that comes between is put over once', async () => {
  const w = world();
  atLook(w, 3, () => w.ecr.has('latest', image('f'), { counter: '5' }));
  expect((await go(w, { floatingTags })).kind).toBe('pushed');
  expect(made(w).at(-1)).toBe('latest put d');
  expect(w.ecr.calls.filter((call) => call === 'put latest')).toHaveLength(2);
  expect(w.ecr.tags.get('latest')?.digest).toBe(digest('d'));
});

test('that an image had no label is told once', async () => {
  const w = world();
  w.ecr.has('latest', image('e'));
  atLook(w, 3, () => w.ecr.has('latest', image('f')));
  expect((await go(w, { floatingTags })).kind).toBe('pushed');
  expect([made(w).at(-1), notes(w).length]).toEqual(['latest put d', 1]);
});

test('somebody who moves it each time is told', async () => {
  const w = world();
  const nothing = (): void => undefined;
  const steal = (): void => w.ecr.has('latest', image('f'), { counter: '5' });
  w.ecr.faults.set('find', [nothing, nothing, steal, steal]);
  const error = await failureOf(w, { floatingTags });
  expect([error.code, error.hop, error.message, error.hint]).toEqual([
    'TAG_CONTENDED',
    'agent-aws',
    `${HOST}/shop/cart:latest was moved to ${digest('d')} 2 times, and each time somebody else moved it on: it now names ${digest('f')}`,
    'Others move this tag at the same moment: run this one again, or leave the tag to one pipeline',
  ]);
});

test('a look after the put that fails takes nothing from it', async () => {
  const w = world();
  atLook(w, 3, () => Promise.reject(failure('AWS_ERROR')));
  expect((await go(w, { floatingTags })).kind).toBe('pushed');
  expect(made(w).at(-1)).toBe('latest put d');
  expect(told(w, 'digest-verified').map(({ ref, by }) => [ref.tag, by])).toEqual([
    ['1', 'registry'],
    ['2', 'daemon'],
    ['latest', 'daemon'],
  ]);
});

test('a rebuild of the image that it names already costs one look', async () => {
  const w = world();
  for (const each of ['1', '2', 'latest']) w.ecr.has(each, image('d', id('a')), { counter: '6' });
  expect((await go(w, { floatingTags, existingTag: 'overwrite' })).kind).toBe('pushed');
  expect(made(w)).toEqual(['1 present d', '2 present d', 'latest present d']);
  expect(w.ecr.calls.slice(3)).toEqual(['authorize', 'config d', 'find latest 1 2']);
});

test('one that may not move and names another attempt of this run stays', async () => {
  const w = world();
  w.ecr.mutability = 'IMMUTABLE';
  w.ecr.has('1', image('d'), {});
  w.ecr.has('latest', image('e'), {});
  expect((await go(w, { floatingTags })).kind).toBe('pushed');
  expect(made(w)).toEqual(['1 present d', '2 put d', 'latest present e']);
});

test('one that may not move and names the image of this run is as good as any other tag of it', async () => {
  const w = world();
  w.ecr.mutability = 'IMMUTABLE';
  w.ecr.has('latest', image('e'), {});
  expect(await go(w, { floatingTags })).toMatchObject({ kind: 'pushed', result: { from: 'registry' } });
  expect(made(w)).toEqual(['1 put e', '2 put e', 'latest present e']);
});

test('by the daemon where AWS may not be asked to put it', async () => {
  const w = world();
  w.ecr.denied.add('put');
  w.ecr.has('latest', image('e'), { counter: '6' });
  expect((await go(w, { floatingTags, tags: tags('1') })).kind).toBe('pushed');
  expect(made(w)).toEqual(['1 pushed d', 'latest pushed d']);
  expect(notes(w)).toEqual(['The daemon pushes each tag of shop/cart: ecr:PutImage is denied to the agent']);
});

test('a label that cannot be read for a moment is read again when it matters', async () => {
  const w = world();
  w.ecr.faults.set('config e', [failure('AWS_THROTTLED', { transient: true })]);
  w.ecr.has('latest', image('e'), { counter: '8' });
  expect((await go(w, { floatingTags })).kind).toBe('pushed');
  expect(made(w).at(-1)).toBe('latest left e by run 8');
  expect(told(w, 'retrying')).toEqual([
    {
      type: 'retrying',
      what: 'look-up of labels in shop/cart',
      attempt: 2,
      attempts: 5,
      delayMs: 250,
      reason: 'it is AWS_THROTTLED',
    },
  ]);
});
