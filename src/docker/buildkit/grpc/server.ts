import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { FrameReader, frame } from './frames';
import { Metadata } from './metadata';
import { encodeMessage, GRPC, GrpcError, grpcErrorOf } from './status';

/** Request and answer are one message each. Throws a GrpcError to refuse. */
export type UnaryHandler = (request: Buffer, metadata: Metadata) => Uint8Array | Promise<Uint8Array>;

/** Both directions as bytes, prefixes included; the call ends with what the promise does. */
export type StreamHandler = (stream: ServerHttp2Stream, metadata: Metadata) => Promise<void>;

/** By path, `/package.Service/Method`. */
export interface Methods {
  readonly unary: ReadonlyMap<string, UnaryHandler>;
  readonly streams: ReadonlyMap<string, StreamHandler>;
  /** Told of the path of a method that is not here; it is answered with UNIMPLEMENTED. */
  unknown(path: string): void;
}

/** Requests of one message ask for a name: none is larger. */
const MAX_REQUEST_BYTES = 64 * 1024;

const HEADERS = { ':status': 200, 'content-type': 'application/grpc' } as const;

/** Answers the calls of one connection. */
export function serve(session: ServerHttp2Session, methods: Methods): void {
  const onStream = (...[stream, headers, , raw]: [ServerHttp2Stream, { ':path'?: string }, number, string[]]): void => {
    stream.on('error', () => undefined); // the other side has gone, or has reset the call
    answer(stream, headers[':path'] ?? '', new Metadata(raw), methods).catch(() => stream.destroy());
  };
  session.on('stream', onStream as Parameters<typeof session.on>[1]);
}

async function answer(stream: ServerHttp2Stream, path: string, metadata: Metadata, methods: Methods): Promise<void> {
  const unary = methods.unary.get(path);
  const streaming = methods.streams.get(path);
  try {
    if (unary !== undefined) {
      const reply = await unary(await readRequest(stream), metadata);
      respond(stream);
      if (!stream.destroyed) stream.write(frame(reply));
      finish(stream, undefined);
    } else if (streaming !== undefined) {
      respond(stream);
      await streaming(stream, metadata);
      finish(stream, undefined);
    } else {
      methods.unknown(path);
      throw new GrpcError(GRPC.UNIMPLEMENTED, 'unknown method');
    }
  } catch (error) {
    finish(stream, grpcErrorOf(error));
  }
}

async function readRequest(stream: ServerHttp2Stream): Promise<Buffer> {
  const reader = new FrameReader(MAX_REQUEST_BYTES);
  const messages: Buffer[] = [];
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    messages.push(...reader.push(chunk as Buffer));
    if (messages.length > 1) break;
  }
  reader.end();
  const [request] = messages;
  if (messages.length !== 1 || request === undefined) {
    throw new GrpcError(GRPC.INTERNAL, 'one message is expected');
  }
  return request;
}

const statuses = new WeakMap<ServerHttp2Stream, GrpcError | undefined>();

function respond(stream: ServerHttp2Stream): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.once('wantTrailers', () => {
    stream.sendTrailers(trailersOf(statuses.get(stream)));
    // The call is over, whether or not the other side has said all that it had to say.
    if (!stream.readableEnded) setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR));
  });
}

/** Ends the call with its status; bytes that still come are read and thrown away. */
function finish(stream: ServerHttp2Stream, error: GrpcError | undefined): void {
  if (stream.destroyed || stream.closed) return;
  stream.resume();
  if (stream.headersSent) {
    statuses.set(stream, error);
    stream.end();
  } else {
    stream.respond({ ...HEADERS, ...trailersOf(error) }, { endStream: true });
  }
}

function trailersOf(error: GrpcError | undefined): Record<string, string> {
  if (error === undefined) return { 'grpc-status': '0' };
  return { 'grpc-status': String(error.code), 'grpc-message': encodeMessage(error.message) };
}
