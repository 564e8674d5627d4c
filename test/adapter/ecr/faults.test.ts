import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as net from 'node:net';
import { rootCertificates } from 'node:tls';
import { trustedCas } from '../../../src/ecr/ca-bundle';
import { fault, startFakeAws } from './fake-aws';
import type { FakeAws, Reply } from './fake-aws';
import { tag } from './images';
import { secured } from './self-signed';
import { KEYS, calm, open, told } from './opening';
import type { Told } from './opening';

// As in production, but for what a test has no time for.
const patience = { connectionMs: 2_000, requestMs: 300, attempts: 2, credentialsMs: 2_000 };

/** A server that takes connections and does with them what it is told. */
async function listening(take: (socket: net.Socket) => void): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    take(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  };
  return { port: (server.address() as net.AddressInfo).port, close };
}

describe('what AWS answers', () => {
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await startFakeAws();
  });
  afterEach(() => aws.close());

  const after = async (reply: Reply): Promise<Told> => {
    aws.answer('GetAuthorizationToken', reply);
    return told((await open({ endpoint: aws.url, patience })).authorize(calm));
  };
  const environment = { hop: 'agent-aws', blame: 'environment', transient: false };

  it('denied', async () => {
    const words = 'User: arn:aws:iam::111122223333:user/ci is not authorized to perform: ecr:GetAuthorizationToken';
    expect(await after(fault('AccessDeniedException', words))).toEqual({
      ...environment,
      code: 'AWS_DENIED',
      message: 'AWS denies ecr:GetAuthorizationToken on * to access key AKIA…3F2A (job variables)',
      hint: 'Add to its IAM policy: {"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"}',
      words,
    });
    expect(aws.operations()).toHaveLength(1);
  });

  it('expired', async () => {
    const words = 'The security token included in the request is expired';
    expect(await after(fault('ExpiredTokenException', words, 403))).toEqual({
      ...environment,
      code: 'AWS_CREDENTIALS_EXPIRED',
      message:
        'AWS calls the credentials expired at ecr:GetAuthorizationToken; they are access key AKIA…3F2A (job variables)',
      hint: 'Fetch a new session: nobody renews a session token that was copied; those of a role were fetched anew, in vain',
      words,
    });
  });

  it('unknown key', async () => {
    const words = 'The security token included in the request is invalid.';
    expect(await after(fault('UnrecognizedClientException', words))).toEqual({
      ...environment,
      code: 'AWS_CREDENTIALS_REJECTED',
      message:
        'AWS rejects the credentials at ecr:GetAuthorizationToken: the access key is not known; they are access key AKIA…3F2A (job variables)',
      hint: 'Check that the key exists, is active and has its session token beside it, if it is a temporary one, and that region eu-west-1 is enabled in its account',
      words,
    });
  });

  it('wrong signature, both clocks alike', async () => {
    const words = 'The request signature we calculated does not match the signature you provided.';
    expect(await after(fault('InvalidSignatureException', words))).toEqual({
      ...environment,
      code: 'AWS_CREDENTIALS_REJECTED',
      message:
        'AWS rejects the credentials at ecr:GetAuthorizationToken: the signature is wrong; they are access key AKIA…3F2A (job variables)',
      hint: 'The secret access key does not belong to this access key; look for a blank or a line end in it',
      words,
    });
  });

  it('wrong signature, clocks apart', async () => {
    const words = 'Signature expired: 20261124T060812Z is now earlier than 20261124T080312Z';
    const date = new Date(Date.now() + 123 * 60_000).toUTCString();
    const { message, ...rest } = await after(fault('InvalidSignatureException', words, 400, { date }));
    expect(rest).toEqual({ ...environment, code: 'AWS_CLOCK_SKEW', hint: "Set the agent's clock, best by NTP", words });
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
    expect(message).toMatch(
      new RegExp(`^AWS refuses requests signed by the agent's clock: ${time} here, ${time} at AWS, 2 h 3 min behind$`),
    );
  });

  it('throttled, and again', async () => {
    expect(await after(fault('ThrottlingException', 'Rate exceeded'))).toEqual({
      ...environment,
      code: 'AWS_THROTTLED',
      message: 'AWS throttles ecr:GetAuthorizationToken; attempts made: 2',
      hint: 'There are too many calls at once in this account and region; a rerun is safe',
      words: 'Rate exceeded',
      transient: true,
    });
    expect(aws.operations()).toHaveLength(2);
  });

  it('a server error, and again', async () => {
    expect(await after(fault('ServerException', 'oops', 500))).toEqual({
      ...environment,
      code: 'AWS_ERROR',
      message: 'AWS failed at ecr:GetAuthorizationToken: ServerException (HTTP 500); attempts made: 2',
      hint: 'A rerun is safe',
      words: 'oops',
      transient: true,
    });
    expect(aws.operations()).toHaveLength(2);
  });

  it('a parameter, with the field that it comes from', async () => {
    const words = "Invalid parameter at 'registryIds' failed to satisfy constraint: 'must be 12 digits'";
    expect(await after(fault('InvalidParameterException', words))).toEqual({
      ...environment,
      blame: 'config',
      code: 'AWS_ERROR',
      message: 'AWS refuses ecr:GetAuthorizationToken: InvalidParameterException (HTTP 400)',
      hint: 'Correct the field RegistryId',
      words,
    });
  });

  it.each([
    [
      'KmsException',
      'KmsException (HTTP 400)',
      "The key that the repository is encrypted with must be enabled, and ECR's grant on it must stand",
    ],
    [
      'LimitExceededException',
      'a quota is used up',
      'Delete images or tags that are not needed, best by a lifecycle policy, or ask for more (ECR in Service Quotas, region eu-west-1)',
    ],
  ])('%s of an image', async (name, why, hint) => {
    aws.answer('BatchGetImage', fault(name, 'words of AWS'));
    const ecr = await open({ endpoint: aws.url, patience });
    expect(await told(ecr.findImages('team/app', [tag('x')], calm))).toEqual({
      ...environment,
      code: 'AWS_ERROR',
      message: `AWS refuses ecr:BatchGetImage: ${why}`,
      hint,
      words: 'words of AWS',
    });
  });

  it('denied by a service control policy', async () => {
    const arn = 'arn:aws:ecr:eu-west-1:111122223333:repository/team/app';
    const words = `User: arn:aws:iam::111122223333:user/ci is not authorized to perform: ecr:BatchGetImage on resource: ${arn} with an explicit deny in a service control policy`;
    for (const operation of ['BatchGetImage', 'DescribeImages']) {
      aws.answer(operation, fault('AccessDeniedException', words));
    }
    const ecr = await open({ endpoint: aws.url, patience });
    expect(await told(ecr.findImages('team/app', [tag('x')], calm))).toEqual({
      ...environment,
      code: 'AWS_DENIED',
      message: `AWS denies ecr:BatchGetImage on ${arn} to access key AKIA…3F2A (job variables)`,
      hint: 'A Deny in a service control policy forbids it, and no Allow elsewhere helps: exempt ecr:BatchGetImage there',
      words,
    });
  });

  it('anything else', async () => {
    expect(await after(fault('InvalidParameterException', 'registryIds is invalid'))).toEqual({
      ...environment,
      code: 'AWS_ERROR',
      message: 'AWS refuses ecr:GetAuthorizationToken: InvalidParameterException (HTTP 400)',
      hint: undefined,
      words: 'registryIds is invalid',
    });
  });

  it.each([200, 403, 407])('a page of somebody else with status %d', async (status) => {
    const reply = { status, body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } };
    const { words, ...rest } = await after(reply);
    expect(rest).toEqual({
      ...environment,
      code: 'AWS_UNREACHABLE',
      message: `What answers at ${aws.url} is not AWS: HTTP ${status} in another form`,
      hint: 'The endpoint is that of variable AWS_ENDPOINT_URL_ECR; a proxy may be in between',
    });
    expect(words).toBe(`Unexpected token '<', "<html>Sign in</html>" is not valid JSON`);
  });
});

describe('what does not answer', () => {
  const unreachable = (port: number, why: string, code: string, words: string): Told => ({
    code: 'AWS_UNREACHABLE',
    hop: 'agent-aws',
    blame: 'environment',
    message: `AWS is not reached at http://127.0.0.1:${port}: ${why} (${code})`,
    hint: 'The endpoint is that of variable AWS_ENDPOINT_URL_ECR; no proxy is used (HTTPS_PROXY)',
    words,
    transient: code !== 'ECONNREFUSED',
  });

  it('a closed port', async () => {
    const { port, close } = await listening(() => undefined);
    close();
    const ecr = await open({ endpoint: `http://127.0.0.1:${port}`, patience });
    expect(await told(ecr.authorize(calm))).toEqual(
      unreachable(port, 'the connection is refused', 'ECONNREFUSED', `connect ECONNREFUSED 127.0.0.1:${port}`),
    );
  });

  it('a black hole, which is worth another try', async () => {
    const { port, close } = await listening(() => undefined);
    const ecr = await open({ endpoint: `http://127.0.0.1:${port}`, patience });
    const words = 'a request has exceeded the configured 300 ms requestTimeout.';
    expect(await told(ecr.authorize(calm))).toEqual({
      ...unreachable(port, 'there is no answer in time', 'ETIMEDOUT', words),
      transient: true,
    });
    close();
  });

  it('a connection that is cut', async () => {
    const { port, close } = await listening((socket) => socket.destroy());
    const ecr = await open({ endpoint: `http://127.0.0.1:${port}`, patience });
    const { code, message, transient } = await told(ecr.authorize(calm));
    expect([code, message, transient]).toEqual([
      'AWS_UNREACHABLE',
      `AWS is not reached at http://127.0.0.1:${port}: the connection is cut (ECONNRESET)`,
      true,
    ]);
    close();
  });

  it('a region that there is not', async () => {
    const ecr = await open({ region: 'eu-wst-1', patience });
    const { code, message, hint } = await told(ecr.authorize(calm));
    expect(code).toBe('AWS_UNREACHABLE');
    // Which of the two depends on the resolver of the machine.
    expect(message).toMatch(
      /^AWS is not reached at ECR in region eu-wst-1: the name is not found \((ENOTFOUND|EAI_AGAIN)\)$/,
    );
    expect(hint).toBe(
      'The endpoint follows from region eu-wst-1 (field Region): neither AWS_ENDPOINT_URL_ECR nor AWS_ENDPOINT_URL is set; no proxy is used (HTTPS_PROXY)',
    );
  });

  it('a certificate that nobody vouches for', async () => {
    const { endpoint, close } = await secured();
    expect(await told((await open({ endpoint, patience })).authorize(calm))).toEqual({
      code: 'AWS_UNREACHABLE',
      hop: 'agent-aws',
      blame: 'environment',
      message: `AWS is not reached at ${endpoint}: TLS fails (DEPTH_ZERO_SELF_SIGNED_CERT)`,
      hint: 'The endpoint is that of variable AWS_ENDPOINT_URL_ECR; a CA of your own is named by AWS_CA_BUNDLE',
      words: 'self-signed certificate',
      transient: false,
    });
    close();
  });
});

describe('AWS_CA_BUNDLE', () => {
  it('is believed beside the well-known CAs', async () => {
    const { endpoint, cert, close } = await secured();
    const ecr = await open({ endpoint, patience, environment: { ...KEYS, AWS_CA_BUNDLE: cert } });
    expect(await trustedCas()).toEqual([...rootCertificates, readFileSync(cert, 'utf8')]);
    // The line is trusted; what answers is still no AWS.
    expect(await told(ecr.authorize(calm))).toMatchObject({
      code: 'AWS_UNREACHABLE',
      message: `What answers at ${endpoint} is not AWS: HTTP 404 in another form`,
    });
    close();
  });

  it('is told where it cannot be read', async () => {
    const environment = { ...KEYS, AWS_CA_BUNDLE: '/nonexistent/ca.pem' };
    expect(await told(open({ environment }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'AWS_CA_BUNDLE: /nonexistent/ca.pem cannot be read (ENOENT)',
    });
  });
});

describe('cancel', () => {
  it('lets go at once of a request that hangs, with the reason of the cancel', async () => {
    const cancel = new AbortController();
    const { port, close } = await listening(() => cancel.abort('signal'));
    const ecr = await open({ endpoint: `http://127.0.0.1:${port}` });
    await expect(ecr.authorize(cancel.signal)).rejects.toBe('signal');
    close();
  });

  it('asks nothing when it is aborted already', async () => {
    const aws = await startFakeAws();
    const ecr = await open({ endpoint: aws.url });
    await expect(ecr.authorize(AbortSignal.abort('timeout'))).rejects.toBe('timeout');
    await expect(ecr.identity(AbortSignal.abort('timeout'))).rejects.toBe('timeout');
    expect(aws.operations()).toEqual([]);
    await aws.close();
  });

  it('lets go of credentials that hang', async () => {
    const cancel = new AbortController();
    const { port, close } = await listening(() => cancel.abort('disconnect'));
    const ecr = await open({
      endpoint: `http://127.0.0.1:${port}`,
      side: 'agent',
      environment: { AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}`, HOME: '/nonexistent' },
    });
    await expect(ecr.identity(cancel.signal)).rejects.toBe('disconnect');
    close();
  });
});
