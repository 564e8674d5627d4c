import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { BuildKitSession } from '../../../../src/docker/buildkit/session';
import { openSession } from '../../../../src/docker/buildkit/session';
import { openEndpoint } from '../../../../src/docker/endpoint';
import { told } from '../../../unit/docker/told';
import { Authority, certFolder, type Pem } from '../certificates';
import { failure, planFor, tcpTarget, unlimited } from '../opened';
import { answerOf, ask, open, prefixed } from './daemon-calls';
import { startFakeBuildKit, type FakeBuildKit } from './fake-buildkit';
import { EMPTY } from './opened-session';

const CHECK = '/grpc.health.v1.Health/Check';
const DIFF_COPY = '/moby.filesync.v1.FileSync/DiffCopy';

let folder: string;
let authority: Authority;
let ca: string;
let client: Pem;
let server: Pem;
let fake: FakeBuildKit;
let name: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'session-tls-'));
  authority = await Authority.create(join(folder, 'authority'), 'ours');
  ca = await authority.certificate();
  server = await authority.issue('server', 'subjectAltName=IP:127.0.0.1');
  client = await authority.issue('client', 'extendedKeyUsage=clientAuth');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  const tls = { ...server, ca, requestCert: true, rejectUnauthorized: true };
  fake = await startFakeBuildKit({ ways: ['upgrade', 'h2c'], tls });
  name = `tcp://127.0.0.1:${fake.port} (field DockerHost)`;
});
afterEach(() => fake.stop());

async function openWith(certs: string): Promise<BuildKitSession> {
  const certPath = { value: certs, origin: { kind: 'field', name: 'CertPath' } } as const;
  const endpoint = await openEndpoint(planFor(tcpTarget(fake.port, { certPath, verify: true }), folder));
  const session = await openSession(endpoint, { sharedKey: 'slot' }, unlimited());
  endpoint.close();
  if (session.kind === 'none') throw new Error(session.why);
  return session;
}

test('with the certificates that the daemon wants: the upgrade, both ways', async () => {
  const certs = await certFolder(join(folder, 'good'), ca, client);
  const arrived = fake.session();
  const session = await openWith(certs);
  expect(session.kind).toBe('upgrade');
  const { http2 } = await arrived;
  expect(await ask(http2, CHECK, prefixed(new Uint8Array()))).toMatchObject({ status: 0 });
  const output = () => Readable.from(Array.from({ length: 40 }, () => prefixed(Buffer.alloc(50_000, 'x'))));
  const context = { open: () => ({ output: output(), input: () => undefined, inputEnded: () => undefined }) };
  session.setOffer({ ...EMPTY, folders: new Map([['context', context]]) });
  const copied = await answerOf(open(http2, DIFF_COPY, { 'dir-name': 'context' }).end());
  expect([copied.status, copied.replies.length]).toEqual([0, 40]);
  session.close();
  await session.ended;
});

test('a daemon of another authority', async () => {
  const other = await Authority.create(join(folder, 'other'), 'other');
  const certs = await certFolder(join(folder, 'foreign'), await other.certificate(), client);
  expect(told(await failure(openWith(certs)))).toMatchObject({
    code: 'DAEMON_TLS',
    message: `The certificate of the daemon at ${name} was not signed by the authority in ca.pem of ${certs} (field CertPath)`,
  });
});

test('no client certificate, where the daemon wants one', async () => {
  const certs = await certFolder(join(folder, 'none'), ca);
  expect(told(await failure(openWith(certs)))).toMatchObject({
    code: 'DAEMON_TLS',
    message: `The daemon at ${name} wants a client certificate, and there is none to show`,
  });
});
