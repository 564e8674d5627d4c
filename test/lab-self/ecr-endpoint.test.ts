import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import { describeWithLab, lab, labClient } from '../lab/client';
import { ecrClient } from './aws-client';

describeWithLab('the ECR endpoint, by the real SDK', () => {
  test('gives a token for its registry, for 12 hours', async () => {
    const scope = labClient.scope();
    const { authorizationData } = await ecrClient(scope).send(new GetAuthorizationTokenCommand({}));
    const [data] = authorizationData!;
    const [user, password] = Buffer.from(data!.authorizationToken!, 'base64').toString().split(':');
    expect(user).toBe('AWS');
    expect(password!.length).toBeGreaterThanOrEqual(60);
    expect(data!.proxyEndpoint).toBe(lab().registry.url);
    expect((data!.expiresAt!.getTime() - Date.now()) / 3_600_000).toBeCloseTo(12, 1);
  });

  test('names the registry of the account and region that are asked for', async () => {
    const scope = labClient.scope();
    // Deprecated, and what everybody uses: only so does the answer name another account's registry.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const asked = new GetAuthorizationTokenCommand({ registryIds: ['210987654321'] });
    const endpointIn = async (region: string) =>
      (await ecrClient(scope, region).send(asked)).authorizationData![0]!.proxyEndpoint;
    expect(await endpointIn('us-east-1')).toBe('https://210987654321.dkr.ecr.us-east-1.amazonaws.com');
    expect(await endpointIn('eu-central-1')).toBe('https://210987654321.dkr.ecr.eu-central-1.amazonaws.com');
  });

  test('orders tokens with a lifetime, and a false proxyEndpoint', async () => {
    const scope = labClient.scope();
    const match = { operation: 'GetAuthorizationToken' };
    await scope.fault({ on: 'aws', match, action: { tokenLifetimeSeconds: -1 } });
    await scope.fault({ on: 'aws', match, action: { proxyEndpoint: 'https://elsewhere.example' } });
    const get = async () => (await ecrClient(scope).send(new GetAuthorizationTokenCommand({}))).authorizationData![0]!;
    expect((await get()).expiresAt!.getTime()).toBeLessThan(Date.now());
    expect((await get()).proxyEndpoint).toBe('https://elsewhere.example');
    expect((await get()).proxyEndpoint).toBe(lab().registry.url);
  });

  test('knows repositories, and says in ECR’s words which it does not know', async () => {
    const scope = labClient.scope();
    const uri = await scope.repository('app', { immutable: true });
    const describe = (name: string) =>
      ecrClient(scope).send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
    expect((await describe(scope.name('app'))).repositories).toMatchObject([
      { repositoryUri: uri, imageTagMutability: 'IMMUTABLE', registryId: '123456789012' },
    ]);
    await expect(describe(scope.name('nope'))).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
      message: `The repository with name '${scope.name('nope')}' does not exist in the registry with id '123456789012'`,
    });
  });

  test('creates a repository once, with its settings', async () => {
    const scope = labClient.scope();
    const repositoryName = scope.name('made');
    const create = () =>
      ecrClient(scope).send(new CreateRepositoryCommand({ repositoryName, imageTagMutability: 'IMMUTABLE' }));
    expect((await create()).repository?.repositoryUri).toBe(`${lab().registry.host}/${repositoryName}`);
    await expect(create()).rejects.toMatchObject({ name: 'RepositoryAlreadyExistsException' });
    const policy = new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: '{"rules":[]}' });
    expect(await ecrClient(scope).send(policy)).toMatchObject({ lifecyclePolicyText: '{"rules":[]}' });
  });

  test('says that an image is not there', async () => {
    const scope = labClient.scope();
    await scope.repository('app');
    const query = { repositoryName: scope.name('app'), imageIds: [{ imageTag: '1' }] };
    expect(await ecrClient(scope).send(new BatchGetImageCommand(query))).toMatchObject({
      images: [],
      failures: [{ failureCode: 'ImageNotFound', imageId: { imageTag: '1' } }],
    });
    await expect(ecrClient(scope).send(new DescribeImagesCommand(query))).rejects.toMatchObject({
      name: 'ImageNotFoundException',
    });
  });

  test.each([
    ['AccessDeniedException', 400],
    ['ThrottlingException', 400],
    ['ServerException', 500],
    ['ExpiredTokenException', 400],
    ['UnrecognizedClientException', 400],
    ['InvalidSignatureException', 400],
  ] as const)('fails with %s as often as was ordered, for that caller only', async (error, status) => {
    const [scope, other] = [labClient.scope(), labClient.scope()];
    await scope.fault({ on: 'aws', match: { operation: 'GetAuthorizationToken' }, times: 2, action: { error } });
    const get = () => ecrClient(scope).send(new GetAuthorizationTokenCommand({}));
    await ecrClient(other).send(new GetAuthorizationTokenCommand({}));
    for (let time = 0; time < 2; time++) {
      await expect(get()).rejects.toMatchObject({ name: error, $metadata: { httpStatusCode: status } });
    }
    await get();
    expect((await scope.awsRequests()).map((record) => record.error)).toEqual([error, error, null]);
  });

  test('breaks connections', async () => {
    const scope = labClient.scope();
    await scope.fault({ on: 'aws', action: 'reset' });
    await expect(ecrClient(scope).send(new GetAuthorizationTokenCommand({}))).rejects.toThrow('read ECONNRESET');
    expect((await scope.awsRequests())[0]?.status).toBe(0);
  });

  test('keeps a caller waiting: for a while, or for good', async () => {
    const scope = labClient.scope();
    const get = (abortSignal?: AbortSignal) =>
      ecrClient(scope).send(new GetAuthorizationTokenCommand({}), abortSignal === undefined ? {} : { abortSignal });
    await scope.fault({ on: 'aws', action: { delayMs: 300 } });
    await scope.fault({ on: 'aws', action: 'hang' });
    const started = Date.now();
    await get();
    expect(Date.now() - started).toBeGreaterThanOrEqual(295);
    await expect(get(AbortSignal.timeout(300))).rejects.toThrow();
    await get();
  });
});
