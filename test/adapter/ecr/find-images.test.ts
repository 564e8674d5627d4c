import { fault, json, startFakeAws } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { INDEX, OCI, digestOf, entry, free, image, index, tag } from './images';
import { HOST, calm, open, told } from './opening';

const DENIED = fault('AccessDeniedException', 'User: arn:aws:iam::111122223333:user/ci is not authorized');
const MISSING = fault('RepositoryNotFoundException', "The repository with name 'team/app' does not exist");
const OURS = image({ run: '42' });
const OTHER = image({ run: '41' });

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws();
});
afterEach(() => aws.close());

const found = (stored: typeof OURS): unknown => ({
  digest: stored.digest,
  mediaType: OCI,
  manifest: stored.manifest,
  config: stored.configDigest,
  sizeBytes: stored.config.length + 1_200,
});
const find = async (...names: string[]): Promise<unknown> =>
  Object.fromEntries(await (await open({ endpoint: aws.url })).findImages('team/app', names.map(tag), calm));

describe('findImages', () => {
  it('asks for tags and digests in one call, and tells them by the name that was asked', async () => {
    aws.answer('BatchGetImage', json({ images: [entry(OURS, '1.42'), entry(OTHER)], failures: [free('1.42-slim')] }));
    const ecr = await open({ endpoint: aws.url, host: HOST });
    const names = [tag('1.42'), tag('1.42-slim'), OTHER.digest];
    expect(Object.fromEntries(await ecr.findImages('team/app', names, calm))).toEqual({
      '1.42': found(OURS),
      [OTHER.digest]: found(OTHER),
    });
    expect(aws.bodies('BatchGetImage')).toEqual([
      {
        registryId: '111122223333',
        repositoryName: 'team/app',
        imageIds: [{ imageTag: '1.42' }, { imageTag: '1.42-slim' }, { imageDigest: OTHER.digest }],
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

  it('asks nobody for nothing', async () => {
    expect(await find()).toEqual({});
    expect(aws.operations()).toEqual([]);
  });

  it('asks for a hundred names at a time', async () => {
    const names = Array.from({ length: 130 }, (_each, at) => `t${at}`);
    const [first, second] = [names.slice(0, 100), names.slice(100)];
    aws.answer(
      'BatchGetImage',
      json({ images: [], failures: first.map(free) }),
      json({ images: [entry(OURS, 't129')], failures: second.slice(0, -1).map(free) }),
    );
    expect(await find(...names)).toEqual({ t129: found(OURS) });
    expect(aws.bodies('BatchGetImage').map((body) => (body as { imageIds: unknown[] }).imageIds.length)).toEqual([
      100, 30,
    ]);
  });

  it('asks again for a name that shares its image with another and was not told', async () => {
    aws.answer('BatchGetImage', json({ images: [entry(OURS, 'a')] }), json({ images: [entry(OURS, 'b')] }));
    expect(await find('a', 'b', 'a')).toEqual({ a: found(OURS), b: found(OURS) });
    expect(aws.bodies('BatchGetImage')).toMatchObject([
      { imageIds: [{ imageTag: 'a' }, { imageTag: 'b' }] },
      { imageIds: [{ imageTag: 'b' }] },
    ]);
  });

  it('of an index knows no config and no size', async () => {
    const list = index(OURS);
    aws.answer('BatchGetImage', json({ images: [entry(list, 'x', INDEX)] }));
    expect(await find('x')).toEqual({
      x: { digest: list.digest, mediaType: INDEX, manifest: list.manifest, config: undefined, sizeBytes: 0 },
    });
  });

  it("keeps no manifest of Docker's first schema, whose digest is not that of its text", async () => {
    const mediaType = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
    const signed = { digest: digestOf('the payload'), manifest: '{"schemaVersion":1,"signatures":[]}' };
    aws.answer('BatchGetImage', json({ images: [entry(signed, 'x', mediaType)] }));
    expect(await find('x')).toEqual({
      x: { digest: signed.digest, mediaType, manifest: undefined, config: undefined, sizeBytes: 0 },
    });
  });

  it('believes no manifest that has another digest than AWS says', async () => {
    aws.answer('BatchGetImage', json({ images: [entry({ ...OURS, manifest: OTHER.manifest }, 'x')] }));
    expect(await told(find('x'))).toEqual({
      code: 'AWS_ERROR',
      hop: 'agent-aws',
      blame: 'environment',
      message: `AWS answered ecr:BatchGetImage without the manifest of ${OURS.digest}: its text has the digest ${OTHER.digest}`,
      hint: undefined,
      words: undefined,
      transient: false,
    });
  });

  it('tells any other failure of an image with the words of AWS', async () => {
    const failures = [{ imageId: { imageTag: 'x' }, failureCode: 'KmsError', failureReason: 'the key is disabled' }];
    aws.answer('BatchGetImage', json({ images: [], failures }));
    expect(await told(find('x'))).toEqual({
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
    ['a digest that is none', json({ images: [{ imageId: { imageDigest: 'sha256:5c0e', imageTag: 'x' } }] })],
    ['an empty answer', json({})],
  ])('believes no %s', async (_what, reply) => {
    aws.answer('BatchGetImage', reply);
    const { code, message } = await told(find('x'));
    expect([code, message]).toEqual(['AWS_ERROR', 'AWS answered ecr:BatchGetImage without a digest for tag x']);
  });

  it('does not ask again where the repository is missing', async () => {
    aws.answer('BatchGetImage', MISSING);
    expect((await told(find('x'))).code).toBe('ECR_REPOSITORY_MISSING');
    expect(aws.operations()).toEqual(['BatchGetImage']);
  });
});

describe('findImages without ecr:BatchGetImage', () => {
  beforeEach(() => aws.answer('BatchGetImage', DENIED));

  it('asks DescribeImages for each name, which tells digests alone', async () => {
    const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
    aws.answer(
      'DescribeImages',
      json({ imageDetails: [{ imageDigest: OURS.digest, imageManifestMediaType: mediaType }] }),
    );
    const ecr = await open({ endpoint: aws.url, host: HOST });
    const bare = { digest: OURS.digest, mediaType, manifest: undefined, config: undefined, sizeBytes: 0 };
    expect(Object.fromEntries(await ecr.findImages('team/app', [tag('1.42'), OURS.digest], calm))).toEqual({
      '1.42': bare,
      [OURS.digest]: bare,
    });
    const asked = { registryId: '111122223333', repositoryName: 'team/app' };
    expect(aws.bodies('DescribeImages')).toEqual(
      expect.arrayContaining([
        { ...asked, imageIds: [{ imageTag: '1.42' }] },
        { ...asked, imageIds: [{ imageDigest: OURS.digest }] },
      ]),
    );
  });

  it('knows a free tag', async () => {
    aws.answer('DescribeImages', fault('ImageNotFoundException', 'The image with imageId x does not exist'));
    expect(await find('x')).toEqual({});
  });

  it.each([json({ imageDetails: [{}] }), json({})])('tells an answer without a digest', async (reply) => {
    aws.answer('DescribeImages', reply);
    const { code, message } = await told(find('x'));
    expect([code, message]).toEqual(['AWS_ERROR', 'AWS answered ecr:DescribeImages without a digest for tag x']);
  });

  it('names BatchGetImage where both are denied', async () => {
    aws.answer('DescribeImages', DENIED);
    expect(await told(find('x'))).toEqual({
      code: 'AWS_DENIED',
      hop: 'agent-aws',
      blame: 'environment',
      message:
        'AWS denies ecr:BatchGetImage on arn:aws:ecr:eu-west-1:*:repository/team/app to access key AKIA…3F2A (job variables)',
      hint: 'Add to its IAM policy: {"Effect":"Allow","Action":"ecr:BatchGetImage","Resource":"arn:aws:ecr:eu-west-1:*:repository/team/app"}; in another account\'s registry the repository\'s policy must allow it too',
      words: 'User: arn:aws:iam::111122223333:user/ci is not authorized',
      transient: false,
    });
  });

  it('tells another fault of the second look-up rather than the denial of the first', async () => {
    aws.answer('DescribeImages', fault('UnrecognizedClientException', 'The security token is invalid'));
    expect((await told(find('x'))).code).toBe('AWS_CREDENTIALS_REJECTED');
  });
});

describe('pushedAt', () => {
  const when = async (): Promise<number | undefined> =>
    (await open({ endpoint: aws.url })).pushedAt('team/app', OURS.digest, calm);

  it('tells when the image of a digest was pushed', async () => {
    aws.answer(
      'DescribeImages',
      json({ imageDetails: [{ imageDigest: OURS.digest, imagePushedAt: 1_763_978_400.5 }] }),
    );
    expect(await when()).toBe(1_763_978_400_500);
    expect(aws.bodies('DescribeImages')).toEqual([
      { repositoryName: 'team/app', imageIds: [{ imageDigest: OURS.digest }] },
    ]);
  });

  it.each([
    ['may not be asked', DENIED],
    ['is gone', fault('ImageNotFoundException', 'The image does not exist')],
    ['is not said', json({ imageDetails: [{ imageDigest: OURS.digest }] })],
  ])('undefined where that %s', async (_what, reply) => {
    aws.answer('DescribeImages', reply);
    expect(await when()).toBeUndefined();
  });

  it('tells any other fault', async () => {
    aws.answer('DescribeImages', fault('ServerException', 'oops', 500));
    expect(await told(when())).toMatchObject({ code: 'AWS_ERROR', transient: true });
  });
});
