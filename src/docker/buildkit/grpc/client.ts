import { constants } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { messageOf } from '../../json';
import { FrameReader, frame } from './frames';
import { headerText } from './metadata';
import { decodeMessage, GRPC, GrpcError } from './status';

/** Calls over one HTTP/2 connection. Each ends at once, with the signal's reason, when its signal aborts. */
export class GrpcClient {
  /** `broken` makes the error of a call that ends without a status: the connection is gone. */
  constructor(
    private readonly session: ClientHttp2Session,
    private readonly broken: (error: unknown) => Error = unavailable,
  ) {}

  /** One message there, one back. Throws the GrpcError with which the call ends, or `broken`'s. */
  async unary(path: string, request: Uint8Array, signal: AbortSignal): Promise<Buffer> {
    let reply: Buffer | undefined;
    for await (const message of this.messages(path, request, signal)) reply ??= message;
    if (reply === undefined) throw new GrpcError(GRPC.INTERNAL, 'the call ended without an answer');
    return reply;
  }

  /** One message there, as many back as come. Fails as `unary` does, after the messages that did come. */
  async *messages(path: string, request: Uint8Array, signal: AbortSignal): AsyncGenerator<Buffer, void> {
    signal.throwIfAborted();
    const stream = this.open(path);
    const ended = endOf(stream);
    const reader = new FrameReader();
    const abort = (): void => void stream.destroy(new Aborted());
    signal.addEventListener('abort', abort, { once: true });
    try {
      stream.end(frame(request));
      for await (const chunk of stream) yield* reader.push(chunk as Buffer);
      const error = await ended;
      if (error !== undefined) throw error;
      reader.end();
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof GrpcError ? error : this.broken(error);
    } finally {
      signal.removeEventListener('abort', abort);
      stream.close(constants.NGHTTP2_CANCEL);
    }
  }

  /** A call of which the caller reads and writes the bytes, prefixes included. */
  open(path: string, metadata: OutgoingHttpHeaders = {}): ClientHttp2Stream {
    const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    return this.session.request({ ...headers, ...metadata }, { endStream: false });
  }
}

function unavailable(error: unknown): GrpcError {
  return new GrpcError(GRPC.UNAVAILABLE, messageOf(error));
}

class Aborted extends Error {}

/** The call ended, and nobody said how. */
export class WithoutStatus extends Error {}

/** What a call ended with: undefined for OK, a GrpcError that the other side sent, or what broke. Never rejects. */
export function endOf(stream: ClientHttp2Stream): Promise<Error | undefined> {
  return new Promise((resolve) => {
    let httpStatus: number | undefined;
    stream.once('response', (headers) => {
      httpStatus = headers[':status'];
      if (headers['grpc-status'] !== undefined) resolve(statusOf(headers)); // an error without any message
    });
    stream.once('trailers', (headers: IncomingHttpHeaders) => resolve(statusOf(headers)));
    stream.once('error', resolve);
    stream.once('close', () => resolve(withoutStatus(httpStatus)));
  });
}

function statusOf(headers: IncomingHttpHeaders): GrpcError | undefined {
  const code = Number(headerText(headers, 'grpc-status') ?? GRPC.UNKNOWN);
  if (code === GRPC.OK) return undefined;
  const details = headerText(headers, 'grpc-status-details-bin');
  return new GrpcError(
    code,
    decodeMessage(headerText(headers, 'grpc-message') ?? ''),
    details === undefined ? undefined : Buffer.from(details, 'base64'),
  );
}

/** The mapping of the gRPC over HTTP/2 specification, as far as it matters: what is not there is not implemented. */
function withoutStatus(httpStatus: number | undefined): Error {
  if (httpStatus === undefined || httpStatus === 200) return new WithoutStatus('the call ended without a status');
  return new GrpcError(GRPC.UNIMPLEMENTED, `HTTP ${httpStatus}`);
}
