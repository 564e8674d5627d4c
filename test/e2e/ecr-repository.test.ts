import { describeWithLab, lab, labClient } from '../lab/client';
import { expectDone, expectFailed, operations, sized } from './ecr';
import { Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const SETTINGS = JSON.stringify({
  imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
  imageTagMutabilityExclusionFilters: ['latest*'],
  scanOnPush: true,
  lifecyclePolicy: { rules: [{ rulePriority: 1, action: { type: 'expire' }, selection: { countNumber: 9 } }] },
  repositoryPolicy: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::210987654321:root' },
        Action: 'ecr:BatchGetImage',
      },
    ],
  },
  tags: { team: 'payments' },
});

describeWithLab('the repository', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('is made by two jobs at once, with its settings, and pushed to by both; afterwards nothing drifts', async () => {
    const [one, two] = [await Scene.open(agent, sized('one\n')), await Scene.open(agent, sized('two\n'))];
    const name = one.scope.name('made');
    const config = {
      Repository: `${lab().registry.host}/${name}`,
      Region: lab().registry.region,
      RegistryId: lab().registry.account,
      CreateRepository: 'if-missing',
      RepositorySettings: SETTINGS,
    };
    // Both have seen that it is missing before either makes it.
    for (const { scope } of [one, two]) {
      const match = { operation: 'CreateRepository' };
      await scope.fault({ on: 'aws', match, action: { delayMs: 1_000 } });
    }
    const done = await Promise.all([one.execute({ ...config, Tags: 'one' }), two.execute({ ...config, Tags: 'two' })]);
    for (const job of done) expect([job.success, job.message]).toEqual([true, expect.any(String) as string]);
    const made = [...(await one.scope.awsRequests()), ...(await two.scope.awsRequests())];
    const errors = made.filter(({ operation }) => operation === 'CreateRepository').map(({ error }) => error);
    expect(errors.sort()).toEqual(['RepositoryAlreadyExistsException', null]);
    expect(await labClient.tags(name)).toEqual(['one', 'two']);
    const log = expectDone(await one.execute({ ...config, Mode: 'check', Tags: 'three' }));
    expect(log).toContain('its tags are immutable, except latest*');
    expect(log).not.toContain('drift');
  });

  test('one that is there is compared, line by line, and left as it is', async () => {
    const scene = await Scene.open(agent, sized('drift\n'));
    const config = { Mode: 'check', RepositorySettings: SETTINGS };
    const log = expectDone(await scene.execute(config));
    for (const setting of ['imageTagMutability', 'scanOnPush', 'lifecyclePolicy', 'repositoryPolicy', 'tags'])
      expect(log).toMatch(new RegExp(`drift +${setting}.* wanted .*, found .* \\(nothing is changed\\)`));
    expect((await operations(scene)).filter((operation) => /^(Create|Put|Set|Tag)/.test(operation))).toEqual([]);
  });

  test('a region or account that contradicts the host is told with both, before anybody is asked', async () => {
    const scene = await Scene.open(agent);
    const [near] = lab().ecrRegistries;
    const config = {
      Repository: `${near!.host}/${scene.scope.name('app')}`,
      Region: 'us-east-1',
      RegistryId: '123456789012',
    };
    const log = expectFailed(await scene.execute(config), /^CONFIG_INVALID: /);
    for (const text of ['us-east-1', near!.region, '123456789012', near!.account]) expect(log).toContain(text);
    expect(await scene.scope.awsRequests()).toEqual([]);
  });

  test('is not made where nobody says in which registry, nor where nobody asked for it', async () => {
    const scene = await Scene.open(agent);
    const name = scene.scope.name('missing');
    const vague = await scene.execute({ Repository: name, CreateRepository: 'if-missing' });
    expect(expectFailed(vague, /^CONFIG_INVALID: /)).toContain('CreateRepository');
    expect(await scene.scope.awsRequests()).toEqual([]);
    expectFailed(await scene.execute({ Repository: name }), /^ECR_REPOSITORY_MISSING: /);
    expect(await operations(scene)).not.toContain('CreateRepository');
  });
});
