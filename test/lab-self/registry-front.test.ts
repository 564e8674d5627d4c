import { BatchGetImageCommand, DescribeImagesCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { describeWithLab, engineApi, lab, labClient } from '../lab/client';
import { pushedDigest } from '../lab/engine-api';
import { ecrClient } from './aws-client';
import { publicSite } from '../lab/ecr-hosts';
import { login, publicLogin, push, refused } from './pushing';
import { smallImage } from './small-image';

describeWithLab('the registry that daemons see', () => {
  test('takes a push and gives the image back', async () => {
    const scope = labClient.scope();
    const repo = await scope.repository('app');
    const digest = pushedDigest(await push(scope, repo, '1'));
    expect(await labClient.tags(scope.name('app'))).toEqual(['1']);
    expect(await labClient.image(scope.name('app'), '1')).toMatchObject({ digest, config: { architecture: 'amd64' } });
    const query = { repositoryName: scope.name('app'), imageIds: [{ imageTag: '1' }] };
    const [image] = (await ecrClient(scope).send(new BatchGetImageCommand(query))).images!;
    expect(image).toMatchObject({ imageId: { imageDigest: digest, imageTag: '1' } });
    const { imageDetails } = await ecrClient(scope).send(new DescribeImagesCommand(query));
    expect(imageDetails).toMatchObject([{ imageDigest: digest, imageTags: ['1'] }]);
    expect(Date.now() - imageDetails![0]!.imagePushedAt!.getTime()).toBeLessThan(60_000);
    expect((await engineApi().pull(repo, '1', await login(scope))).error).toBeUndefined();
    const tokens = new Set((await scope.registryRequests()).map((record) => record.accessKeyId));
    expect(tokens.has(scope.accessKeyId)).toBe(true);
  });

  test('PutImage gives an image a second tag, once', async () => {
    const scope = labClient.scope();
    const repo = await scope.repository('app');
    pushedDigest(await push(scope, repo, '1'));
    const repositoryName = scope.name('app');
    const got = await ecrClient(scope).send(
      new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: '1' }] }),
    );
    const { imageManifest } = got.images![0]!;
    const put = () => ecrClient(scope).send(new PutImageCommand({ repositoryName, imageManifest, imageTag: '2' }));
    await put();
    expect(await labClient.tags(repositoryName)).toEqual(['1', '2']);
    await expect(put()).rejects.toMatchObject({ name: 'ImageAlreadyExistsException' });
  });

  test('refuses a wrong and an expired token, each in its own way', async () => {
    const scope = labClient.scope();
    const repo = await scope.repository('app');
    expect((await push(scope, repo, '1', { username: 'AWS', password: 'wrong' })).error).toEqual(
      refused(/unauthorized|401 Unauthorized/),
    );
    const auth = await login(scope);
    await scope.expireTokens();
    expect((await push(scope, repo, '1', auth)).error).toEqual(
      refused(/Your authorization token has expired\. Reauthenticate and try again\.$|403 Forbidden/),
    );
    const seen = (await scope.registryRequests()).map((record) => `${record.token ?? 'none'} ${record.status}`);
    expect(seen).toContain('unknown 401');
    expect(seen.some((entry) => /^token-\d+ 403$/.test(entry))).toBe(true);
    expect(pushedDigest(await push(scope, repo, '1'))).toMatch(/^sha256:/);
  });

  test('knows only the repositories that ECR knows', async () => {
    const scope = labClient.scope();
    const { error } = await push(scope, `${lab().registry.host}/${scope.name('nope')}`, '1');
    expect(error).toEqual(
      refused(/The repository with name '\S+\/nope' does not exist in the registry with id '123456789012'/),
    );
  });

  test('keeps immutable tags, but for the excluded ones', async () => {
    const scope = labClient.scope();
    const options = { mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['latest*'] } as const;
    const repo = await scope.repository('app', options);
    for (const tag of ['1', 'latest']) pushedDigest(await push(scope, repo, tag));
    const other = await smallImage(`${scope.prefix} other`);
    for (const tag of ['1', 'latest']) await engineApi().tag(other, repo, tag);
    expect((await engineApi().push(repo, '1', await login(scope))).error).toEqual(
      refused(
        /The image tag '1' already exists in the '\S+\/app' repository and cannot be overwritten because the tag is immutable\.$/,
      ),
    );
    pushedDigest(await engineApi().push(repo, 'latest', await login(scope)));
  });

  test('is there under real ECR host names too, with registries of their own', async () => {
    const scope = labClient.scope();
    for (const { host, region, account } of lab().ecrRegistries) {
      const repo = await scope.repository('app', { host });
      const auth = await login(scope, region);
      const digest = pushedDigest(await push(scope, repo, region, auth));
      expect(repo).toBe(`${account}.dkr.ecr.${region}.amazonaws.com/${scope.name('app')}`);
      expect(await labClient.image(scope.name('app'), region, host)).toMatchObject({ digest });
      expect(await labClient.tags(scope.name('app'), host)).toEqual([region]);
      // A token is for one region.
      expect((await push(scope, repo, 'x', await login(scope, 'eu-north-1'))).error).toEqual(
        refused(/unauthorized|401 Unauthorized/),
      );
    }
  });

  test('the foreign registry gets what it is sent, and tells', async () => {
    const scope = labClient.scope();
    await push(scope, `${lab().foreignHost}/${scope.name('app')}`, '1', { username: 'u', password: scope.prefix });
    const sent = (await scope.foreignRequests()).map((record) => record.authorization);
    expect(sent).toContain(`Basic ${Buffer.from(`u:${scope.prefix}`).toString('base64')}`);
  });

  test('the daemon is cut off from the world, and told so at once', async () => {
    const started = Date.now();
    const { error } = await engineApi().pull('nohost.invalid/x/y', '1', { username: '', password: '' });
    expect(error).toEqual(refused(/no such host/));
    expect(Date.now() - started).toBeLessThan(3000);
  });
});

describeWithLab('ECR Public', () => {
  test('has one token for all there is, which opens nothing else', async () => {
    const scope = labClient.scope();
    const repo = await scope.repository('app', { host: publicSite.host });
    const auth = await publicLogin(scope);
    const digest = pushedDigest(await push(scope, repo, '1', auth));
    expect(repo).toBe(`public.ecr.aws/${scope.name('app')}`);
    expect(await labClient.image(scope.name('app'), '1', publicSite.host)).toMatchObject({ digest });
    const [near] = lab().ecrRegistries;
    const other = await scope.repository('app', { host: near!.host });
    expect((await push(scope, other, '1', auth)).error).toEqual(refused(/unauthorized|401 Unauthorized/));
    expect((await push(scope, repo, '2', await login(scope, 'us-east-1'))).error).toEqual(
      refused(/unauthorized|401 Unauthorized/),
    );
  });
});
