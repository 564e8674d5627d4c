import { describeWithLab, lab, labClient } from '../lab/client';
import { publicSite } from '../lab/ecr-hosts';
import { PUSH_POLICY } from '../lab/policies';
import { expectDone, expectFailed, resultOf, sized } from './ecr';
import { Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

describeWithLab('several targets', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('two accounts and two regions in one job, each by its own role; one that fails stops no other; a rerun does what is missing', async () => {
    const scene = await Scene.open(agent, sized('everywhere\n'));
    const { scope } = scene;
    const [near, far] = lab().ecrRegistries;
    const name = scope.name('app');
    const dualStack = `${far!.account}.dkr-ecr.${far!.region}.on.aws`;
    const roles = {
      near: await scope.role('near', { account: near!.account, allowed: PUSH_POLICY }),
      far: await scope.role('far', { account: far!.account, allowed: PUSH_POLICY }),
    };
    await scope.allow([...PUSH_POLICY, 'ecr:GetDownloadUrlForLayer', 'sts:AssumeRole']);
    await scope.repository('app', { host: far!.host });
    const config = {
      Tags: '1,1.0',
      FloatingTags: 'latest',
      AlsoPushTo: `${near!.host}/${name} role=${roles.near}\n${dualStack}/${name} role=${roles.far}`,
    };

    // The one in the middle has no repository yet.
    const failed = expectFailed(await scene.execute(config), /^TARGETS_FAILED: /);
    expect(failed).toContain(
      `The repository with name '${name}' does not exist in the registry with id '${near!.account}'`,
    );
    const there = async (host?: string): Promise<string[]> => labClient.tags(name, host);
    expect([await there(), await there(near!.host), await there(far!.host)]).toEqual([
      ['1', '1.0', 'latest'],
      [],
      ['1', '1.0', 'latest'],
    ]);
    const digest = (await labClient.image(name, '1'))?.digest;
    expect((await labClient.image(name, 'latest', far!.host))?.digest).toBe(digest);
    await expectEachByItsOwn(scene, [near!.region, far!.region]);

    await scope.repository('app', { host: near!.host });
    const before = await puts(scene);
    expectDone(await scene.execute(config), 'there already');
    expect((await puts(scene)).slice(before.length).every((put) => put.includes(near!.host))).toBe(true);
    expect(await there(near!.host)).toEqual(['1', '1.0', 'latest']);
    expect((await labClient.image(name, 'latest', near!.host))?.digest).toBe(digest);
    const { images } = resultOf(scene);
    const hosts = [scene.repository.replace(/\/.*/, ''), near!.host, dualStack];
    expect(images.map(({ ref }) => ref)).toEqual(
      hosts.flatMap((host) => ['1', '1.0', 'latest'].map((tag) => `${host}/${name}:${tag}`)),
    );
  });
});

describeWithLab('ECR Public', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('takes a push, by a token of its own API, in its own region', async () => {
    const scene = await Scene.open(agent, sized('public\n'));
    const name = `${scene.scope.prefix}-app`;
    const repository = await scene.scope.repository(name, { host: publicSite.host });
    expectDone(
      await scene.execute({ Repository: repository, Tags: '1', FloatingTags: 'latest' }),
      `PUSHED ${repository}@`,
    );
    expect(await labClient.tags(scene.scope.name(name), publicSite.host)).toEqual(['1', 'latest']);
    const calls = (await scene.scope.awsRequests()).filter(({ service }) => service !== 'sts');
    expect(calls.map(({ service, region }) => `${service} ${region ?? ''}`)).toEqual(
      calls.map(() => 'ecr-public us-east-1'),
    );
    const denied = await scene.execute({ Repository: `${repository}-not-there`, ResultFile: 'other.json' });
    expectFailed(denied, /^ECR_REPOSITORY_MISSING: /);
  });
});

/** Which registry was written to, and how. */
async function puts({ scope }: Scene): Promise<string[]> {
  const all = await scope.registryRequests();
  return all.filter(({ method }) => method === 'PUT').map(({ host, path }) => `${host} ${path}`);
}

/** Nobody but the role of that line asks anything of that line's registry; the task's own key asks at home. */
async function expectEachByItsOwn({ scope }: Scene, regions: readonly string[]): Promise<void> {
  const calls = (await scope.awsRequests()).filter(({ service }) => service === 'ecr');
  const whoIn = (region: string): string[] => [
    ...new Set(calls.filter((call) => call.region === region).map(({ arn }) => arn.replace(/^.*:assumed-role\//, ''))),
  ];
  const session = `gocd-${scope.prefix}-7`;
  const [near = '', far = ''] = regions;
  expect([whoIn(lab().registry.region), whoIn(near), whoIn(far)]).toEqual([
    ['arn:aws:iam::123456789012:user/lab'],
    [`${scope.prefix}-near/${session}`],
    [`${scope.prefix}-far/${session}`],
  ]);
}
