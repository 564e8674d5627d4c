import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  PutImageCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  type ECRClient,
} from '@aws-sdk/client-ecr';
import { describeWithLab, lab, labClient } from '../lab/client';
import { pushedDigest } from '../lab/engine-api';
import type { LabScope } from '../lab/lab-client';
import { ecrClient } from './aws-client';
import { login, push } from './pushing';

const HOME = '123456789012';

interface Made {
  readonly scope: LabScope;
  readonly client: ECRClient;
  readonly repositoryName: string;
}

async function made(): Promise<Made> {
  const scope = labClient.scope();
  await scope.repository('app');
  return { scope, client: ecrClient(scope), repositoryName: scope.name('app') };
}

describeWithLab('the settings of a repository, by the real SDK', () => {
  test('all that CreateRepository takes is there afterwards', async () => {
    const scope = labClient.scope();
    const [client, repositoryName] = [ecrClient(scope), scope.name('made')];
    const settings = {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest*' }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'alias/images' },
    } as const;
    const tags = [{ Key: 'team', Value: 'payments' }];
    await client.send(new CreateRepositoryCommand({ repositoryName, ...settings, tags } as never));
    const { repositories } = await client.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
    expect(repositories).toMatchObject([settings]);
    const resourceArn = repositories![0]!.repositoryArn!;
    expect(resourceArn).toBe(`arn:aws:ecr:eu-west-1:${HOME}:repository/${repositoryName}`);
    await client.send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'cost', Value: '1' }] }));
    const list = await client.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(list.tags).toEqual([...tags, { Key: 'cost', Value: '1' }]);
  });

  test('a lifecycle policy: none, one, and one that is none', async () => {
    const { client, repositoryName } = await made();
    const get = () => client.send(new GetLifecyclePolicyCommand({ repositoryName }));
    await expect(get()).rejects.toMatchObject({
      name: 'LifecyclePolicyNotFoundException',
      message: `Lifecycle policy does not exist for the repository with name '${repositoryName}' in the registry with id '${HOME}'`,
    });
    const put = (lifecyclePolicyText: string) =>
      client.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
    await expect(put('{}')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await put('{"rules":[]}');
    expect((await get()).lifecyclePolicyText).toBe('{"rules":[]}');
  });

  test('a repository policy comes back as AWS lays it out', async () => {
    const { client, repositoryName } = await made();
    const get = () => client.send(new GetRepositoryPolicyCommand({ repositoryName }));
    await expect(get()).rejects.toMatchObject({
      name: 'RepositoryPolicyNotFoundException',
      message: `Repository policy does not exist for the repository with name '${repositoryName}' in the registry with id '${HOME}'`,
    });
    const policyText = '{"Version":"2012-10-17","Statement":[]}';
    await client.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
    expect((await get()).policyText).toBe('{\n  "Version" : "2012-10-17",\n  "Statement" : []\n}');
  });

  test('at most a hundred images are asked for at once', async () => {
    const { client, repositoryName } = await made();
    const ask = (count: number) =>
      client.send(
        new BatchGetImageCommand({
          repositoryName,
          imageIds: Array.from({ length: count }, (_, index) => ({ imageTag: `t${index}` })),
        }),
      );
    expect((await ask(100)).failures).toHaveLength(100);
    await expect(ask(101)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('PutImage keeps immutable tags: the same image, another one, an excluded tag', async () => {
    const scope = labClient.scope();
    const options = { mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['latest*'] } as const;
    const repo = await scope.repository('app', options);
    const [client, repositoryName] = [ecrClient(scope), scope.name('app')];
    const digest = pushedDigest(await push(scope, repo, '1'));
    const got = await client.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: '1' }] }));
    const { imageManifest = '' } = got.images![0]!;
    // One more byte makes another image of it.
    const other = `${imageManifest}\n`;
    const put = (manifest: string, imageTag: string) =>
      client.send(new PutImageCommand({ repositoryName, imageManifest: manifest, imageTag }));
    await expect(put(imageManifest, '1')).rejects.toMatchObject({
      name: 'ImageAlreadyExistsException',
      message: `Image with digest '${digest}' and tag '1' already exists in the repository with name '${repositoryName}' in registry with id '${HOME}'`,
    });
    await expect(put(other, '1')).rejects.toMatchObject({
      name: 'ImageTagAlreadyExistsException',
      message: `The image tag '1' already exists in the '${repositoryName}' repository and cannot be overwritten because the tag is immutable.`,
    });
    const lie = { repositoryName, imageManifest: other, imageTag: 'lie', imageDigest: digest };
    await expect(client.send(new PutImageCommand(lie))).rejects.toMatchObject({
      name: 'ImageDigestDoesNotMatchException',
    });
    await put(imageManifest, 'latest');
    await put(other, 'latest');
    expect((await labClient.image(repositoryName, 'latest'))?.digest).not.toBe(digest);
  });

  test('two accounts in two regions: each with repositories and tokens of its own', async () => {
    const scope = labClient.scope();
    for (const { region, account, host } of lab().ecrRegistries) {
      const role = await scope.role('push', { account });
      const repositoryName = scope.name('only-here');
      const client = ecrClient(scope, region);
      const request = { registryId: account, repositoryName };
      await client.send(new CreateRepositoryCommand(request));
      const twice = client.send(new CreateRepositoryCommand(request));
      await expect(twice).rejects.toMatchObject({
        name: 'RepositoryAlreadyExistsException',
        message: `The repository with name '${repositoryName}' already exists in the registry with id '${account}'`,
      });
      pushedDigest(await push(scope, `${host}/${repositoryName}`, '1', await login(scope, region)));
      expect(role).toBe(`arn:aws:iam::${account}:role/${scope.prefix}-push`);
    }
    const home = ecrClient(scope).send(new DescribeRepositoriesCommand({ repositoryNames: [scope.name('only-here')] }));
    await expect(home).rejects.toMatchObject({ name: 'RepositoryNotFoundException' });
  });

  test('a mount is refused where that was ordered', async () => {
    const scope = labClient.scope();
    const [first, second] = [await scope.repository('first'), await scope.repository('second')];
    pushedDigest(await push(scope, first, '1'));
    const action = { status: 403, body: { code: 'DENIED', message: 'no mounts' } } as const;
    await scope.fault({ on: 'registry', match: { method: 'POST', path: '[?&]mount=' }, times: 'always', action });
    await push(scope, second, '1'); // the containerd store gives up, the classic one uploads
    const mounts = (await scope.registryRequests()).filter(({ path }) => path.includes('mount='));
    expect(mounts.map(({ status, fault }) => [status, fault])).toContainEqual([403, true]);
  });
});
