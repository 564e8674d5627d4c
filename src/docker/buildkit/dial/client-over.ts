import { connect, type ClientHttp2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { CALLING } from './http2-options';

/** HTTP/2 from the first byte, as the client: on a connection that was upgraded, or that speaks it unasked. */
export function clientOver(socket: Duplex): ClientHttp2Session {
  const session = connect('http://docker', { ...CALLING, createConnection: () => socket });
  session.on('error', () => undefined); // each call fails with it
  return session;
}
