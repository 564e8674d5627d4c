import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2';
import { Writer } from '../../../../src/docker/buildkit/wire/writer';

/** What a call came to, as the daemon sees it; `status` undefined: it was reset, or the connection broke. */
export interface Answered {
  readonly status: number | undefined;
  readonly message: string;
  /** Bodies of the messages, prefixes taken off. */
  readonly replies: readonly Buffer[];
}

export function prefixed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A request whose first field is a text. */
export const named = (text: string): Buffer => prefixed(new Writer().text(1, text).end());

export function open(http2: ClientHttp2Session, path: string, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream {
  const grpc = { 'content-type': 'application/grpc', te: 'trailers' };
  const stream = http2.request({ ':method': 'POST', ':path': path, ...grpc, ...headers }, { endStream: false });
  stream.on('error', () => undefined);
  return stream;
}

/** Sends the bytes as they are, ends the call's direction and waits for what comes. */
export function ask(
  http2: ClientHttp2Session,
  path: string,
  bytes: Uint8Array,
  headers: OutgoingHttpHeaders = {},
): Promise<Answered> {
  const stream = open(http2, path, headers);
  const answered = answerOf(stream);
  stream.end(bytes);
  return answered;
}

export function answerOf(stream: ClientHttp2Stream): Promise<Answered> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let last: { 'grpc-status'?: string; 'grpc-message'?: string } = {};
    stream.on('response', (headers: object) => (last = { ...last, ...headers }));
    stream.on('trailers', (headers: object) => (last = { ...last, ...headers }));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('close', () => {
      const { 'grpc-status': status, 'grpc-message': message = '' } = last;
      resolve({
        status: status === undefined ? undefined : Number(status),
        message: decodeURIComponent(message),
        replies: split(Buffer.concat(chunks)),
      });
    });
  });
}

function split(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length;) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    messages.push(bytes.subarray(at + 5, end));
    at = end;
  }
  return messages;
}
