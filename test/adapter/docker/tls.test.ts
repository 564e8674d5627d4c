import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Origin } from '../../../src/domain/origin';
import type { Sourced } from '../../../src/domain/origin';
import type { TlsPlan } from '../../../src/domain/plan';
import { Secret } from '../../../src/domain/secret';
import { told } from '../../unit/docker/told';
import { Authority, certFolder, type Pem } from './certificates';
import { json, startFakeDaemon, type FakeDaemon } from './fake-daemon';
import { failure, openTarget, tcpTarget, unlimited } from './opened';

const IMAGE = { Id: `sha256:${'ab'.repeat(32)}` };
const SERVER = 'subjectAltName=IP:127.0.0.1';
const CLIENT = 'extendedKeyUsage=clientAuth';

let folder: string;
let ours: Authority;
let foreign: Authority;
let server: Pem;
let client: Pem;
let good: string;
const stops: (() => unknown)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-'));
  ours = await Authority.create(join(folder, 'ours'), 'ours');
  foreign = await Authority.create(join(folder, 'foreign'), 'foreign');
  server = await ours.issue('server', SERVER);
  client = await ours.issue('client', CLIENT);
  good = await certFolder(join(folder, 'good'), await ours.certificate(), client);
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function daemon(tls: ServerOptions | undefined): Promise<FakeDaemon> {
  const fake = await startFakeDaemon(
    (_, response) => json(response, 200, IMAGE),
    tls === undefined ? { on: 'tcp' } : { tls },
  );
  stops.push(() => fake.stop());
  return fake;
}

function certPath(value: string, name = 'CertPath'): TlsPlan {
  return { certPath: { value, origin: { kind: 'field', name } }, verify: true };
}

async function ask(port: number, tls: TlsPlan | undefined, jobFolder = folder, host = '127.0.0.1'): Promise<unknown> {
  const docker = await openTarget(tcpTarget(port, tls, host), jobFolder);
  stops.push(() => docker.close());
  return docker.inspect('a/b:1', unlimited());
}

const refusal = async (...args: Parameters<typeof ask>): Promise<object> => told(await failure(ask(...args)));
const daemonAt = (port: number, host = '127.0.0.1'): string => `tcp://${host}:${port} (field DockerHost)`;

test('verified on both sides', async () => {
  const tls = { ...server, ca: await ours.certificate(), requestCert: true, rejectUnauthorized: true };
  const { port } = await daemon(tls);
  await expect(ask(port, certPath(good))).resolves.toMatchObject({ id: IMAGE.Id });
});

test("a relative certificate path lies beneath the job's folder", async () => {
  const { port } = await daemon({ ...server });
  await expect(ask(port, certPath('good'))).resolves.toMatchObject({ id: IMAGE.Id });
});

test("a link out of the job's folder is not followed to certificates", async () => {
  const job = join(folder, 'job');
  await certFolder(job, undefined);
  await symlink(good, join(job, 'certs'));
  expect(await refusal(1, certPath('certs'), job)).toMatchObject({
    code: 'PATH_OUTSIDE',
    hop: 'none',
    blame: 'config',
  });
});

test('ca.pem alone is enough where the daemon wants no client certificate', async () => {
  const { port } = await daemon({ ...server });
  const alone = await certFolder(join(folder, 'alone'), await ours.certificate());
  await expect(ask(port, certPath(alone))).resolves.toMatchObject({ id: IMAGE.Id });
});

describe('PEM in variables', () => {
  const pem = (
    ca: Buffer | string | undefined,
    pair?: { readonly cert: Buffer | string; readonly key: Buffer | string },
  ): TlsPlan => {
    const one = (name: string, text: Buffer | string | undefined): Sourced<Secret> | undefined =>
      text === undefined ? undefined : { value: new Secret(text.toString()), origin: { kind: 'job-variable', name } };
    const plan = { ca: one('CA_PEM', ca), cert: one('CERT_PEM', pair?.cert), key: one('KEY_PEM', pair?.key) };
    return { certPath: undefined, pem: plan, verify: true };
  };

  test('verified on both sides, with nothing on the disk', async () => {
    const wanted = { ...server, ca: await ours.certificate(), requestCert: true, rejectUnauthorized: true };
    const { port } = await daemon(wanted);
    await expect(ask(port, pem(await ours.certificate(), client))).resolves.toMatchObject({ id: IMAGE.Id });
  });

  test('the authority of another, named by its variable', async () => {
    const { port } = await daemon({ ...server });
    expect(await refusal(port, pem(await foreign.certificate()))).toMatchObject({
      code: 'DAEMON_TLS',
      message: `The certificate of the daemon at ${daemonAt(port)} was not signed by the authority in job variable CA_PEM`,
      hint: "Put the authority of the daemon's certificate into job variable CA_PEM",
    });
  });

  test('what cannot be used, and a key of another certificate', async () => {
    const hint = 'It must be PEM, whole and with its line ends; a key is without a passphrase and of that certificate';
    const cut = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    expect(await refusal(1, pem(cut))).toMatchObject({
      code: 'DAEMON_TLS',
      hop: 'agent-daemon',
      blame: 'config',
      message: 'The authority in job variable CA_PEM cannot be used',
      hint,
    });
    const { key } = await ours.issue('somebody', CLIENT);
    expect(await refusal(1, pem(await ours.certificate(), { cert: client.cert, key }))).toMatchObject({
      code: 'DAEMON_TLS',
      message: 'The client certificate in job variable CERT_PEM with the key in job variable KEY_PEM cannot be used',
      hint,
    });
  });
});

test('unverified (loopback only, the plan sees to that): any certificate will do, and none of ours is needed', async () => {
  const { port } = await daemon(await foreign.issue('other', 'subjectAltName=DNS:elsewhere'));
  await expect(ask(port, { certPath: undefined, verify: false })).resolves.toMatchObject({ id: IMAGE.Id });
});

test('an authority that we do not know', async () => {
  const { port } = await daemon(await foreign.issue('stranger', SERVER));
  expect(await refusal(port, certPath(good))).toMatchObject({
    code: 'DAEMON_TLS',
    hop: 'agent-daemon',
    blame: 'environment',
    message: `The certificate of the daemon at ${daemonAt(port)} was not signed by the authority in ca.pem of ${good} (field CertPath)`,
    words: 'unable to verify the first certificate',
  });
});

test('no certificate path: the authorities of this system', async () => {
  const { port } = await daemon({ ...server });
  expect(await refusal(port, { certPath: undefined, verify: true })).toMatchObject({
    code: 'DAEMON_TLS',
    message: `The certificate of the daemon at ${daemonAt(port)} was not signed by an authority that this system knows`,
  });
});

test('a certificate that has expired', async () => {
  const { port } = await daemon(await ours.issue('old', SERVER, { from: '20200101000000Z', until: '20200102000000Z' }));
  expect(await refusal(port, certPath(good))).toMatchObject({
    code: 'DAEMON_TLS',
    message: `The certificate of the daemon at ${daemonAt(port)} has expired`,
    words: 'certificate has expired',
  });
});

test('a certificate of tomorrow', async () => {
  const { port } = await daemon(await ours.issue('new', SERVER, { from: '20980101000000Z', until: '20990101000000Z' }));
  expect(await refusal(port, certPath(good))).toMatchObject({
    code: 'DAEMON_TLS',
    message: `The certificate of the daemon at ${daemonAt(port)} is not valid yet`,
    words: 'certificate is not yet valid',
  });
});

test('a certificate for another name', async () => {
  const { port } = await daemon({ ...server });
  expect(await refusal(port, certPath(good), folder, 'localhost')).toMatchObject({
    code: 'DAEMON_TLS',
    message: `The certificate of the daemon at ${daemonAt(port, 'localhost')} is for another host name`,
  });
});

// Node's own server drops such a client without an alert; dockerd and openssl send one.
async function strictServer(): Promise<number> {
  const port = await freePort();
  const [cert, key] = [join(folder, 'strict.pem'), join(folder, 'strict-key.pem')];
  await writeFile(cert, server.cert);
  await writeFile(key, server.key);
  const files = ['-cert', cert, '-key', key, '-CAfile', ours.path, '-Verify', '1', '-verify_return_error'];
  const child = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-quiet', '-tls1_3', ...files]);
  stops.push(() => child.kill('SIGKILL'));
  while (!(await isUp(port))) await sleep(20);
  return port;
}

function isUp(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

test('the daemon wants a client certificate and there is none', async () => {
  const port = await strictServer();
  const alone = await certFolder(join(folder, 'none'), await ours.certificate());
  expect(await refusal(port, certPath(alone))).toMatchObject({
    code: 'DAEMON_TLS',
    blame: 'config',
    message: `The daemon at ${daemonAt(port)} wants a client certificate, and there is none to show`,
    hint: `Put cert.pem and key.pem beside ca.pem of ${alone} (field CertPath)`,
  });
});

test('the daemon does not accept the client certificate', async () => {
  const port = await strictServer();
  const other = await foreign.issue('client', CLIENT);
  const wrong = await certFolder(join(folder, 'wrong'), await ours.certificate(), other);
  expect(await refusal(port, certPath(wrong))).toMatchObject({
    code: 'DAEMON_TLS',
    blame: 'config',
    message: `The daemon at ${daemonAt(port)} does not accept the client certificate of ${wrong} (field CertPath)`,
  });
});

test('TLS to a daemon without it', async () => {
  const { port } = await daemon(undefined);
  expect(await refusal(port, certPath(good))).toMatchObject({
    code: 'DAEMON_TLS',
    blame: 'config',
    message: `The daemon at ${daemonAt(port)} does not speak TLS on this port`,
  });
});

test('never a fall back to plain HTTP: nothing reaches a daemon without TLS', async () => {
  const fake = await daemon(undefined);
  await failure(ask(fake.port, certPath(good)));
  expect(fake.received).toEqual([]);
});

test('plain HTTP to a daemon with TLS: what Go answers', async () => {
  const fake = await startFakeDaemon(
    (_, response) => void response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n'),
    { on: 'tcp' },
  );
  stops.push(() => fake.stop());
  expect(await refusal(fake.port, undefined)).toMatchObject({
    code: 'DAEMON_TLS',
    message: `The daemon at ${daemonAt(fake.port)} wants TLS, and this task speaks plain HTTP to it`,
  });
});

describe('certificate files', () => {
  const origin: Origin = { kind: 'field', name: 'CertPath' };
  const hint =
    'The certificate path names a folder with ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH does for docker';
  const absent = { code: 'DAEMON_CERTIFICATES_MISSING', hop: 'agent-daemon', blame: 'config', hint, transient: false };

  test('no such folder', async () => {
    const path = join(folder, 'nowhere');
    expect(await refusal(1, { certPath: { value: path, origin }, verify: true })).toEqual({
      ...absent,
      message: `ca.pem is missing in ${path} (field CertPath); it is needed to verify the daemon`,
      words: undefined,
    });
  });

  test.each([
    ['cert.pem', 'key.pem'],
    ['key.pem', 'cert.pem'],
  ] as const)('no %s beside %s', async (missing, there) => {
    const half = missing === 'cert.pem' ? { key: client.key } : { cert: client.cert };
    const path = await certFolder(join(folder, `without-${missing}`), await ours.certificate(), half);
    expect(await refusal(1, certPath(path, 'CertPath'))).toEqual({
      ...absent,
      message: `${missing} is missing in ${path} (field CertPath); it is needed because ${there} is there`,
      words: undefined,
    });
  });

  test('the origin is told, whatever it is', async () => {
    const certs: TlsPlan = {
      certPath: { value: '/nowhere', origin: { kind: 'agent-environment', name: 'DOCKER_CERT_PATH' } },
      verify: true,
    };
    expect(await refusal(1, certs)).toMatchObject({
      message: 'ca.pem is missing in /nowhere (agent environment DOCKER_CERT_PATH); it is needed to verify the daemon',
    });
  });

  test('a folder in the place of a file', async () => {
    const path = await certFolder(join(folder, 'odd'), await ours.certificate(), client);
    await rm(join(path, 'key.pem'));
    await certFolder(join(path, 'key.pem'), undefined);
    expect(await refusal(1, certPath(path))).toEqual({
      ...absent,
      blame: 'environment',
      message: `key.pem of ${path} (field CertPath) cannot be read: it is a folder, not a file (looked for ${path}/key.pem)`,
      words: undefined,
    });
  });

  const unusable =
    'The files must be PEM: ca.pem the authority, cert.pem the client certificate, key.pem its key without a passphrase';

  test('an authority that is no certificate: Node alone would take it for none', async () => {
    const path = await certFolder(join(folder, 'garbage'), 'not a certificate');
    expect(await refusal(1, certPath(path))).toMatchObject({
      code: 'DAEMON_TLS',
      blame: 'config',
      message: `ca.pem in ${path} (field CertPath) cannot be used`,
      hint: unusable,
    });
  });

  test("somebody else's key", async () => {
    const path = await certFolder(join(folder, 'mixed'), await ours.certificate(), {
      cert: client.cert,
      key: server.key,
    });
    expect(await refusal(1, certPath(path))).toMatchObject({
      code: 'DAEMON_TLS',
      blame: 'config',
      message: `cert.pem with key.pem in ${path} (field CertPath) cannot be used`,
      hint: unusable,
    });
  });
});
