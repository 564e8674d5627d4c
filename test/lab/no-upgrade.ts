import * as net from 'node:net';
import { join } from 'node:path';

/** A daemon as the next major version is announced to be: without the endpoints that turn HTTP into something else. */
export interface NoUpgrade {
  /** unix:///… */
  readonly url: string;
  stop(): Promise<void>;
}

const upgrades = /^POST (\/v[\d.]+)?\/(session|grpc)[ ?]/;
const body = '{"message":"page not found"}\n';
const headers = ['content-type: application/json', `content-length: ${body.length}`, 'connection: close'];
const answer = ['HTTP/1.1 404 Not Found', ...headers, '', body].join('\r\n');

function pass(client: net.Socket, first: Buffer, target: string): net.Socket {
  const daemon = net.connect({ path: target, allowHalfOpen: true });
  daemon.write(first);
  client.pipe(daemon);
  daemon.pipe(client);
  for (const [one, other] of [
    [client, daemon],
    [daemon, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
  return daemon;
}

/** In front of a daemon's socket. It looks at the first request of a connection: whoever wants to upgrade makes a new one. */
export async function startNoUpgrade(target: string, folder: string): Promise<NoUpgrade> {
  const path = join(folder, 'no-upgrade.sock');
  const open = new Set<net.Socket>();
  const keep = (socket: net.Socket): void => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  };
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    keep(client);
    client.on('error', () => undefined);
    client.once('data', (first: Buffer) => {
      if (upgrades.test(first.toString('latin1'))) client.end(answer);
      else keep(pass(client, first, target));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return {
    url: `unix://${path}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
