import { fault, json, startFakeAws } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { OCI, entry, image, tag } from './images';
import { HOST, calm, open, told } from './opening';

const OURS = image({ run: '42' });
const OTHER = image({ run: '41' });
const IMAGE = {
  digest: OURS.digest,
  mediaType: OCI,
  manifest: OURS.manifest,
  config: OURS.configDigest,
  sizeBytes: 1_500,
};
const put = (imageDigest: string): ReturnType<typeof json> =>
  json({ image: { imageId: { imageDigest, imageTag: '1.42' } } });
const TAKEN = fault(
  'ImageTagAlreadyExistsException',
  "The image tag '1.42' already exists in the 'team/app' repository and cannot be overwritten because the tag is immutable.",
);

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws();
});
afterEach(() => aws.close());

const putTag = async (given = IMAGE): Promise<void> =>
  (await open({ endpoint: aws.url, host: HOST })).putTag('team/app', given, tag('1.42'), calm);

describe('putTag', () => {
  it('puts the same manifest, byte for byte, under the tag', async () => {
    aws.answer('PutImage', put(OURS.digest));
    await putTag();
    expect(aws.bodies('PutImage')).toEqual([
      {
        registryId: '111122223333',
        repositoryName: 'team/app',
        imageManifest: OURS.manifest,
        imageManifestMediaType: OCI,
        imageTag: '1.42',
        imageDigest: OURS.digest,
      },
    ]);
  });

  it('leaves the media type to the manifest where AWS has not told it', async () => {
    aws.answer('PutImage', put(OURS.digest));
    await putTag({ ...IMAGE, mediaType: '' });
    expect(aws.bodies('PutImage')).toEqual([
      {
        registryId: '111122223333',
        repositoryName: 'team/app',
        imageManifest: OURS.manifest,
        imageTag: '1.42',
        imageDigest: OURS.digest,
      },
    ]);
  });

  it('is content with a tag that names the image already', async () => {
    aws.answer(
      'PutImage',
      fault('ImageAlreadyExistsException', `Image with digest '${OURS.digest}' and tag '1.42' already exists`),
    );
    await expect(putTag()).resolves.toBeUndefined();
    expect(aws.operations()).toEqual(['PutImage']);
  });

  it('looks at what an immutable tag names before it calls it taken', async () => {
    aws.answer('PutImage', TAKEN);
    aws.answer('BatchGetImage', json({ images: [entry(OURS, '1.42')] }));
    await expect(putTag()).resolves.toBeUndefined();
  });

  const immutable = (what: string): unknown => ({
    code: 'TAG_IMMUTABLE',
    hop: 'agent-aws',
    blame: 'config',
    message: `Tag 1.42 of repository team/app names ${what} and is immutable: AWS moves it to no other image`,
    hint: "Use another tag, or change the repository's imageTagMutability or its exclusion filters",
    words: undefined,
    transient: false,
  });

  it('tells an immutable tag of another image with its digest', async () => {
    aws.answer('PutImage', TAKEN);
    aws.answer('BatchGetImage', json({ images: [entry(OTHER, '1.42')] }));
    expect(await told(putTag())).toEqual(immutable(OTHER.digest));
  });

  it('tells an immutable tag without it, where that may not be asked', async () => {
    aws.answer('PutImage', TAKEN);
    for (const operation of ['BatchGetImage', 'DescribeImages']) aws.answer(operation, fault('AccessDenied', 'no'));
    expect(await told(putTag())).toEqual(immutable('another image'));
  });

  it.each([
    [put(OTHER.digest), OTHER.digest],
    [json({}), 'no digest'],
  ])('does not believe an answer that names another image', async (reply, named) => {
    aws.answer('PutImage', reply);
    expect(await told(putTag())).toMatchObject({
      code: 'AWS_ERROR',
      message: `AWS answered ecr:PutImage without tag 1.42 on ${OURS.digest}: it names ${named}`,
    });
  });

  it.each(['LayersNotFoundException', 'ReferencedImagesNotFoundException'])(
    'tells an image that is not whole any more: %s',
    async (name) => {
      aws.answer('PutImage', fault(name, 'The specified layers could not be found'));
      expect(await told(putTag())).toEqual({
        code: 'AWS_ERROR',
        hop: 'agent-aws',
        blame: 'environment',
        message: 'AWS refuses ecr:PutImage: what the image consists of is not in repository team/app',
        hint: 'A rerun builds it anew',
        words: 'The specified layers could not be found',
        transient: false,
      });
    },
  );

  it('tells which permission is missing', async () => {
    aws.answer('PutImage', fault('AccessDeniedException', 'no'));
    expect(await told(putTag())).toMatchObject({
      code: 'AWS_DENIED',
      message:
        'AWS denies ecr:PutImage on arn:aws:ecr:eu-west-1:111122223333:repository/team/app to access key AKIA…3F2A (job variables)',
    });
  });

  it('sends nothing without a manifest', async () => {
    expect(await told(putTag({ ...IMAGE, manifest: undefined } as unknown as typeof IMAGE))).toMatchObject({
      code: 'PLUGIN_FAULT',
      message: `A tag was to be put on ${OURS.digest}, whose manifest is not known`,
    });
    expect(aws.operations()).toEqual([]);
  });
});
