import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProxyPlan } from '../../../src/domain/plan';
import { Secret } from '../../../src/domain/secret';
import { assumed, json, startFakeAws } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { HOST, KEYS, SecretKeeper, TOKEN, calm, open, told } from './opening';
import type { Opening } from './opening';
import { startProxy } from './proxy-server';
import type { ProxyServer } from './proxy-server';
import { ELSEWHERE, selfSigned } from './self-signed';
import type { Certificate } from './self-signed';

const ROLE = 'arn:aws:iam::111122223333:role/gocd-push';
const URL_OF_AWS = `https://${ELSEWHERE}`;
const SHOWN = 'http://proxy.internal:3128';

let certificate: Certificate;
beforeAll(() => {
  certificate = selfSigned();
});
afterAll(() => certificate.remove());

let aws: FakeAws;
let proxy: ProxyServer;
beforeEach(async () => {
  aws = await startFakeAws(certificate);
  aws.answer(
    'GetAuthorizationToken',
    json({ authorizationData: [{ authorizationToken: TOKEN, expiresAt: 2e9, proxyEndpoint: `https://${HOST}` }] }),
  );
  proxy = await startProxy(aws.port);
});
const more: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all([aws.close(), proxy.close(), ...more.splice(0).map((close) => close())]);
});

/** A server that does with each connection what it is told; answers its port. */
async function listening(take: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => take(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  more.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const through = (url: string, noProxy = ''): ProxyPlan => ({
  url: new Secret(url),
  display: { value: SHOWN, origin: { kind: 'job-variable', name: 'HTTPS_PROXY' } },
  noProxy,
});

/** AWS has a name that only the proxy can find, and a certificate that only AWS_CA_BUNDLE knows. */
const opening = (url = proxy.url, more: Partial<Opening> = {}): Opening => ({
  environment: { ...KEYS, AWS_ENDPOINT_URL: URL_OF_AWS, AWS_CA_BUNDLE: certificate.cert },
  proxy: through(url),
  ...more,
});

describe('a proxy', () => {
  it('leads to AWS, by one tunnel for calls in turn', async () => {
    const ecr = await open(opening());
    await ecr.authorize(calm);
    await ecr.authorize(calm);
    expect(aws.operations()).toEqual(['GetAuthorizationToken', 'GetAuthorizationToken']);
    expect(proxy.asked).toEqual([{ target: `${ELSEWHERE}:443`, authorization: undefined }]);
  });

  it.each([
    ['p%40ss-word', 'p@ss-word'],
    ['plain-word', 'plain-word'],
  ])('gets its user and its password, %s, which the mask knows', async (typed, password) => {
    const mask = new SecretKeeper();
    await (await open(opening(proxy.url.replace('//', `//bob:${typed}@`)), mask)).authorize(calm);
    expect(proxy.asked[0]?.authorization).toBe(`Basic ${Buffer.from(`bob:${password}`).toString('base64')}`);
    expect(mask.known.get('proxy password')).toBe(password);
  });

  it('without a scheme is an http proxy', async () => {
    await (await open(opening(proxy.url.replace('http://', '')))).authorize(calm);
    expect(proxy.asked).toHaveLength(1);
  });

  it('leads to STS too: for the role, for who asks, and for a role of a profile', async () => {
    aws.answer('AssumeRole', assumed('AssumeRole', 'ASIAROLE000000000001'));
    const arn = { value: ROLE, origin: { kind: 'field', name: 'AssumeRole' } } as const;
    await (await open(opening(proxy.url, { role: { arn, externalId: undefined, sessionName: 's' } }))).authorize(calm);
    await (await open(opening())).identity(calm);
    const folder = mkdtempSync(join(tmpdir(), 'ecr-'));
    const config = join(folder, 'config');
    const keys = 'aws_access_key_id = AKIABASE\naws_secret_access_key = secret-of-base';
    writeFileSync(config, `[profile ci]\nrole_arn = ${ROLE}\nsource_profile = base\n[profile base]\n${keys}\n`);
    const environment = { ...opening().environment, AWS_PROFILE: 'ci', AWS_CONFIG_FILE: config };
    await (await open(opening(proxy.url, { environment }))).authorize(calm);
    rmSync(folder, { recursive: true });
    expect(aws.operations()).toEqual([
      'AssumeRole',
      'GetAuthorizationToken',
      'GetCallerIdentity',
      'AssumeRole',
      'GetAuthorizationToken',
    ]);
    expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([`${ELSEWHERE}:443`]));
  });

  it('of the job serves the credentials of the agent: what it sees is TLS', async () => {
    await (await open(opening(proxy.url, { side: 'agent' }))).authorize(calm);
    expect([proxy.asked.length, aws.operations()]).toEqual([1, ['GetAuthorizationToken']]);
  });

  it('is not asked for this host', async () => {
    const environment = { ...KEYS, AWS_ENDPOINT_URL: aws.url, AWS_CA_BUNDLE: certificate.cert };
    await (await open(opening(proxy.url, { environment }))).authorize(calm);
    expect([proxy.asked, aws.operations()]).toEqual([[], ['GetAuthorizationToken']]);
  });

  it('is not asked for a host that NO_PROXY names', async () => {
    const ecr = await open(opening(proxy.url, { proxy: through(proxy.url, '.test') }));
    expect(await told(ecr.authorize(calm))).toMatchObject({
      code: 'AWS_UNREACHABLE',
      message: expect.stringMatching(
        /^AWS is not reached at https:\/\/aws\.test: the name is not found \(E[A-Z_]+\)$/,
      ) as string,
    });
    expect(proxy.asked).toEqual([]);
  });

  it('does not make a stranger AWS', async () => {
    const environment = { ...KEYS, AWS_ENDPOINT_URL: URL_OF_AWS };
    expect(await told((await open(opening(proxy.url, { environment }))).authorize(calm))).toMatchObject({
      code: 'AWS_UNREACHABLE',
      message: `AWS is not reached at ${URL_OF_AWS}: TLS fails (DEPTH_ZERO_SELF_SIGNED_CERT)`,
    });
    expect(aws.seen).toEqual([]);
  });
});

describe('what a proxy does wrong', () => {
  const hint = `Correct HTTPS_PROXY, or name ${ELSEWHERE} in NO_PROXY if it is reached directly`;
  const at = `AWS is not reached at ${ELSEWHERE}: the proxy ${SHOWN} (job variable HTTPS_PROXY)`;
  const common = { code: 'AWS_UNREACHABLE', hop: 'agent-aws', blame: 'environment', hint, words: undefined };

  it.each([
    [407, '', 'wants a user and a password (HTTP 407)', false],
    [407, 'bob:wrong@', 'does not take its user and password (HTTP 407)', false],
    [403, '', 'does not connect (HTTP 403)', false],
    [502, '', 'does not connect (HTTP 502)', true],
  ])('HTTP %d', async (status, user, why, transient) => {
    const refusing = await startProxy(aws.port, status);
    more.push(() => refusing.close());
    const url = refusing.url.replace('//', `//${user}`);
    expect(await told((await open(opening(url))).authorize(calm))).toEqual({
      ...common,
      message: `${at} ${why}`,
      transient,
    });
    expect(aws.seen).toEqual([]);
  });

  it('refused', async () => {
    expect(await told((await open(opening('http://127.0.0.1:1'))).authorize(calm))).toEqual({
      ...common,
      message: `${at} is not reached: the connection is refused (ECONNREFUSED)`,
      words: 'connect ECONNREFUSED 127.0.0.1:1',
      transient: false,
    });
  });

  it('hung up on', async () => {
    const url = `http://127.0.0.1:${await listening((socket) => socket.once('data', () => socket.end()))}`;
    expect(await told((await open(opening(url))).authorize(calm))).toEqual({
      ...common,
      message: `${at} is not reached: the connection is cut`,
      words: 'Proxy connection ended before receiving CONNECT response',
      transient: true,
    });
  });

  it('is told beside what is wrong behind it', async () => {
    const behind = await listening((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const leading = await startProxy(behind);
    more.push(() => leading.close());
    expect(await told((await open(opening(leading.url))).authorize(calm))).toMatchObject({
      code: 'AWS_UNREACHABLE',
      message: `AWS is not reached at ${URL_OF_AWS}: the connection is cut (ECONNRESET)`,
      hint: `The endpoint is that of variable AWS_ENDPOINT_URL; the proxy is ${SHOWN} (job variable HTTPS_PROXY)`,
      transient: true,
    });
  });

  it('refused on the way to STS', async () => {
    const arn = { value: ROLE, origin: { kind: 'field', name: 'AssumeRole' } } as const;
    const role = { arn, externalId: undefined, sessionName: 's' };
    expect(await told((await open(opening('http://127.0.0.1:1', { role }))).authorize(calm))).toMatchObject({
      code: 'AWS_UNREACHABLE',
      message: `${at} is not reached: the connection is refused (ECONNREFUSED)`,
    });
  });

  it.each(['socks5://proxy.internal:1080', 'http://'])('is no http proxy: %s', async (url) => {
    expect(await told(open(opening(url)))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: `HTTPS_PROXY: ${SHOWN} is not an http or https URL of a proxy`,
    });
  });
});
