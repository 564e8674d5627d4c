import type { OutgoingHttpHeaders } from 'node:http2';
import type { Duplex } from 'node:stream';
import { PassThrough } from 'node:stream';
import { Secret } from '../../../../src/domain/secret';
import type { SessionKind } from '../../../../src/domain/events';
import { framedBytes } from '../../../../src/docker/buildkit/grpc/bytes-message';
import type { Offer } from '../../../../src/docker/buildkit/offer';
import { openSession, type BuildKitSession } from '../../../../src/docker/buildkit/session';
import { unlimited } from '../opened';
import { ask, named } from './daemon-calls';
import { agentMessage, startFakeAgent, type FakeAgent } from './fake-agent';
import { startFakeBuildKit } from './fake-buildkit';
import { endpointOf, openBoth, WAYS } from './opened-session';
import { callHeaders, FLAG, headerBlock, opening, rawFrame, TYPE } from './raw-http2';

const SECRET = 'the-one-secret-value';
const PASSWORD = 'the-one-password';
const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

let folders: string[];
let agent: FakeAgent;
beforeEach(async () => {
  folders = [];
  agent = await startFakeAgent(() => agentMessage(12, 'keys'));
  stops.push(() => agent.stop());
});

function offer(): Offer {
  const folder = (name: string) => ({
    open: () => {
      folders.push(name);
      return { output: new PassThrough(), input: () => undefined, inputEnded: () => undefined };
    },
  });
  const login = { host: ECR, username: 'AWS', password: new Secret(PASSWORD), expiresAt: 0 };
  return {
    secrets: new Map([['npm', Buffer.from(SECRET)]]),
    sshAgents: new Map([['default', agent.socketPath]]),
    folders: new Map(['context', 'dockerfile'].map((name) => [name, folder(name)])),
    login: (host) => (host === ECR ? login : undefined),
  };
}

type Asking = readonly [path: string, bytes: Uint8Array, headers?: OutgoingHttpHeaders];

const secret = (id: string): Asking => ['/moby.buildkit.secrets.v1.Secrets/GetSecret', named(id)];
const host = (name: string): Asking => ['/moby.filesync.v1.Auth/Credentials', named(name)];
const folder = (name: string, more: OutgoingHttpHeaders = {}): Asking => [
  '/moby.filesync.v1.FileSync/DiffCopy',
  Buffer.alloc(0),
  { 'dir-name': name, ...more },
];
const agentCheck = (id: string): Asking => ['/moby.sshforward.v1.SSH/CheckAgent', named(id)];
const agentTalk = (bytes: Buffer, id = 'default'): Asking => [
  '/moby.sshforward.v1.SSH/ForwardAgent',
  framedBytes(bytes),
  { 'buildkit.ssh.id': id },
];
const method = (path: string): Asking => [path, named(ECR)];

const OUTSIDE: readonly Asking[] = [
  ...['', 'NPM', 'npm ', ' npm', 'npm\0', 'npm/../npm', '../npm', '/run/secrets/npm', '__proto__', 'constructor'].map(
    secret,
  ),
  ...['AWS_SECRET_ACCESS_KEY', '/root/.aws/credentials', 'GIT_AUTH_TOKEN', 'HTTP_AUTH_TOKEN_x'].map(secret),
  ...['x.amazonaws.com.evil.io', `${ECR}.evil.io`, `evil.io/${ECR}`, `${ECR}@evil.io`, `x.${ECR}`].map(host),
  ...[ECR.slice(1), `${ECR}:5000`, `${ECR}:444`, `https://${ECR}`, `${ECR}/`, ` ${ECR}`, `${ECR}..`, '', '*'].map(host),
  ...['docker.io', 'https://index.docker.io/v1/', ECR.replace('eu-west-1', 'us-east-1')].map(host),
  ...['', '.', '..', '../', '/', '/etc', '../../root/.ssh', 'context/..', 'context/../..', 'CONTEXT'].map((name) =>
    folder(name),
  ),
  folder('%2e%2e%2f', { 'dir-name-encoded': '1' }),
  folder('context%2F..', { 'dir-name-encoded': 'true' }),
  folder('context%zz', { 'dir-name-encoded': '1' }),
  ...['github', 'DEFAULT', '../default', '/run/user/0/ssh-agent.sock'].map(agentCheck),
  agentTalk(agentMessage(11), 'github'),
  ...[1, 9, 17, 18, 19, 20, 22, 23, 25, 26, 27].map((type) =>
    agentTalk(agentMessage(type, 'session-bind@openssh.com')),
  ),
  ...['FetchToken', 'GetTokenAuthority', 'VerifyTokenAuthority'].map((name) =>
    method(`/moby.filesync.v1.Auth/${name}`),
  ),
  method('/moby.filesync.v1.FileSync/TarStream'),
  method('/moby.filesync.v1.FileSend/DiffCopy'),
  method('/moby.upload.v1.Upload/Pull'),
  method('/containerd.services.content.v1.Content/Read'),
  method('/moby.buildkit.v1.Control/Solve'),
  method('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo'),
  method('/../../etc/passwd'),
  method('/'),
];

/** INVALID_ARGUMENT, NOT_FOUND, UNIMPLEMENTED. */
const REFUSALS = [3, 5, 12];

test.each(WAYS)('%s: a daemon that asks for what is not in the plan gets none of it', async (way) => {
  const { session, daemon, stop } = await openBoth(way);
  stops.push(stop);
  session.setOffer(offer());
  expect(OUTSIDE.length).toBeGreaterThan(70);
  for (const [path, bytes, headers] of OUTSIDE) {
    const { status, message, replies } = await ask(daemon.http2, path, bytes, headers);
    const said = Buffer.concat(replies).toString('latin1');
    // Anonymous credentials and SSH_AGENT_FAILURE are empty-handed answers, everything else is a refusal.
    if (path.endsWith('/Credentials')) expect([path, status, said]).toEqual([path, 0, '']);
    else if (path.endsWith('/ForwardAgent') && status === 0) expect(said.slice(2)).toBe('\0\0\0\u0001\u0005');
    else {
      expect([path, said]).toEqual([path, '']);
      expect([path, REFUSALS.includes(status ?? -1)]).toEqual([path, true]);
    }
    expect(message + said).not.toContain(SECRET);
    expect(message + said).not.toContain(PASSWORD);
  }
  expect(folders).toEqual([]);
  expect(agent.accepted()).toBe(0);
  expect(session.refused.length).toBeLessThanOrEqual(50);
});

test('what was refused is remembered in a bounded way, and in harmless letters', async () => {
  const { session, daemon, stop } = await openBoth('upgrade');
  stops.push(stop);
  const ids = ['\u001b[31mred\u202e"', 'x'.repeat(60_000), ...Array.from({ length: 500 }, (_, index) => `s${index}`)];
  for (const id of ids) await ask(daemon.http2, ...secret(id));
  expect(session.refused.length).toBe(50);
  expect(session.refused.slice(0, 3)).toEqual([
    'secret "\\u001b[31mred\\u202e\\""',
    `secret "${'x'.repeat(100)}..."`,
    'secret "s0"',
  ]);
});

test('until there is an offer, everything is refused', async () => {
  const { session, daemon, stop } = await openBoth('upgrade');
  stops.push(stop);
  expect(await ask(daemon.http2, ...secret('npm'))).toMatchObject({ status: 5 });
  expect(await ask(daemon.http2, ...host(ECR))).toMatchObject({ status: 0, replies: [Buffer.alloc(0)] });
  expect(await ask(daemon.http2, ...folder('context'))).toMatchObject({ status: 5 });
  expect(await ask(daemon.http2, ...agentCheck('default'))).toMatchObject({ status: 5 });
  expect(session.refused).toEqual(['secret "npm"', 'folder "context"', 'ssh agent "default"']);
});

/** A session whose other side writes bytes, whatever they are. */
async function openRaw(way: SessionKind): Promise<{ session: BuildKitSession; socket: Duplex }> {
  let take: (socket: Duplex) => void = () => undefined;
  const arrived = new Promise<Duplex>((resolve) => (take = resolve));
  const fake = await startFakeBuildKit({ ways: [way], raw: (socket) => take(socket) });
  const endpoint = await endpointOf(fake);
  stops.push(() => fake.stop());
  // By h2c nothing is answered until the daemon has said something.
  const opening2 = openSession(endpoint, { sharedKey: 'slot' }, unlimited());
  const socket = await arrived;
  socket.on('error', () => undefined);
  socket.write(opening());
  const session = await opening2;
  if (session.kind === 'none') throw new Error(session.why);
  stops.push(() => session.close());
  return { session, socket };
}

const CHECK = '/grpc.health.v1.Health/Check';

function* streams(count: number, block: Buffer, flags: number = FLAG.END_HEADERS): Generator<Buffer> {
  for (let index = 0; index < count; index++) yield rawFrame(TYPE.HEADERS, flags, 2 * index + 1, block);
}

function* resets(count: number): Generator<Buffer> {
  for (let index = 0; index < count; index++) {
    const id = 2 * index + 1;
    yield rawFrame(TYPE.HEADERS, FLAG.END_HEADERS, id, callHeaders(CHECK));
    yield rawFrame(TYPE.RST_STREAM, 0, id, Buffer.from([0, 0, 0, 8]));
  }
}

function* endlessHeaders(count: number): Generator<Buffer> {
  yield rawFrame(TYPE.HEADERS, 0, 1, callHeaders(CHECK));
  const more = headerBlock([['x', 'y'.repeat(16_000)]]);
  for (let index = 0; index < count; index++) yield rawFrame(TYPE.CONTINUATION, 0, 1, more);
}

/** Each with the headers of an ignore file of 3,000 lines. */
function* largeCalls(count: number): Generator<Buffer> {
  const patterns = Array.from({ length: 3_000 }, (_, index) => ['exclude-patterns', `p${index}`] as const);
  const block = callHeaders('/moby.filesync.v1.FileSync/DiffCopy', [['dir-name', 'x'], ...patterns]);
  for (let index = 0; index < count; index++) {
    for (let at = 0; at < block.length; at += 16_000) {
      const flags = at + 16_000 >= block.length ? FLAG.END_HEADERS : 0;
      const type = at === 0 ? TYPE.HEADERS : TYPE.CONTINUATION;
      yield rawFrame(type, flags, 2 * index + 1, block.subarray(at, at + 16_000));
    }
  }
}

function* repeated(count: number, frame: Buffer): Generator<Buffer> {
  for (let index = 0; index < count; index++) yield frame;
}

const FLOODS: readonly [string, () => Generator<Buffer>][] = [
  ['headers without end', () => endlessHeaders(10_000)],
  ['calls that it takes back at once', () => resets(20_000)],
  ['more calls than are allowed', () => streams(20_000, callHeaders(CHECK))],
  ['calls with thousands of headers', () => largeCalls(100)],
  ['pings, and reads no answer', () => repeated(200_000, rawFrame(TYPE.PING, 0, 0, Buffer.alloc(8)))],
  ['settings, and reads no answer', () => repeated(200_000, rawFrame(TYPE.SETTINGS, 0, 0))],
  ['no HTTP/2', () => repeated(1_000, Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))],
  ['frames larger than agreed', () => repeated(100, rawFrame(TYPE.DATA, 0, 1, Buffer.alloc(1024 * 1024)))],
];

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Whether the other side goes on reading; a connection that HTTP/2 has given up is neither read nor closed by Node. */
function isTaken(socket: Duplex): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (taken: boolean): void => {
      clearTimeout(timer);
      socket.off('drain', drained).off('close', closed);
      resolve(taken);
    };
    const drained = (): void => settle(true);
    const closed = (): void => settle(false);
    const timer = setTimeout(closed, 300);
    socket.once('drain', drained).once('close', closed);
  });
}

describe.each(WAYS)('by %s', (way) => {
  test.each(FLOODS)('a daemon that sends %s is not listened to for ever, and costs no memory', async (_, flood) => {
    const { session, socket } = await openRaw(way);
    session.setOffer(offer());
    const before = memory();
    for (const bytes of flood()) {
      if (socket.destroyed) break;
      if (!socket.write(bytes) && !(await isTaken(socket))) break;
    }
    expect(memory() - before).toBeLessThan(100e6);
    expect(folders).toEqual([]);
    session.close();
    await session.ended;
  });

  test('no more transfers run than are allowed, however many it wants', async () => {
    const { session, socket } = await openRaw(way);
    session.setOffer(offer());
    socket.resume();
    const block = callHeaders('/moby.filesync.v1.FileSync/DiffCopy', [['dir-name', 'context']]);
    for (const bytes of streams(100, block)) socket.write(bytes);
    while (folders.length < 16) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(folders.length).toBe(16);
  });
});
