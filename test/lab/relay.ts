import * as net from 'node:net';
import * as tls from 'node:tls';

/** A byte relay in front of a daemon: dockerd itself makes every tcp port TLS as soon as one is. */
export interface Relay {
  readonly port: number;
  stop(): Promise<void>;
}

export type RelayTarget = { readonly path: string } | { readonly host: string; readonly port: number };
export type RelayListen = { readonly host: string; readonly port: number } | { readonly path: string };

function join(client: net.Socket, target: RelayTarget): net.Socket {
  const daemon = net.connect({ ...target, allowHalfOpen: true });
  client.pipe(daemon);
  daemon.pipe(client);
  // A side that breaks breaks the other too, at once: cancellation is a disconnect, and tests measure it.
  client.on('error', () => daemon.destroy());
  daemon.on('error', () => client.destroy());
  client.on('close', () => daemon.destroy());
  daemon.on('close', () => client.destroy());
  return daemon;
}

export async function startRelay(target: RelayTarget, listen: RelayListen, secure?: tls.TlsOptions): Promise<Relay> {
  const open = new Set<net.Socket>();
  const accept = (client: net.Socket): void => {
    for (const socket of [client, join(client, target)]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
  };
  const server =
    secure === undefined ? net.createServer({ allowHalfOpen: true }, accept) : tls.createServer(secure, accept);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** A port that was free a moment ago: for programs that cannot choose one themselves. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}
