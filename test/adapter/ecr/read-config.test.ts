import { Agent } from 'node:https';
import { contentOf } from '../../../src/domain/registry-image';
import type { RegistryImage } from '../../../src/domain/registry-image';
import { Secret } from '../../../src/domain/secret';
import { downloadBlob } from '../../../src/ecr/download-blob';
import { fault, json, startFakeAws } from './fake-aws';
import type { FakeAws, Reply } from './fake-aws';
import { INDEX, OCI, entry, digestOf, image, index } from './images';
import type { StoredImage } from './images';
import { HOST, KEYS, calm, open, told } from './opening';
import type { Told } from './opening';
import { startProxy } from './proxy-server';
import { ELSEWHERE, secured, selfSigned } from './self-signed';

const OURS = image({ 'gocd-ecr-task.run': '{"counter":"42"}' });
const LAYERS = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
const READ = {
  labels: new Map([['gocd-ecr-task.run', '{"counter":"42"}']]),
  os: 'linux',
  arch: 'arm64',
  variant: 'v8',
  content: contentOf(LAYERS, {
    Env: ['PATH=/bin'],
    Cmd: ['sh'],
    Labels: { 'gocd-ecr-task.run': '{"counter":"42"}' },
  }),
};

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws();
  aws.answer('GetDownloadUrlForLayer', json({ downloadUrl: `${aws.url}/blob?X-Amz-Signature=abc` }));
  aws.answer('GET /blob?X-Amz-Signature=abc', blob(OURS.config));
});
afterEach(() => aws.close());

const blob = (body: string, status = 200, headers = {}): Reply => ({ status, body, headers });
const known = ({ digest, manifest, configDigest }: StoredImage): RegistryImage => ({
  digest,
  mediaType: OCI,
  manifest,
  config: configDigest,
  sizeBytes: 1,
});
const read = async (given: RegistryImage): Promise<unknown> =>
  (await open({ endpoint: aws.url, host: HOST })).readConfig('team/app', given, calm);

describe('readConfig', () => {
  it('fetches the config blob from the URL that AWS hands out, without credentials', async () => {
    expect(await read(known(OURS))).toEqual(READ);
    expect(aws.bodies('GetDownloadUrlForLayer')).toEqual([
      { registryId: '111122223333', repositoryName: 'team/app', layerDigest: OURS.configDigest },
    ]);
    const { headers } = aws.seen.at(-1)!;
    expect(aws.operations()).toEqual(['GetDownloadUrlForLayer', 'GET /blob?X-Amz-Signature=abc']);
    expect(Object.keys(headers).sort()).toEqual(['connection', 'host']);
  });

  it('of an index reads its first image, not its attestation', async () => {
    const list = index(OURS);
    aws.answer('BatchGetImage', json({ images: [entry(OURS)] }));
    const given = { digest: list.digest, mediaType: INDEX, manifest: list.manifest, config: undefined, sizeBytes: 0 };
    expect(await read(given)).toEqual(READ);
    expect(aws.bodies('BatchGetImage')).toMatchObject([{ imageIds: [{ imageDigest: OURS.digest }] }]);
  });

  it('knows none of an index of attestations, of one whose image is gone, and of what has no config', async () => {
    const empty = index(undefined);
    const lost = index(OURS);
    aws.answer(
      'BatchGetImage',
      json({ failures: [{ imageId: { imageDigest: OURS.digest }, failureCode: 'ImageNotFound' }] }),
    );
    const bare = { mediaType: INDEX, config: undefined, sizeBytes: 0 };
    expect(await read({ ...bare, digest: empty.digest, manifest: empty.manifest })).toBeUndefined();
    expect(await read({ ...bare, digest: lost.digest, manifest: lost.manifest })).toBeUndefined();
    expect(await read({ ...bare, digest: lost.digest, manifest: 'no JSON' })).toBeUndefined();
    expect(aws.operations()).toEqual(['BatchGetImage']);
  });

  it('asks for the manifest of an image that is known by its digest alone', async () => {
    aws.answer('BatchGetImage', json({ images: [entry(OURS)] }));
    const given = { digest: OURS.digest, mediaType: OCI, manifest: undefined, config: undefined, sizeBytes: 0 };
    expect(await read(given)).toEqual(READ);
  });

  it('tells that it may not', async () => {
    aws.answer('GetDownloadUrlForLayer', fault('AccessDeniedException', 'no'));
    expect(await told(read(known(OURS)))).toMatchObject({
      code: 'AWS_DENIED',
      message:
        'AWS denies ecr:GetDownloadUrlForLayer on arn:aws:ecr:eu-west-1:111122223333:repository/team/app to access key AKIA…3F2A (job variables)',
      hint: 'Add to its IAM policy: {"Effect":"Allow","Action":"ecr:GetDownloadUrlForLayer","Resource":"arn:aws:ecr:eu-west-1:111122223333:repository/team/app"}; in another account\'s registry the repository\'s policy must allow it too',
    });
  });

  it('tells an answer without a URL', async () => {
    aws.answer('GetDownloadUrlForLayer', json({}));
    expect(await told(read(known(OURS)))).toMatchObject({
      code: 'AWS_ERROR',
      message: 'AWS answered ecr:GetDownloadUrlForLayer without a downloadUrl',
    });
  });

  it('reads what is no image config as far as it goes', async () => {
    const odd = image({});
    const text = '[]';
    aws.answer('GET /blob?X-Amz-Signature=abc', blob(text));
    expect(await read({ ...known(odd), config: digestOf(text) })).toBeUndefined();
  });
});

describe('the line to the blob', () => {
  const after = async (reply: Reply): Promise<Told> => {
    aws.answer('GET /blob?X-Amz-Signature=abc', reply);
    return told(read(known(OURS)));
  };
  const failed = { hop: 'agent-aws', blame: 'environment', hint: undefined, words: undefined, transient: false };

  it('believes no other content', async () => {
    expect(await after(blob(`${OURS.config} `))).toEqual({
      ...failed,
      code: 'AWS_ERROR',
      message: `The image's config from ${aws.url} is not ${OURS.configDigest}: it is not believed`,
    });
  });

  it.each([
    ['announced', { 'content-length': String(5 * 1024 * 1024) }],
    ['sent', { 'transfer-encoding': 'chunked' }],
  ])('takes no more than 4 MiB, %s', async (_how, headers) => {
    expect(await after(blob('x'.repeat(5 * 1024 * 1024), 200, headers))).toEqual({
      ...failed,
      code: 'AWS_ERROR',
      message: `The image's config from ${aws.url} has more than 4194304 bytes: it is not believed`,
    });
  });

  it('tells a refusal without the signed URL, with what may forbid it', async () => {
    const page = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
    expect(await after(blob(page, 403))).toEqual({
      ...failed,
      code: 'AWS_ERROR',
      message: `The image's config is refused at ${aws.url}: AccessDenied (HTTP 403)`,
      hint: 'ECR signs the URL itself; if there is a VPC endpoint for S3, its policy must allow s3:GetObject on the bucket of its layers',
    });
  });

  it.each([
    [302, '', false, undefined],
    [404, '<Code>NoSuchKey</Code>', false, undefined],
    [429, '', true, 'A rerun is safe'],
    [503, '<Code>SlowDown</Code>', true, 'A rerun is safe'],
  ])('tells HTTP %d', async (status, page, transient, hint) => {
    const code = /<Code>(\w+)/.exec(page)?.[1];
    expect(await after(blob(page, status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}))).toEqual({
      ...failed,
      code: 'AWS_ERROR',
      message: `The image's config is refused at ${aws.url}: ${code === undefined ? '' : `${code} `}(HTTP ${status})`,
      transient,
      hint,
    });
  });

  const at = async (downloadUrl: string): Promise<Told> => {
    aws.answer('GetDownloadUrlForLayer', json({ downloadUrl }));
    return told(read(known(OURS)));
  };

  it.each([
    ['http://layers.example.com/x', 'http://layers.example.com'],
    ['ftp://127.0.0.1/x', 'ftp://127.0.0.1'],
    ['no URL', 'a text that is no URL'],
  ])('goes to no %s', async (url, shown) => {
    expect(await at(url)).toEqual({
      ...failed,
      code: 'AWS_ERROR',
      message: `The image's config from ${shown} is offered without TLS: it is not believed`,
    });
  });

  it('goes to no address of this host where AWS itself named it', async () => {
    const line = { agent: new Agent(), standIn: false };
    expect(await told(downloadBlob(`${aws.url}/blob`, OURS.configDigest, line, calm))).toMatchObject({
      message: `The image's config from ${aws.url} is offered without TLS: it is not believed`,
    });
    expect(aws.operations()).toEqual([]);
  });

  it('tells an address that does not answer', async () => {
    expect(await at('http://127.0.0.1:1/x')).toEqual({
      ...failed,
      code: 'AWS_UNREACHABLE',
      message: "The image's config cannot be fetched from http://127.0.0.1:1: ECONNREFUSED",
      hint: 'ECR keeps layers in S3: the agent needs a way there, by a VPC endpoint or a proxy',
      words: 'connect ECONNREFUSED 127.0.0.1:1',
    });
  });

  it('verifies TLS', async () => {
    const { endpoint, close } = await secured();
    expect(await at(`${endpoint}/x`)).toMatchObject({
      code: 'AWS_UNREACHABLE',
      message: `The image's config cannot be fetched from ${endpoint}: DEPTH_ZERO_SELF_SIGNED_CERT`,
      transient: false,
    });
    close();
  });

  it('believes AWS_CA_BUNDLE', async () => {
    const { endpoint, cert, close } = await secured();
    aws.answer('GetDownloadUrlForLayer', json({ downloadUrl: `${endpoint}/x` }));
    const ecr = await open({ endpoint: aws.url, environment: { ...KEYS, AWS_CA_BUNDLE: cert } });
    // The line is trusted; the server knows no such file.
    expect(await told(ecr.readConfig('team/app', known(OURS), calm))).toMatchObject({
      code: 'AWS_ERROR',
      message: `The image's config is refused at ${endpoint}: (HTTP 404)`,
    });
    close();
  });

  it('goes through the proxy, and takes nothing of the credentials along', async () => {
    const certificate = selfSigned();
    const far = await startFakeAws(certificate);
    const proxy = await startProxy(far.port);
    far.answer('GetDownloadUrlForLayer', json({ downloadUrl: `https://${ELSEWHERE}/blob` }));
    far.answer('GET /blob', blob(OURS.config));
    const ecr = await open({
      environment: { ...KEYS, AWS_ENDPOINT_URL: `https://${ELSEWHERE}`, AWS_CA_BUNDLE: certificate.cert },
      proxy: {
        url: new Secret(proxy.url),
        display: { value: proxy.url, origin: { kind: 'job-variable', name: 'HTTPS_PROXY' } },
        noProxy: '',
      },
    });
    expect(await ecr.readConfig('team/app', known(OURS), calm)).toEqual(READ);
    expect(proxy.asked.map(({ target }) => target)).toContain(`${ELSEWHERE}:443`);
    expect(far.seen.at(-1)).toMatchObject({ operation: 'GET /blob' });
    expect(far.seen.at(-1)!.headers.authorization).toBeUndefined();
    await Promise.all([far.close(), proxy.close()]);
    certificate.remove();
  });

  it('lets go when the job is cancelled', async () => {
    const cancel = new AbortController();
    const ecr = await open({ endpoint: aws.url });
    const reading = ecr.readConfig('team/app', known(OURS), cancel.signal);
    cancel.abort('signal');
    await expect(reading).rejects.toBe('signal');
  });
});
