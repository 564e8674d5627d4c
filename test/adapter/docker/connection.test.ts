import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS } from '../../../src/docker/limits';
import { told } from '../../unit/docker/told';
import { startFakeDaemon, type Answer } from './fake-daemon';
import { failure, openTarget, tcpTarget, unixTarget, unlimited } from './opened';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A server that says exactly what it is told to, HTTP or not. */
async function rawServer(talk: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    stops.push(() => socket.destroy());
    talk(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function describeAt(port: number): Promise<object> {
  const docker = await openTarget(tcpTarget(port));
  stops.push(() => docker.close());
  return told(await failure(docker.describe(unlimited())));
}

async function inspectBy(answer: Answer): Promise<{ at: string; error: object }> {
  const fake = await startFakeDaemon(answer);
  const docker = await openTarget(unixTarget(fake.socketPath));
  stops.push(
    () => docker.close(),
    () => fake.stop(),
  );
  return {
    at: `unix://${fake.socketPath} (field DockerHost)`,
    error: told(await failure(docker.inspect('a/b:1', unlimited()))),
  };
}

test('no socket', async () => {
  const socketPath = join(tmpdir(), 'nobody-made-this.sock');
  const docker = await openTarget(unixTarget(socketPath));
  expect(told(await failure(docker.describe(unlimited())))).toMatchObject({
    code: 'DAEMON_NO_SOCKET',
    message: `There is no socket unix://${socketPath} (field DockerHost)`,
  });
});

test('nobody listens', async () => {
  const port = await rawServer(() => undefined);
  for (const stop of stops.splice(0)) await stop();
  expect(await describeAt(port)).toMatchObject({
    code: 'DAEMON_REFUSED',
    message: `No daemon listens at tcp://127.0.0.1:${port} (field DockerHost): the connection was refused`,
    words: `connect ECONNREFUSED 127.0.0.1:${port}`,
  });
});

test('a name that does not exist', async () => {
  const docker = await openTarget(tcpTarget(2375, undefined, 'no-such-host.invalid'));
  expect(told(await failure(docker.describe(unlimited())))).toMatchObject({
    code: 'DAEMON_NAME_NOT_FOUND',
    message: 'The host name of tcp://no-such-host.invalid:2375 (field DockerHost) cannot be resolved on this agent',
  });
});

test('an SSH server', async () => {
  const port = await rawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  expect(await describeAt(port)).toMatchObject({
    code: 'DAEMON_NOT_DOCKER',
    message: `What listens at tcp://127.0.0.1:${port} (field DockerHost) is no Docker daemon: it does not speak HTTP`,
  });
});

test('one that hangs up', async () => {
  const port = await rawServer((socket) => socket.once('data', () => socket.destroy()));
  expect(await describeAt(port)).toMatchObject({
    code: 'DAEMON_CONNECTION_LOST',
    message: `The connection to the daemon at tcp://127.0.0.1:${port} (field DockerHost) broke off`,
    words: 'socket hang up',
  });
});

test('an answer that is cut in the middle', async () => {
  const { error, at } = await inspectBy((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"Id":');
    setTimeout(() => response.destroy(), 20);
  });
  expect(error).toMatchObject({
    code: 'DAEMON_CONNECTION_LOST',
    message: `The connection to the daemon at ${at} broke off`,
  });
});

test("a proxy's page", async () => {
  const { error, at } = await inspectBy((_, response) => void response.writeHead(502).end('<html>bad gateway</html>'));
  expect(error).toMatchObject({
    code: 'DAEMON_NOT_DOCKER',
    message: `What answers at ${at} is no Docker daemon: it answered HTTP 502 with a web page`,
    words: '<html>bad gateway</html>',
  });
});

// docker-modem would follow the first two, to any host, and throw where nothing catches it on the others.
test.each(['http://127.0.0.1:9/stolen', '/elsewhere', 'ftp://x/y', 'javascript:0', '::::'])(
  'a redirect is an error, wherever it leads: %s',
  async (location) => {
    let asked = 0;
    const { error, at } = await inspectBy((_, response) => {
      asked++;
      response.writeHead(307, { location }).end();
    });
    expect(error).toMatchObject({
      code: 'DAEMON_NOT_DOCKER',
      message: `What answers at ${at} is no Docker daemon: it answered with a redirect (HTTP 307)`,
    });
    expect(asked).toBe(1);
  },
);

test('an answer without end is not kept', async () => {
  const chunk = Buffer.alloc(1024 * 1024, '[');
  let sent = 0;
  const { error, at } = await inspectBy((_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      sent += chunk.length;
    };
    response.on('drain', more);
    more();
  });
  expect(error).toMatchObject({
    code: 'DAEMON_NOT_DOCKER',
    message: `What answers at ${at} is no Docker daemon: its answer is larger than 16 MiB`,
  });
  expect(sent).toBeLessThan(64 * 1024 * 1024);
});

test('a claimed length is not believed', async () => {
  const port = await rawServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9007199254740991\r\n\r\n{}'));
  });
  const docker = await openTarget(tcpTarget(port));
  expect(told(await failure(docker.inspect('a/b:1', unlimited())))).toMatchObject({ code: 'DAEMON_CONNECTION_LOST' });
});

describe('black holes', () => {
  test.each([
    ['one that takes the request', { describeMs: 40 }, undefined],
    ['one that takes the TLS handshake', { connectMs: 40 }, { certPath: undefined, verify: true }],
  ])('%s', async (_, limit, tls) => {
    const mute = await rawServer(() => undefined);
    const docker = await openTarget(tcpTarget(mute, tls), undefined, { ...LIMITS, ...limit });
    stops.push(() => docker.close());
    expect(told(await failure(docker.describe(unlimited())))).toMatchObject({
      code: 'DAEMON_TIMEOUT',
      message: `No answer from the daemon at tcp://127.0.0.1:${mute} (field DockerHost) within 0.04 s`,
    });
  });

  test('a connection that is there in time has all the time after it', async () => {
    const fake = await startFakeDaemon((_, response) => {
      setTimeout(() => response.writeHead(404).end('{"message":"No such image: a/b:1"}'), 150);
    });
    const docker = await openTarget(unixTarget(fake.socketPath), undefined, { ...LIMITS, connectMs: 50 });
    stops.push(
      () => docker.close(),
      () => fake.stop(),
    );
    await expect(docker.inspect('a/b:1', unlimited())).resolves.toBeUndefined();
  });

  test('the limits of a run, as the documentation has them', () => {
    expect(LIMITS).toEqual({ connectMs: 15_000, describeMs: 15_000, h2cAnswerMs: 3_000 });
  });
});

test('a daemon that is slow to answer, but connected, is waited for', async () => {
  const fake = await startFakeDaemon((_, response) => {
    setTimeout(() => response.writeHead(404).end('{"message":"No such image: a/b:1"}'), 300);
  });
  const docker = await openTarget(unixTarget(fake.socketPath));
  await expect(docker.inspect('a/b:1', unlimited())).resolves.toBeUndefined();
  docker.close();
  await fake.stop();
});
