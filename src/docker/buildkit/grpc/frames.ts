import { LengthPrefixed } from '../wire/length-prefixed';
import { GRPC, GrpcError } from './status';

/** Nothing of a larger message is kept: the announced length is checked before anything else (security.md 6). */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** One byte for compression, four for the length: "Length-Prefixed-Message" of the gRPC over HTTP/2 specification. */
const PREFIX_BYTES = 5;

/** A message with its prefix. */
export function frame(message: Uint8Array): Buffer {
  return Buffer.concat([prefixFor(message.length), message]);
}

/** The prefix of a message of so many bytes. */
export function prefixFor(length: number): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(length, 1);
  return prefix;
}

/** Puts messages together from bytes that are cut anywhere. */
export class FrameReader {
  readonly #pieces: LengthPrefixed;

  constructor(maxBytes = MAX_MESSAGE_BYTES) {
    this.#pieces = new LengthPrefixed(PREFIX_BYTES, (prefix) => lengthOf(prefix, maxBytes));
  }

  /** The messages that are complete with these bytes. Throws a GrpcError. */
  push(bytes: Buffer): Buffer[] {
    return this.#pieces.push(bytes);
  }

  /** Throws when a message has begun. */
  end(): void {
    if (this.#pieces.begun) throw new GrpcError(GRPC.INTERNAL, 'the stream ended within a message');
  }
}

function lengthOf(prefix: Buffer, maxBytes: number): number {
  if (prefix[0] !== 0) throw new GrpcError(GRPC.UNIMPLEMENTED, 'compressed messages are not supported');
  const length = prefix.readUInt32BE(1);
  if (length <= maxBytes) return length;
  throw new GrpcError(GRPC.RESOURCE_EXHAUSTED, `a message of ${length} bytes, and ${maxBytes} is the limit`);
}
