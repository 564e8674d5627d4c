import { fault, json, startFakeAws } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { OCI, digestOf, tag } from './images';
import { KEYS, calm, open, told } from './opening';
import type { Ecr } from '../../../src/pipeline/ports';

const DIGEST = digestOf('a manifest');
const IMAGE = { digest: DIGEST, mediaType: OCI, manifest: '{}', config: undefined, sizeBytes: 0 };
const PATH = 'a1b2c3d4/team/app';
const ARN = 'arn:aws:ecr-public::*:repository/team/app';

let aws: FakeAws;
let ecr: Ecr;
beforeEach(async () => {
  aws = await startFakeAws();
  const environment = { ...KEYS, AWS_ENDPOINT_URL_ECR_PUBLIC: aws.url };
  ecr = await open({ environment, region: 'us-east-1', host: 'public.ecr.aws' });
});
afterEach(() => aws.close());

const targets = (): unknown[] => aws.seen.map(({ headers }) => headers['x-amz-target']);

describe('ECR Public', () => {
  it('has repositories without mutability, under the host that was typed', async () => {
    aws.answer('DescribeRepositories', json({ repositories: [{ repositoryName: 'team/app' }] }));
    expect(await ecr.describeRepository(PATH, calm)).toEqual({
      host: 'public.ecr.aws',
      mutability: undefined,
      exclusions: [],
    });
    expect(aws.bodies('DescribeRepositories')).toEqual([{ repositoryNames: ['team/app'] }]);
    expect(targets()).toEqual(['SpencerFrontendService.DescribeRepositories']);
  });

  it('tells a missing repository', async () => {
    aws.answer('DescribeRepositories', fault('RepositoryNotFoundException', 'not there'));
    expect(await told(ecr.describeRepository(PATH, calm))).toEqual({
      code: 'ECR_REPOSITORY_MISSING',
      hop: 'agent-aws',
      blame: 'config',
      message: 'Repository team/app does not exist in ECR Public, the registry of these credentials',
      hint: 'Create it with "aws ecr-public create-repository --repository-name team/app --region us-east-1" or in the console, or correct the field Repository',
      words: 'not there',
      transient: false,
    });
  });

  it('tells what a tag names by its digest alone', async () => {
    const imageDetails = [{ imageDigest: DIGEST, imageManifestMediaType: OCI, imagePushedAt: 1_763_978_400 }];
    aws.answer('DescribeImages', json({ imageDetails }));
    expect(Object.fromEntries(await ecr.findImages(PATH, [tag('1.42')], calm))).toEqual({
      '1.42': { digest: DIGEST, mediaType: OCI, manifest: undefined, config: undefined, sizeBytes: 0 },
    });
    expect(await ecr.pushedAt(PATH, DIGEST, calm)).toBe(1_763_978_400_000);
    expect(aws.bodies('DescribeImages')).toEqual([
      { repositoryName: 'team/app', imageIds: [{ imageTag: '1.42' }] },
      { repositoryName: 'team/app', imageIds: [{ imageDigest: DIGEST }] },
    ]);
    expect(targets()).toEqual(['SpencerFrontendService.DescribeImages', 'SpencerFrontendService.DescribeImages']);
  });

  it('knows a free tag', async () => {
    aws.answer('DescribeImages', fault('ImageNotFoundException', 'The image does not exist'));
    expect(Object.fromEntries(await ecr.findImages(PATH, [tag('1.42')], calm))).toEqual({});
    expect(await ecr.pushedAt(PATH, DIGEST, calm)).toBeUndefined();
  });

  it('tells an answer without a digest', async () => {
    aws.answer('DescribeImages', json({ imageDetails: [{}] }));
    expect(await told(ecr.findImages(PATH, [tag('1.42')], calm))).toMatchObject({
      code: 'AWS_ERROR',
      message: 'AWS answered ecr-public:DescribeImages without a digest for tag 1.42',
    });
    expect(await ecr.pushedAt(PATH, DIGEST, calm)).toBeUndefined();
  });

  it('tells which permission is missing, and needs none for the time of a push', async () => {
    aws.answer('DescribeImages', fault('AccessDeniedException', 'no'));
    expect(await told(ecr.findImages(PATH, [tag('1.42')], calm))).toMatchObject({
      code: 'AWS_DENIED',
      message: `AWS denies ecr-public:DescribeImages on ${ARN} to access key AKIA…3F2A (job variables)`,
      hint: `Add to its IAM policy: {"Effect":"Allow","Action":"ecr-public:DescribeImages","Resource":"${ARN}"}`,
    });
    expect(await ecr.pushedAt(PATH, DIGEST, calm)).toBeUndefined();
  });

  it('tells any other fault', async () => {
    aws.answer('DescribeImages', fault('ServerException', 'oops', 500));
    expect(await told(ecr.pushedAt(PATH, DIGEST, calm))).toMatchObject({
      code: 'AWS_ERROR',
      message: 'AWS failed at ecr-public:DescribeImages: ServerException (HTTP 500); attempts made: 1',
      transient: true,
    });
  });

  it('sends nothing for what it has not', async () => {
    expect(await told(ecr.readConfig(PATH, IMAGE, calm))).toEqual({
      code: 'AWS_ERROR',
      hop: 'agent-aws',
      blame: 'environment',
      message: 'ECR Public does not hand out the config of an image',
      hint: undefined,
      words: undefined,
      transient: false,
    });
    expect(await told(ecr.putTag(PATH, IMAGE, tag('1.42'), calm))).toMatchObject({
      code: 'AWS_DENIED',
      message: 'ECR Public does not hand out the manifest that another tag takes',
    });
    expect(await told(ecr.createRepository(PATH, undefined, calm))).toEqual({
      code: 'ECR_REPOSITORY_NOT_CREATED',
      hop: 'agent-aws',
      blame: 'config',
      message: `Repository ${PATH} is not created: CreateRepository works in private registries only`,
      hint: 'Create it with "aws ecr-public create-repository --repository-name team/app --region us-east-1"',
      words: undefined,
      transient: false,
    });
    const settings = { tags: new Map([['a', 'b']]), imageTagMutability: 'IMMUTABLE' };
    expect(await ecr.compareRepository(PATH, settings as never, calm)).toEqual([]);
    expect(aws.operations()).toEqual([]);
  });
});
