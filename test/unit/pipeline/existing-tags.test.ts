import { digest, failure, HOST, id, image, world } from './fake-ports';
import { failureOf, go, made, notes, phases, tags, told } from './going';

const PUSHED = Date.UTC(2026, 10, 23, 10);
const HINT = 'A tag that should move belongs in FloatingTags; to replace it, set ExistingTag=overwrite';
const OTHER = digest('e');

test('reuse: a tag of another run ends the run before the build, and says what is there and since when', async () => {
  const w = world();
  w.ecr.has('1', image('e'), { counter: '6' });
  w.ecr.ages.set(OTHER, PUSHED);
  const error = await failureOf(w);
  expect([error.code, error.hop, error.blame, error.message, error.hint]).toEqual([
    'TAG_FOREIGN',
    'none',
    'config',
    `Tag 1 of shop/cart is already there and is not this run's image: ${OTHER}, pushed 2026-11-23T10:00:00Z by run 6`,
    HINT,
  ]);
  expect(w.docker.calls).not.toContain('build');
  expect(told(w, 'tag-described')).toEqual([
    {
      type: 'tag-described',
      tag: '1',
      floating: false,
      state: 'foreign',
      digest: OTHER,
      run: 'run 6',
      since: PUSHED,
    },
    { type: 'tag-described', tag: '2', floating: false, state: 'free' },
  ]);
});

test('reuse: the AWS line is proven all the same', async () => {
  const w = world();
  w.ecr.has('1', image('e'));
  expect(await go(w)).toMatchObject({
    phase: 'preflight',
    state: { awsProven: 'role gocd-push', daemonProven: 'unix:///d.sock (Engine 20.10.24)', missing: ['1', '2'] },
  });
});

test.each<[string, (w: ReturnType<typeof world>) => void, string]>([
  ['nothing is known', () => undefined, OTHER],
  ['only its age is', (w) => w.ecr.ages.set(OTHER, PUSHED), `${OTHER}, pushed 2026-11-23T10:00:00Z`],
  [
    'its age may not be asked',
    (w) => {
      w.ecr.has('1', image('e'), { counter: '6' });
      w.ecr.denied.add('age');
    },
    `${OTHER}, made by run 6`,
  ],
  [
    'it is of another pipeline',
    (w) => w.ecr.has('1', image('e'), { pipeline: 'release', counter: '3' }),
    `${OTHER}, made by run 3 of pipeline release`,
  ],
  [
    'it is of this run, made with other fields',
    (w) => w.ecr.has('1', image('e'), { fields: 'f11' }),
    `${OTHER}, made by run 7 with other fields`,
  ],
])('reuse, and of what is there %s', async (_what, prepare, there) => {
  const w = world();
  w.ecr.has('1', image('e'));
  prepare(w);
  expect((await failureOf(w)).message).toBe(
    `Tag 1 of shop/cart is already there and is not this run's image: ${there}`,
  );
});

test('fail: any tag that is there ends the run, this run’s too', async () => {
  const w = world();
  w.ecr.has('2', image('d'), {});
  w.ecr.ages.set(digest('d'), PUSHED);
  const error = await failureOf(w, { existingTag: 'fail' });
  expect([error.code, error.message, error.hint]).toEqual([
    'TAG_EXISTS',
    `Tag 2 of shop/cart is already there, and ExistingTag=fail: ${digest('d')}, pushed 2026-11-23T10:00:00Z by run 7`,
    'Give this run a tag of its own; ExistingTag=reuse lets a rerun find its own image again',
  ]);
  expect((await go(world(), { existingTag: 'fail' })).kind).toBe('pushed');
});

test('overwrite: what is there is moved, and nobody is asked whose it was', async () => {
  const w = world();
  w.ecr.has('1', image('e'));
  w.ecr.has('2', image('e'));
  expect((await go(w, { existingTag: 'overwrite' })).kind).toBe('pushed');
  expect([made(w), w.ecr.tags.get('2')?.digest]).toEqual([['1 pushed d', '2 put d'], digest('d')]);
  expect(told(w, 'tag-pushed').map(({ previous }) => previous)).toEqual([OTHER, OTHER]);
  expect(w.ecr.calls.filter((call) => call.startsWith('config'))).toEqual([]);
});

test('overwrite: a tag that may not move ends the run before the build', async () => {
  const w = world();
  w.ecr.mutability = 'IMMUTABLE';
  w.ecr.has('1', image('e'), { counter: '6' });
  const error = await failureOf(w, { existingTag: 'overwrite' });
  expect([error.code, error.message, error.hint]).toEqual([
    'TAG_IMMUTABLE',
    `Tag 1 of shop/cart names another image, and the repository (IMMUTABLE) does not let it move: ${OTHER}, made by run 6`,
    'Give this run a tag of its own: in this repository ExistingTag=overwrite cannot replace it',
  ]);
  expect(w.docker.calls).not.toContain('build');
});

test('overwrite: a filter that excludes the tag lets it move', async () => {
  const w = world();
  w.ecr.mutability = 'IMMUTABLE_WITH_EXCLUSION';
  w.ecr.exclusions = ['1*'];
  w.ecr.has('1', image('e'));
  expect((await go(w, { existingTag: 'overwrite' })).kind).toBe('pushed');
  expect(told(w, 'repository-described')).toEqual([
    {
      type: 'repository-described',
      name: 'shop/cart',
      exists: true,
      mutability: 'IMMUTABLE_WITH_EXCLUSION',
      exclusions: ['1*'],
    },
  ]);
});

test('a floating tag that may not move ends the run before the build as well', async () => {
  const w = world();
  w.ecr.mutability = 'IMMUTABLE';
  w.ecr.has('latest', image('e'), { counter: '6' });
  const error = await failureOf(w, { floatingTags: tags('latest') });
  expect([error.code, error.message, error.hint]).toEqual([
    'TAG_IMMUTABLE',
    `Tag latest of shop/cart names another image, and the repository (IMMUTABLE) does not let it move: ${OTHER}, made by run 6`,
    "Add an exclusion filter for latest to the repository's imageTagMutability, or take the tag out of FloatingTags",
  ]);
  expect(w.docker.calls).not.toContain('build');
});

test.each(['classic', 'containerd'] as const)(
  'a rebuild that comes to the same image (%s store) is not pushed: one look before, one after',
  async (store) => {
    const w = world();
    const same = store === 'classic' ? image('d', id('a')) : image('a', id('c'));
    w.ecr.has('1', same);
    w.ecr.has('2', same);
    expect((await go(w, { existingTag: 'overwrite' })).kind).toBe('pushed');
    expect(made(w)).toEqual([`1 present ${same.digest[7]!}`, `2 present ${same.digest[7]!}`]);
    expect(w.ecr.calls).toEqual(['find 1 2', 'describe', 'identity', 'authorize', 'find 1 2']);
    expect(w.docker.calls).toEqual(['describe', `login ${HOST}`, 'build', 'remove run']);
    expect(w.docker.inspected.filter((call) => call.includes('shop/cart'))).toEqual([]);
    expect(told(w, 'digest-verified').map(({ by }) => by)).toEqual(['aws', 'aws']);
  },
);

test('a rebuild whose image one tag has already: the others are put beside it', async () => {
  const w = world();
  w.ecr.has('2', image('d', id('a')));
  expect((await go(w, { existingTag: 'overwrite' })).kind).toBe('pushed');
  expect(made(w)).toEqual(['2 present d', '1 put d']);
  expect(w.docker.calls).not.toContain('push 1');
});

describe('labels that cannot be read', () => {
  const denied = () => {
    const w = world();
    w.ecr.denied.add('config');
    return w;
  };

  test('the missing action is named, and a tag that proves to be this image is ours', async () => {
    const w = denied();
    w.ecr.has('1', image('d', id('a')));
    w.ecr.has('2', image('d', id('a')));
    expect((await go(w)).kind).toBe('pushed');
    expect(made(w)).toEqual(['1 present d', '2 present d']);
    expect(notes(w)).toEqual([
      'The labels of images in shop/cart cannot be read (ecr:GetDownloadUrlForLayer is denied): tags 1, 2 are compared with the image once it is built',
    ]);
    expect(told(w, 'tag-described').map(({ state }) => state)).toEqual(['undecided', 'undecided']);
  });

  test('what proves to be another image is foreign, and nothing is pushed', async () => {
    const w = denied();
    w.ecr.has('2', image('e'));
    w.ecr.ages.set(OTHER, PUSHED);
    const error = await failureOf(w);
    expect([error.code, error.message, error.hint]).toEqual([
      'TAG_FOREIGN',
      `Tag 2 of shop/cart is already there and is not the image that was built: ${OTHER}`,
      HINT,
    ]);
    expect(w.docker.calls).toContain('build');
    expect(w.docker.calls).not.toContain('push 1');
  });

  test('in a repository that does not let it move that is told', async () => {
    const w = denied();
    w.ecr.mutability = 'IMMUTABLE';
    w.ecr.has('2', image('e'));
    const error = await failureOf(w, { existingTag: 'overwrite' });
    expect([error.code, error.message]).toEqual([
      'TAG_IMMUTABLE',
      `Tag 2 of shop/cart names another image, and the repository (IMMUTABLE) does not let it move: ${OTHER}`,
    ]);
  });

  test('storage that the agent does not reach is no reason to fail', async () => {
    const w = world();
    w.ecr.faults.set('config', [failure('AWS_UNREACHABLE')]);
    w.ecr.has('1', image('d', id('a')));
    expect((await go(w)).kind).toBe('pushed');
    expect(notes(w)).toEqual([
      'The labels of images in shop/cart cannot be read (it is AWS_UNREACHABLE): tag 1 is compared with the image once it is built',
    ]);
  });
});

describe('outside GoCD', () => {
  const run = (w: ReturnType<typeof world>) =>
    go(w, { run: { ...planRun, mark: { pipeline: '', counter: '', revision: '', fields: 'f00' } } });
  const planRun = {
    server: '',
    pipeline: '',
    counter: '',
    label: '',
    stage: '',
    stageCounter: '',
    job: '',
    revisions: new Map<string, string>(),
    repository: `${HOST}/shop/cart`,
    reuseKey: undefined,
    taskKey: '00aa',
  };

  test('no label is believed: the image is built and compared', async () => {
    const w = world();
    w.ecr.has('1', image('e'), { pipeline: '', counter: '' });
    expect(await run(w)).toMatchObject({ kind: 'failed', error: { code: 'TAG_FOREIGN' } });
    expect(notes(w)).toEqual([
      'Outside GoCD no label tells one run from another: tag 1 is compared with the image once it is built',
    ]);
  });

  test('equal layers and settings are the same image, whatever its digest is', async () => {
    const w = world();
    w.ecr.has('1', image('e'));
    w.ecr.configs.set(OTHER, { ...w.ecr.configs.get(OTHER)!, content: { layers: ['l1'], settings: 'built' } });
    expect((await run(w)).kind).toBe('pushed');
    expect(made(w)).toEqual(['1 present e', '2 put e']);
    expect(w.ecr.calls.filter((call) => call.startsWith('config'))).toEqual(['config e']);
  });
});

test('a look-up that may not be made leaves it to the daemon', async () => {
  const w = world();
  w.ecr.denied.add('find');
  w.ecr.has('1', image('e'));
  expect((await go(w, { floatingTags: tags('latest') })).kind).toBe('pushed');
  expect(made(w)).toEqual(['1 pushed d', '2 pushed d', 'latest pushed d']);
  expect(notes(w)).toEqual(['The daemon pushes each tag of shop/cart: ecr:BatchGetImage is denied']);
  expect(w.ecr.calls).toEqual(['find 1 2 latest', 'describe', 'identity', 'authorize']);
});

test('Mode=check says the same as a push would', async () => {
  const w = world();
  w.ecr.has('1', image('e'));
  expect((await failureOf(w, { mode: 'check' })).code).toBe('TAG_FOREIGN');
  expect(phases(w)).toEqual([]);
});
