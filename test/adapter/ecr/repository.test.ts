import { fault, json, startFakeAws } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { HOST, KEYS, calm, open, told } from './opening';

const DIGEST = `sha256:${'5c0e'.repeat(16)}`;
const DENIED = fault('AccessDeniedException', 'User: arn:aws:iam::111122223333:user/ci is not authorized');
const MISSING = fault('RepositoryNotFoundException', "The repository with name 'team/app' does not exist");

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws();
});
afterEach(() => aws.close());

describe('describeRepository', () => {
  const has = (repositoryUri: string, imageTagMutability?: string): void =>
    aws.answer('DescribeRepositories', json({ repositories: [{ repositoryUri, imageTagMutability }] }));

  it('tells the host of repositoryUri and the mutability', async () => {
    has(`${HOST}/team/app`, 'IMMUTABLE_WITH_EXCLUSION');
    const ecr = await open({ endpoint: aws.url, registryId: '111122223333' });
    expect(await ecr.describeRepository('team/app', calm)).toEqual({
      host: HOST,
      mutability: 'IMMUTABLE_WITH_EXCLUSION',
    });
    expect(aws.bodies('DescribeRepositories')).toEqual([{ registryId: '111122223333', repositoryNames: ['team/app'] }]);
  });

  it('lets a typed host win, and asks the account that it names', async () => {
    has(`${HOST}/team/app`);
    const host = '111122223333.dkr-ecr.eu-west-1.on.aws';
    const ecr = await open({ endpoint: aws.url, host });
    expect(await ecr.describeRepository('team/app', calm)).toEqual({ host, mutability: 'MUTABLE' });
    expect(aws.bodies('DescribeRepositories')).toEqual([{ registryId: '111122223333', repositoryNames: ['team/app'] }]);
  });

  it('refuses a repository of another region', async () => {
    has('111122223333.dkr.ecr.eu-central-1.amazonaws.com/team/app');
    const ecr = await open({ endpoint: aws.url });
    expect(await told(ecr.describeRepository('team/app', calm))).toMatchObject({
      code: 'ECR_REGISTRY_MISMATCH',
      message:
        'AWS names the registry 111122223333.dkr.ecr.eu-central-1.amazonaws.com, account 111122223333 in region eu-central-1; asked for was region eu-west-1',
    });
  });

  it('tells a missing repository with account and region', async () => {
    aws.answer('DescribeRepositories', MISSING);
    const ecr = await open({ endpoint: aws.url, registryId: '111122223333' });
    expect(await told(ecr.describeRepository('team/app', calm))).toEqual({
      code: 'ECR_REPOSITORY_MISSING',
      hop: 'agent-aws',
      blame: 'config',
      message: 'Repository team/app does not exist in registry 111122223333, region eu-west-1 (field Region)',
      hint: 'Create it with "aws ecr create-repository --repository-name team/app --region eu-west-1" or in the console, or correct the fields Repository, Region and RegistryId',
      words: "The repository with name 'team/app' does not exist",
      transient: false,
    });
  });

  it('tells which permission is missing', async () => {
    aws.answer('DescribeRepositories', DENIED);
    const ecr = await open({ endpoint: aws.url, registryId: '111122223333' });
    expect(await told(ecr.describeRepository('team/app', calm))).toEqual({
      code: 'AWS_DENIED',
      hop: 'agent-aws',
      blame: 'environment',
      message:
        'AWS denies ecr:DescribeRepositories on arn:aws:ecr:eu-west-1:111122223333:repository/team/app to access key AKIA…3F2A (job variables)',
      hint: 'Add to its IAM policy: {"Effect":"Allow","Action":"ecr:DescribeRepositories","Resource":"arn:aws:ecr:eu-west-1:111122223333:repository/team/app"}; in another account\'s registry the repository\'s policy must allow it too',
      words: 'User: arn:aws:iam::111122223333:user/ci is not authorized',
      transient: false,
    });
  });

  it('tells an answer without a repositoryUri', async () => {
    aws.answer('DescribeRepositories', json({ repositories: [] }));
    const ecr = await open({ endpoint: aws.url });
    expect(await told(ecr.describeRepository('team/app', calm))).toMatchObject({
      code: 'AWS_ERROR',
      message: 'AWS answered ecr:DescribeRepositories without a repositoryUri',
    });
  });
});

describe('findTag', () => {
  it('finds the digest of a tag by BatchGetImage, whatever its manifest is', async () => {
    aws.answer(
      'BatchGetImage',
      json({ images: [{ imageId: { imageDigest: DIGEST, imageTag: '1.42' } }], failures: [] }),
    );
    const ecr = await open({ endpoint: aws.url, host: HOST });
    expect(await ecr.findTag('team/app', '1.42', calm)).toBe(DIGEST);
    expect(aws.bodies('BatchGetImage')).toEqual([
      {
        registryId: '111122223333',
        repositoryName: 'team/app',
        imageIds: [{ imageTag: '1.42' }],
        acceptedMediaTypes: [
          'application/vnd.oci.image.index.v1+json',
          'application/vnd.oci.image.manifest.v1+json',
          'application/vnd.docker.distribution.manifest.list.v2+json',
          'application/vnd.docker.distribution.manifest.v2+json',
          'application/vnd.docker.distribution.manifest.v1+prettyjws',
        ],
      },
    ]);
  });

  it('knows a free tag', async () => {
    const failures = [{ imageId: { imageTag: 'x' }, failureCode: 'ImageNotFound', failureReason: 'not found' }];
    aws.answer('BatchGetImage', json({ images: [], failures }));
    expect(await (await open({ endpoint: aws.url })).findTag('team/app', 'x', calm)).toBeUndefined();
    expect(aws.operations()).toEqual(['BatchGetImage']);
  });

  it('tells any other failure of the image with the words of AWS', async () => {
    const failures = [{ failureCode: 'KmsError', failureReason: 'the key is disabled' }];
    aws.answer('BatchGetImage', json({ images: [], failures }));
    expect(await told((await open({ endpoint: aws.url })).findTag('team/app', 'x', calm))).toEqual({
      code: 'AWS_ERROR',
      hop: 'agent-aws',
      blame: 'environment',
      message: 'AWS answered ecr:BatchGetImage without a digest for tag x',
      hint: undefined,
      words: 'the key is disabled',
      transient: false,
    });
  });

  it.each([
    ['a digest that is none', json({ images: [{ imageId: { imageDigest: 'sha256:5c0e' } }] })],
    ['an empty answer', json({})],
  ])('believes no %s', async (_what, reply) => {
    aws.answer('BatchGetImage', reply);
    expect((await told((await open({ endpoint: aws.url })).findTag('team/app', 'x', calm))).code).toBe('AWS_ERROR');
  });

  it('asks DescribeImages where BatchGetImage is denied', async () => {
    aws.answer('BatchGetImage', DENIED);
    aws.answer('DescribeImages', json({ imageDetails: [{ imageDigest: DIGEST }] }));
    const ecr = await open({ endpoint: aws.url, host: HOST });
    expect(await ecr.findTag('team/app', '1.42', calm)).toBe(DIGEST);
    expect(aws.bodies('DescribeImages')).toEqual([
      { registryId: '111122223333', repositoryName: 'team/app', imageIds: [{ imageTag: '1.42' }] },
    ]);
  });

  it('knows a free tag by DescribeImages', async () => {
    aws.answer('BatchGetImage', DENIED);
    aws.answer('DescribeImages', fault('ImageNotFoundException', 'The image with imageId x does not exist'));
    expect(await (await open({ endpoint: aws.url })).findTag('team/app', 'x', calm)).toBeUndefined();
  });

  it('tells an answer of DescribeImages without a digest', async () => {
    aws.answer('BatchGetImage', DENIED);
    aws.answer('DescribeImages', json({ imageDetails: [{}] }));
    expect(await told((await open({ endpoint: aws.url })).findTag('team/app', 'x', calm))).toMatchObject({
      code: 'AWS_ERROR',
      message: 'AWS answered ecr:DescribeImages without a digest for tag x',
    });
  });

  it('names BatchGetImage where both are denied', async () => {
    aws.answer('BatchGetImage', DENIED);
    aws.answer('DescribeImages', DENIED);
    const { code, message } = await told((await open({ endpoint: aws.url })).findTag('team/app', 'x', calm));
    expect(code).toBe('AWS_DENIED');
    expect(message).toBe(
      'AWS denies ecr:BatchGetImage on arn:aws:ecr:eu-west-1:*:repository/team/app to access key AKIA…3F2A (job variables)',
    );
  });

  it('does not ask again where the repository is missing', async () => {
    aws.answer('BatchGetImage', MISSING);
    expect((await told((await open({ endpoint: aws.url })).findTag('team/app', 'x', calm))).code).toBe(
      'ECR_REPOSITORY_MISSING',
    );
    expect(aws.operations()).toEqual(['BatchGetImage']);
  });

  it('tells another fault of the second look-up rather than the denial of the first', async () => {
    aws.answer('BatchGetImage', DENIED);
    aws.answer('DescribeImages', fault('UnrecognizedClientException', 'The security token is invalid'));
    const ecr = await open({ endpoint: aws.url, environment: KEYS });
    expect((await told(ecr.findTag('team/app', 'x', calm))).code).toBe('AWS_CREDENTIALS_REJECTED');
  });
});
