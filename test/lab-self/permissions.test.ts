import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { describeWithLab, lab, labClient } from '../lab/client';
import { pushedDigest } from '../lab/engine-api';
import type { LabScope } from '../lab/lab-client';
import { PUSH_POLICY } from '../lab/policies';
import { ecrClient } from './aws-client';
import { push, refused } from './pushing';

const HOME = '123456789012';

function roleClient(scope: LabScope, RoleArn: string, ExternalId?: string): ECRClient {
  const provide = fromTemporaryCredentials({
    masterCredentials: { accessKeyId: scope.accessKeyId, secretAccessKey: scope.secretAccessKey },
    params: { RoleArn, RoleSessionName: 'gocd-x-1', ...(ExternalId !== undefined && { ExternalId }) },
    clientConfig: { endpoint: lab().awsUrl, region: 'eu-west-1', maxAttempts: 1 },
  });
  return new ECRClient({ endpoint: lab().awsUrl, region: 'eu-west-1', credentials: provide, maxAttempts: 1 });
}

describeWithLab('what a key may do', () => {
  test('AWS’s push policy pushes, and asks for nothing else', async () => {
    const scope = labClient.scope();
    const repo = await scope.repository('app');
    await scope.allow(PUSH_POLICY);
    pushedDigest(await push(scope, repo, '1'));
    const describe = ecrClient(scope).send(new DescribeRepositoriesCommand({ repositoryNames: [scope.name('app')] }));
    const action = 'ecr:DescribeRepositories';
    await expect(describe).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::${HOME}:user/lab is not authorized to perform: ${action} on resource: arn:aws:ecr:eu-west-1:${HOME}:repository/${scope.name('app')} because no identity-based policy allows the ${action} action`,
    });
    const query = { repositoryName: scope.name('app'), imageIds: [{ imageTag: '1' }] };
    await expect(ecrClient(scope).send(new DescribeImagesCommand(query))).rejects.toThrow('ecr:DescribeImages');
  });

  test.each(['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage'])(
    'without ecr:%s the registry refuses the push, in IAM’s words where the engine keeps them',
    async (missing) => {
      const scope = labClient.scope();
      const repo = await scope.repository('app');
      await scope.allow(PUSH_POLICY.filter((action) => action !== `ecr:${missing}`));
      const { error } = await push(scope, repo, '1');
      expect(error).toEqual(refused(new RegExp(`is not authorized to perform: ecr:${missing} on resource|403`)));
      expect(await labClient.tags(scope.name('app'))).toEqual([]);
    },
  );

  test('tags of a new repository want a permission of their own', async () => {
    const scope = labClient.scope();
    await scope.allow(['ecr:CreateRepository']);
    const create = (tags: { Key: string; Value: string }[]) =>
      ecrClient(scope).send(new CreateRepositoryCommand({ repositoryName: scope.name('made'), tags }));
    await expect(create([{ Key: 'team', Value: 'x' }])).rejects.toThrow('perform: ecr:TagResource on resource');
    expect((await create([])).repository?.repositoryName).toBe(scope.name('made'));
  });
});

describeWithLab('roles', () => {
  test('have policies of their own, apart from those of who assumes them', async () => {
    const scope = labClient.scope();
    await scope.allow(['sts:AssumeRole']);
    const role = await scope.role('push', { account: HOME, allowed: ['ecr:GetAuthorizationToken'] });
    await roleClient(scope, role).send(new GetAuthorizationTokenCommand({}));
    await expect(ecrClient(scope).send(new GetAuthorizationTokenCommand({}))).rejects.toThrow(
      'no identity-based policy',
    );
    await expect(roleClient(scope, role).send(new DescribeRepositoriesCommand({}))).rejects.toThrow(
      `User: arn:aws:sts::${HOME}:assumed-role/${scope.prefix}-push/gocd-x-1 is not authorized to perform`,
    );
    await scope.allow([]);
    await expect(roleClient(scope, role).send(new GetAuthorizationTokenCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`sts:AssumeRole on resource: ${role}`) as unknown,
    });
  });

  test('want the external id that was agreed upon', async () => {
    const scope = labClient.scope();
    const role = await scope.role('push', { account: HOME, externalId: 'agreed' });
    for (const wrong of [undefined, 'other']) {
      await expect(roleClient(scope, role, wrong).send(new GetAuthorizationTokenCommand({}))).rejects.toMatchObject({
        name: 'AccessDenied',
        message: `User: arn:aws:iam::${HOME}:user/lab is not authorized to perform: sts:AssumeRole on resource: ${role}`,
      });
    }
    await roleClient(scope, role, 'agreed').send(new GetAuthorizationTokenCommand({}));
    expect((await scope.awsRequests()).at(-1)?.arn).toBe(
      `arn:aws:sts::${HOME}:assumed-role/${scope.prefix}-push/gocd-x-1`,
    );
  });

  test('last as long as they are told to, and end when they are told to', async () => {
    const scope = labClient.scope();
    const role = await scope.role('push', { account: HOME });
    const client = roleClient(scope, role);
    await client.send(new GetAuthorizationTokenCommand({}));
    await scope.expireSessions();
    await expect(client.send(new GetAuthorizationTokenCommand({}))).rejects.toMatchObject({
      name: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    });
    await scope.role('push', { account: HOME, sessionSeconds: -1 });
    const credentials = await fromTemporaryCredentials({
      masterCredentials: { accessKeyId: scope.accessKeyId, secretAccessKey: scope.secretAccessKey },
      params: { RoleArn: role, RoleSessionName: 'gocd-x-1' },
      clientConfig: { endpoint: lab().awsUrl, region: 'eu-west-1' },
    })();
    expect(credentials.expiration?.getTime()).toBeLessThan(Date.now());
  });
});
