import type { RepositorySettings } from '../../../src/domain/repository-settings';
import { failure, HOST, image, OTHER_HOST, world } from './fake-ports';
import { go, made, phases, told } from './going';

const settings: RepositorySettings = {
  imageTagMutability: 'IMMUTABLE',
  imageTagMutabilityExclusionFilters: [],
  scanOnPush: true,
  encryption: undefined,
  lifecyclePolicy: undefined,
  repositoryPolicy: undefined,
  tags: new Map(),
};
const creation = { ifMissing: true, settings };
const missing = () => {
  const w = world();
  w.ecr.missing = true;
  return w;
};

test('if-missing: a repository that is missing is made, as its settings say', async () => {
  const w = missing();
  expect((await go(w, { creation })).kind).toBe('pushed');
  expect(w.ecr.createdWith).toBe(settings);
  expect(w.ecr.calls.slice(0, 5)).toEqual(['find 1 2', 'describe', 'identity', 'authorize', 'create']);
  expect(w.ecr.calls).not.toContain('compare');
  expect(told(w, 'repository-described')).toEqual([
    { type: 'repository-described', name: 'shop/cart', exists: true, mutability: 'MUTABLE', created: true },
  ]);
  expect(told(w, 'tag-described').map(({ state }) => state)).toEqual(['free', 'free']);
  expect(made(w)).toEqual(['1 pushed d', '2 put d']);
});

test('one that another job makes at the same moment is as good, and its tags are looked up', async () => {
  const w = missing();
  w.ecr.beaten = true;
  w.ecr.faults.set('create', [() => w.ecr.has('1', image('e'))]);
  expect(await go(w, { creation })).toMatchObject({ kind: 'failed', error: { code: 'TAG_FOREIGN' } });
  expect(told(w, 'repository-described')[0]).not.toHaveProperty('created');
});

test('never: it is an error before anything is built', async () => {
  const w = missing();
  expect(await go(w)).toMatchObject({ kind: 'failed', phase: 'preflight', error: { code: 'ECR_REPOSITORY_MISSING' } });
  expect(w.ecr.calls).not.toContain('create');
});

test('where the repository may not be looked up, its images tell that it is missing', async () => {
  const w = missing();
  w.ecr.denied.add('describe');
  expect((await go(w, { creation })).kind).toBe('pushed');
  expect(told(w, 'repository-described')[0]).toMatchObject({ exists: true, created: true });
  const never = missing();
  never.ecr.denied.add('describe');
  expect(await go(never)).toMatchObject({ kind: 'failed', error: { code: 'ECR_REPOSITORY_MISSING' } });
});

test('and where neither may be, the push will tell', async () => {
  const w = world();
  w.ecr.denied = new Set(['describe', 'find']);
  expect((await go(w, { creation })).kind).toBe('pushed');
  expect(told(w, 'repository-described')[0]).toMatchObject({ exists: undefined });
  expect(w.ecr.calls).not.toContain('create');
});

test('a creation that is throttled is tried again; one that is refused ends the run', async () => {
  const w = missing();
  w.ecr.faults.set('create', [failure('AWS_THROTTLED', { transient: true, words: 'Rate exceeded' })]);
  expect((await go(w, { creation })).kind).toBe('pushed');
  expect(told(w, 'retrying').map(({ what, attempt }) => [what, attempt])).toEqual([
    ['creation of repository shop/cart', 2],
  ]);
  const refused = missing();
  refused.ecr.denied.add('create');
  expect(await go(refused, { creation })).toMatchObject({
    kind: 'failed',
    phase: 'preflight',
    error: { code: 'AWS_DENIED' },
    state: { missing: ['1', '2'] },
  });
  expect(refused.docker.calls).toEqual(['describe']);
});

test('Mode=check makes none, and says what a push would do', async () => {
  const w = missing();
  expect(await go(w, { creation, mode: 'check' })).toEqual({ kind: 'checked' });
  expect(w.ecr.calls).not.toContain('create');
  const [repository] = told(w, 'hop-checked').filter(({ name }) => name === 'repository');
  expect(repository?.facts).toEqual([
    expect.objectContaining({ type: 'repository-described', exists: false }),
    { type: 'note', text: 'Mode=push would create the repository shop/cart' },
  ]);
  expect(w.docker.calls).toEqual(['reach', 'describe', 'diskUse', `login ${HOST}`]);
});

test('Mode=build makes none either', async () => {
  const w = missing();
  const repository = { host: undefined, registry: undefined, path: 'shop/cart' };
  expect(await go(w, { creation, mode: 'build', repository })).toMatchObject({
    error: { code: 'ECR_REPOSITORY_MISSING' },
  });
  expect(w.ecr.calls).not.toContain('create');
});

test('in what an existing one differs from the settings is told line by line, and nothing is changed', async () => {
  const w = world();
  w.ecr.drift = [
    { setting: 'imageTagMutability', wanted: 'IMMUTABLE', found: 'MUTABLE' },
    { setting: 'scanOnPush', wanted: 'true', found: 'not to be asked: ecr:X is denied' },
  ];
  expect((await go(w, { creation })).kind).toBe('pushed');
  expect(told(w, 'repository-drift')).toEqual(
    w.ecr.drift.map((drift) => ({ type: 'repository-drift', name: 'shop/cart', drift })),
  );
  const order = w.events.map(({ type }) => type).filter((type) => /^(repository|tag)-d/.test(type));
  expect(order).toEqual([
    'repository-described',
    'repository-drift',
    'repository-drift',
    'tag-described',
    'tag-described',
  ]);
});

test('without settings, or where the repository may not be looked up, nothing is compared', async () => {
  const w = world();
  await go(w, { creation: { ifMissing: true, settings: undefined } });
  w.ecr.denied.add('describe');
  await go(w, { creation, existingTag: 'overwrite' });
  expect(w.ecr.calls).not.toContain('compare');
});

test('the phases of a created repository are those of any other', async () => {
  const w = missing();
  await go(w, { creation });
  expect(phases(w)).toEqual(['preflight', 'login', 'build', 'push', 'verify', 'cleanup']);
});

test('the host that is pushed to is that of the repository, not of the token', async () => {
  const w = world();
  w.ecr.describeRepository = async () => ({ host: OTHER_HOST, mutability: 'MUTABLE', exclusions: [] });
  const repository = { host: undefined, registry: undefined, path: 'shop/cart' };
  expect(await go(w, { repository })).toMatchObject({ pushed: [{ ref: { repository: { host: OTHER_HOST } } }, {}] });
  expect(w.docker.calls).toContain(`login ${OTHER_HOST}`);
  w.docker.faults.set('describe', ['hang']);
  w.ecr.has('1', image('d'), {});
  expect(await go(w, { repository })).toMatchObject({
    result: { from: 'registry' },
    pushed: [{ ref: { repository: { host: OTHER_HOST } } }, {}],
  });
});
