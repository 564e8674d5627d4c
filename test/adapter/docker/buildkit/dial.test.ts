import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionKind } from '../../../../src/domain/events';
import { openSession, type BuildKitSession, type NoBuildKit } from '../../../../src/docker/buildkit/session';
import { openEndpoint } from '../../../../src/docker/endpoint';
import { LIMITS } from '../../../../src/docker/limits';
import { told } from '../../../unit/docker/told';
import { startFakeDaemon, type Answer } from '../fake-daemon';
import { failure, planFor, unixTarget, unlimited } from '../opened';
import { ask, prefixed } from './daemon-calls';
import { startFakeBuildKit } from './fake-buildkit';
import { endpointOf, openBoth, WAYS } from './opened-session';
import { callHeaders, FLAG, opening, rawFrame, TYPE } from './raw-http2';

const CHECK = '/grpc.health.v1.Health/Check';
const EMPTY_MESSAGE = prefixed(new Uint8Array());

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

type Found = BuildKitSession | NoBuildKit;

async function openAt(
  socketPath: string,
  ways?: readonly SessionKind[],
  signal = unlimited(),
  limits = LIMITS,
): Promise<Found> {
  const endpoint = await openEndpoint(planFor(unixTarget(socketPath)), limits);
  stops.push(() => endpoint.close());
  const session = await openSession(endpoint, { sharedKey: 'slot', ...(ways && { ways }) }, signal);
  if (session.kind !== 'none') stops.push(() => session.close());
  return session;
}

async function openTo(answer: Answer): Promise<{ at: string; open: () => Promise<Found> }> {
  const fake = await startFakeDaemon(answer);
  stops.push(() => fake.stop());
  return { at: `unix://${fake.socketPath} (field DockerHost)`, open: () => openAt(fake.socketPath) };
}

/** A server that says exactly what it is told to. */
async function rawServer(talk: (socket: Socket) => void): Promise<{ path: string; sockets: Set<Socket> }> {
  const folder = await mkdtemp(join(tmpdir(), 'raw-'));
  const path = join(folder, 'd.sock');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    talk(socket);
  }).listen(path);
  await once(server, 'listening');
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { path, sockets };
}

describe('which way', () => {
  test.each([
    ['both are there', ['upgrade', 'h2c'], 'upgrade'],
    ['the upgrade is gone', ['h2c'], 'h2c'],
    ['there is only the upgrade', ['upgrade'], 'upgrade'],
  ] as const)('%s', async (_, ways, chosen) => {
    const fake = await startFakeBuildKit({ ways });
    stops.push(() => fake.stop());
    expect((await openAt(fake.socketPath)).kind).toBe(chosen);
  });

  test.each(WAYS)('over TCP: %s', async (way) => {
    const { session, daemon, stop } = await openBoth(way, { on: 'tcp' });
    stops.push(stop);
    expect(session.kind).toBe(way);
    expect(await ask(daemon.http2, CHECK, EMPTY_MESSAGE)).toMatchObject({ status: 0 });
  });
});

describe('a daemon without BuildKit is an answer, not an error', () => {
  test.each([400, 403, 404, 405, 426, 501])('HTTP %d', async (status) => {
    const { open } = await openTo((_, response) => void response.writeHead(status).end('{"message":"no"}'));
    expect(await open()).toEqual({ kind: 'none', why: `HTTP ${status} to POST /session` });
  });

  test('HTTP/2 only, and no session in it', async () => {
    const fake = await startFakeBuildKit({ ways: [] });
    stops.push(() => fake.stop());
    const found = await openAt(fake.socketPath, ['h2c']);
    expect(found).toEqual({ kind: 'none', why: 'Protocol error to HTTP/2 with prior knowledge' });
  });

  test('nothing of it stays open', async () => {
    const fake = await startFakeBuildKit({ ways: [] });
    stops.push(() => fake.stop());
    expect(await openAt(fake.socketPath)).toMatchObject({ kind: 'none' });
    while (fake.connections.size > 0) await sleep(2);
  });
});

describe('a daemon that cannot be reached says why, in the words of every other request', () => {
  test('no socket', async () => {
    const path = join(tmpdir(), 'nobody-made-this.sock');
    expect(told(await failure(openAt(path)))).toMatchObject({
      code: 'DAEMON_NO_SOCKET',
      message: `There is no socket unix://${path} (field DockerHost)`,
    });
  });

  test('nobody listens', async () => {
    const { path } = await rawServer(() => undefined);
    for (const stop of stops.splice(0)) await stop();
    expect(told(await failure(openAt(path)))).toMatchObject({ code: 'DAEMON_NO_SOCKET' });
  });

  test('one that hangs up', async () => {
    const { path } = await rawServer((socket) => socket.destroy());
    expect(told(await failure(openAt(path)))).toMatchObject({
      code: 'DAEMON_CONNECTION_LOST',
      message: `The connection to the daemon at unix://${path} (field DockerHost) broke off`,
    });
  });

  test('an SSH server', async () => {
    const { path } = await rawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(told(await failure(openAt(path)))).toMatchObject({
      code: 'DAEMON_NOT_DOCKER',
      message: `What listens at unix://${path} (field DockerHost) is no Docker daemon: it does not speak HTTP`,
    });
  });

  test('a redirect is not followed', async () => {
    const { at, open } = await openTo((_, response) => void response.writeHead(307, { location: 'http://x/' }).end());
    expect(told(await failure(open()))).toMatchObject({
      code: 'DAEMON_NOT_DOCKER',
      message: `What answers at ${at} is no Docker daemon: it answered with a redirect (HTTP 307)`,
    });
  });

  test('a proxy in its place', async () => {
    const { at, open } = await openTo((_, response) => void response.writeHead(502).end('<html>Bad Gateway</html>'));
    expect(told(await failure(open()))).toMatchObject({
      code: 'DAEMON_NOT_DOCKER',
      message: `What answers at ${at} is no Docker daemon: it answered HTTP 502 with a web page`,
    });
  });

  test('one that wants TLS', async () => {
    const text = 'Client sent an HTTP request to an HTTPS server.\n';
    const { at, open } = await openTo((_, response) => void response.writeHead(400).end(text));
    expect(told(await failure(open()))).toMatchObject({
      code: 'DAEMON_TLS',
      message: `The daemon at ${at} wants TLS, and this task speaks plain HTTP to it`,
    });
  });

  test('one that fails', async () => {
    const { at, open } = await openTo((_, response) => void response.writeHead(500).end('{"message":"out of luck"}'));
    expect(told(await failure(open()))).toMatchObject({
      code: 'DAEMON_ERROR',
      message: `The daemon at ${at} answered HTTP 500 to POST /session`,
      words: 'out of luck',
    });
  });

  test('one that switches to something else', async () => {
    const { path } = await rawServer((socket) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
      ),
    );
    expect(told(await failure(openAt(path)))).toMatchObject({
      code: 'DAEMON_NOT_DOCKER',
      message: `What answers at unix://${path} (field DockerHost) is no Docker daemon: it switches to websocket, not to h2c`,
    });
  });
});

test('what the daemon says in the same packet as its consent is not lost', async () => {
  let heard = Buffer.alloc(0);
  const { path } = await rawServer((socket) => {
    socket.once('data', () => {
      const consent = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
      const call = rawFrame(TYPE.HEADERS, FLAG.END_HEADERS, 1, callHeaders(CHECK));
      const request = rawFrame(TYPE.DATA, FLAG.END_STREAM, 1, EMPTY_MESSAGE);
      socket.write(Buffer.concat([Buffer.from(consent), opening(), call, request]));
      socket.on('data', (chunk: Buffer) => (heard = Buffer.concat([heard, chunk])));
    });
  });
  expect((await openAt(path)).kind).toBe('upgrade');
  const serving = prefixed(Buffer.from([8, 1]));
  while (!heard.includes(serving)) await sleep(2);
});

describe('a daemon that never answers', () => {
  test.each(WAYS)('%s: the signal ends it with its reason, and closes the connection', async (way) => {
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const { path, sockets } = await rawServer((socket) => socket.once('data', arrived));
    const cancel = new AbortController();
    const ended = failure(openAt(path, [way], cancel.signal));
    await arrival;
    cancel.abort('timeout');
    expect(await ended).toBe('timeout');
    while (sockets.size > 0) await sleep(2);
  });

  test.each(WAYS)('%s: a signal that is aborted before begins nothing', async (way) => {
    const talk = jest.fn();
    const { path } = await rawServer(talk);
    expect(await failure(openAt(path, [way], AbortSignal.abort('signal')))).toBe('signal');
    await sleep(10);
    expect(talk).not.toHaveBeenCalled();
  });
});

describe('a daemon that takes the question and is silent', () => {
  test('to HTTP/2 with prior knowledge: it has no BuildKit for us, and nothing stays open', async () => {
    const { path, sockets } = await rawServer((socket) => socket.resume());
    expect(await openAt(path, ['h2c'], unlimited(), { ...LIMITS, h2cAnswerMs: 40 })).toEqual({
      kind: 'none',
      why: 'no answer to HTTP/2 with prior knowledge',
    });
    while (sockets.size > 0) await sleep(2);
  });

  test('HTTP/2 itself is answered, and the session is not', async () => {
    const { path, sockets } = await rawServer((socket) => {
      socket.resume();
      socket.write(rawFrame(TYPE.SETTINGS, 0, 0));
    });
    expect(await openAt(path, ['h2c'], unlimited(), { ...LIMITS, h2cAnswerMs: 40 })).toMatchObject({
      why: 'no answer to HTTP/2 with prior knowledge',
    });
    while (sockets.size > 0) await sleep(2);
  });

  test('to the upgrade: it is out of order, in the words of every other request', async () => {
    const { path, sockets } = await rawServer((socket) => socket.resume());
    const limits = { ...LIMITS, connectMs: 40 };
    expect(told(await failure(openAt(path, ['upgrade', 'h2c'], unlimited(), limits)))).toMatchObject({
      code: 'DAEMON_TIMEOUT',
      hop: 'agent-daemon',
      message: `No answer from the daemon at unix://${path} (field DockerHost) within 0.04 s`,
    });
    while (sockets.size > 0) await sleep(2);
  });

  test('to the upgrade, after a refusal that has begun', async () => {
    const { path } = await rawServer((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n{"mess')),
    );
    const limits = { ...LIMITS, connectMs: 40 };
    expect(await failure(openAt(path, ['upgrade'], unlimited(), limits))).toMatchObject({ code: 'DAEMON_TIMEOUT' });
  });
});

function resources(): string[] {
  const others = /^(FSReq|Timeout)/; // of the tests themselves
  return process
    .getActiveResourcesInfo()
    .filter((name) => !others.test(name))
    .toSorted();
}

describe.each(WAYS)('by %s', (way) => {
  test('a daemon that ends the session is noticed', async () => {
    const { session, daemon, stop } = await openBoth(way);
    stops.push(stop);
    daemon.http2.destroy();
    await session.ended;
  });

  test('thirty sessions, one after the other, leave nothing', async () => {
    const fake = await startFakeBuildKit({ ways: [way] });
    const endpoint = await endpointOf(fake);
    stops.push(() => fake.stop());
    const before = resources();
    for (let index = 0; index < 30; index++) {
      const arrived = fake.session();
      const session = await openSession(endpoint, { sharedKey: 'slot' }, unlimited());
      if (session.kind === 'none') throw new Error(session.why);
      const { http2 } = await arrived;
      expect(await ask(http2, CHECK, EMPTY_MESSAGE)).toMatchObject({ status: 0 });
      session.close();
      session.close();
      await session.ended;
    }
    endpoint.close();
    while (fake.connections.size > 0) await sleep(2);
    expect(resources()).toEqual(before);
  });
});
