import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One request as it came over the socket. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  readonly incoming: http.IncomingMessage;
  /** Resolves when the client has gone away or has its answer. */
  readonly closed: Promise<void>;
  body(): Promise<Buffer>;
}

export type Answer = (request: Received, response: http.ServerResponse) => void | Promise<void>;

export interface FakeDaemon {
  readonly received: Received[];
  readonly socketPath: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Listens as a daemon does, on a socket or on loopback, with or without TLS, and answers what the test says. */
export async function startFakeDaemon(
  answer: Answer,
  listen: { readonly on?: 'unix' | 'tcp'; readonly tls?: https.ServerOptions } = {},
): Promise<FakeDaemon> {
  const received: Received[] = [];
  const take: http.RequestListener = (request, response) => {
    const one = receive(request, response);
    received.push(one);
    void (async () => answer(one, response))();
  };
  const server = listen.tls ? https.createServer(listen.tls, take) : http.createServer(take);
  const folder = await mkdtemp(join(tmpdir(), 'fake-daemon-'));
  const socketPath = join(folder, 'd.sock');
  if (listen.on === 'tcp' || listen.tls) server.listen(0, '127.0.0.1');
  else server.listen(socketPath);
  await once(server, 'listening');
  const address = server.address();
  return {
    received,
    socketPath,
    port: typeof address === 'object' ? (address as AddressInfo).port : 0,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function receive(request: http.IncomingMessage, response: http.ServerResponse): Received {
  const url = new URL(request.url ?? '/', 'http://daemon');
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('error', () => undefined); // an aborted upload is part of some tests
  const ended = new Promise<void>((resolve) => request.once('close', resolve));
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    incoming: request,
    closed: new Promise((resolve) => response.once('close', resolve)),
    body: async () => {
      if (!request.complete) await Promise.race([once(request, 'end'), ended]);
      return Buffer.concat(chunks);
    },
  };
}

export function json(response: http.ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
