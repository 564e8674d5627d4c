import { describeWithLab, labClient } from '../lab/client';
import { expectDone, expectFailed, NO_DAEMON, operations, resultOf, run, sized, writes } from './ecr';
import { REBUILD, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const TEN = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

const manifests = async (scene: Scene): Promise<string[]> =>
  (await writes(scene)).filter((write) => write.includes('/manifests/')).map((write) => write.replace(/.*\//, ''));

describeWithLab('floating tags', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('move forward only: run 41 that ends after run 42 leaves latest; another pipeline moves it', async () => {
    const scene = await Scene.open(agent, sized('42\n'));
    const floating = { FloatingTags: 'latest,main' };
    expectDone(await scene.execute({ Tags: '42', FloatingTags: 'latest' }, run(42)));
    const latest = resultOf(scene).digest;
    scene.write({ content: '41\n' });
    expectDone(await scene.execute({ ...floating, Tags: '41' }, run(41)), /latest +left at .*run 42/);
    const older = resultOf(scene).digest;
    expect(older).not.toBe(latest);
    expect((await scene.pushed('latest'))?.digest).toBe(latest);
    expect((await scene.pushed('main'))?.digest).toBe(older);
    // A rerun of run 41 has nothing to do, and still leaves it.
    expectDone(await scene.execute({ ...floating, ...NO_DAEMON, Tags: '41' }, run(41)), /latest +left at .*run 42/);
    const elsewhere = { variables: { ...run(3).variables, GO_PIPELINE_NAME: 'another' } };
    expectDone(await scene.execute({ ...floating, Tags: 'x' }, elsewhere), `latest  moved from ${latest}`);
    expect((await scene.pushed('latest'))?.digest).toBe(resultOf(scene).digest);
  });
});

describeWithLab('immutable tags', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('the same image is there: done; another one: told before the build; excluded tags move', async () => {
    const scene = await Scene.open(agent, sized('immutable\n'));
    const options = { mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['latest*'] } as const;
    await scene.scope.repository('app', options);
    const tags = { Tags: '1', FloatingTags: 'latest' };
    expectDone(await scene.execute(tags), 'its tags are immutable, except latest*');
    const [first, pushed] = [resultOf(scene).digest, await writes(scene)];
    expectDone(await scene.execute({ ...tags, ...NO_DAEMON }), 'there already');
    expectDone(await scene.execute({ ...tags, ...NO_DAEMON, ...REBUILD }), 'there already');
    expect(await writes(scene)).toEqual(pushed);
    const other = expectFailed(await scene.execute({ ...tags, ...REBUILD }, run(8)), /^TAG_IMMUTABLE: /);
    expect(other).not.toContain('[3/6]');
    expect(await writes(scene)).toEqual(pushed);
    scene.write({ content: 'next\n' });
    expectDone(await scene.execute({ ...tags, Tags: '2' }, run(8)), `latest  moved from ${first}`);
  });
});

describeWithLab('several tags', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('ten of them are one push and nine calls of PutImage', async () => {
    const scene = await Scene.open(agent, sized('ten\n'));
    expectDone(await scene.execute({ Tags: TEN.slice(0, 8).join(), FloatingTags: TEN.slice(8).join() }));
    expect(await labClient.tags(scene.scope.name('app'))).toEqual(TEN);
    expect(await manifests(scene)).toEqual(['a']);
    expect((await operations(scene)).filter((operation) => operation === 'PutImage')).toHaveLength(9);
    const [digest] = [resultOf(scene).digest];
    for (const tag of TEN) expect((await scene.pushed(tag))?.digest).toBe(digest);
  });

  test('a run that was broken off between them is resumed, and does only what is missing', async () => {
    const scene = await Scene.open(agent, sized('partly\n'));
    const tags = { Tags: 'a,b,c', FloatingTags: 'd' };
    const match = { operation: 'PutImage' };
    await scene.scope.fault({
      on: 'aws',
      match,
      after: 1,
      times: 'always',
      action: { error: 'InvalidParameterException' },
    });
    const log = expectFailed(await scene.execute(tags), /^AWS_ERROR: /);
    expect(log).toContain('a rerun');
    expect(await labClient.tags(scene.scope.name('app'))).toEqual(['a', 'b']);
    await scene.scope.reset();
    expectDone(await scene.execute({ ...tags, ...NO_DAEMON }));
    expect(await labClient.tags(scene.scope.name('app'))).toEqual(['a', 'b', 'c', 'd']);
    expect(await writes(scene)).toEqual([]);
    const puts = (await scene.scope.awsRequests()).filter(({ operation }) => operation === 'PutImage');
    expect(puts.map(({ input }) => input['imageTag'])).toEqual(['c', 'd']);
  });
});
