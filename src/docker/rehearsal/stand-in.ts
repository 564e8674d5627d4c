import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type ClientHttp2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { answerTo, buildMessages } from './answers';
import { askForFolders } from './folders';

/** Looks like a daemon to a rehearsal; nothing that it is told happens. */
export interface StandIn {
  stop(): void;
}

/** Listens on a socket whose folder must be nobody else's. */
export async function startStandIn(socketPath: string): Promise<StandIn> {
  const open = new Set<Duplex>();
  let session: ClientHttp2Session | undefined;
  const server = createServer((request, response) => {
    // A task that comes meanwhile ends the rehearsal at any point, and must not hear of it.
    answer(request, response, session).catch(() => response.destroy());
  });
  server.on('connection', (socket: Duplex) => open.add(socket));
  server.on('upgrade', (_request, socket: Duplex) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    session = connect('http://session', { createConnection: () => socket });
    session.on('error', () => undefined);
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    stop: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  session: ClientHttp2Session | undefined,
): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?');
  if (path !== '/build') {
    const { status, body } = answerTo(request.method ?? '', path);
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  if (session !== undefined) await askForFolders(session);
  for (const message of buildMessages()) response.write(`${JSON.stringify(message)}\n`);
  response.end();
}
