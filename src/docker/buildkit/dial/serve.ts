import { createServer, type ServerHttp2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { serve, type Methods } from '../grpc/server';
import { SERVED } from './http2-options';

/** Answers calls on a connection that we have made ourselves: the daemon is the client on it. */
export function serveOver(socket: Duplex, methods: Methods): void {
  // Without ALPN, which an upgraded connection has no use for, Node takes TLS to be HTTP/1.1.
  if ('alpnProtocol' in socket) Object.defineProperty(socket, 'alpnProtocol', { value: 'h2' });
  const server = createServer(SERVED);
  server.once('session', (session: ServerHttp2Session) => {
    session.on('error', () => undefined); // 'close' follows, and is listened to on the socket
    serve(session, methods);
  });
  server.emit('connection', socket);
}
