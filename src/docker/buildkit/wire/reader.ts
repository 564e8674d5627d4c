/** The bytes are no protobuf message, or claim to be longer than they are. */
export class WireError extends Error {}

/** One field of a message: varints and fixed numbers as bigint, the rest as a view of the bytes (no copy). */
export interface WireField {
  readonly number: number;
  readonly varint: bigint | undefined;
  readonly bytes: Buffer | undefined;
}

// Wire types of https://protobuf.dev/programming-guides/encoding/
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];
const MAX_VARINT_BYTES = 10;

/** The fields of one message in the order in which they were written. Throws WireError. */
export function* fieldsOf(message: Uint8Array): Generator<WireField, void> {
  const reader = new Reader(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
  while (!reader.atEnd) yield reader.field();
}

class Reader {
  #at = 0;

  constructor(private readonly source: Buffer) {}

  get atEnd(): boolean {
    return this.#at >= this.source.length;
  }

  field(): WireField {
    const tag = this.#varint();
    const number = Number(tag >> 3n);
    if (number < 1) throw new WireError('field number 0');
    switch (Number(tag & 7n)) {
      case VARINT:
        return { number, varint: this.#varint(), bytes: undefined };
      case FIXED64:
        return { number, varint: this.#take(8).readBigUInt64LE(), bytes: undefined };
      case FIXED32:
        return { number, varint: BigInt(this.#take(4).readUInt32LE()), bytes: undefined };
      case BYTES:
        return { number, varint: undefined, bytes: this.#take(Number(this.#varint())) };
      default:
        throw new WireError(`wire type ${tag & 7n}`);
    }
  }

  #varint(): bigint {
    let value = 0n;
    for (let index = 0; index < MAX_VARINT_BYTES; index++) {
      const byte = this.source[this.#at++];
      if (byte === undefined) throw new WireError('a varint is cut off');
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError('a varint of more than ten bytes');
  }

  #take(length: number): Buffer {
    if (length > this.source.length - this.#at) throw new WireError('a field is cut off');
    const from = this.#at;
    this.#at += length;
    return this.source.subarray(from, this.#at);
  }
}

/** A varint as a number; what a double can't hold exactly is an error. */
export function numberOf({ varint }: WireField): number {
  const value = BigInt.asIntN(64, varint ?? 0n);
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new WireError('a number beyond 2^53');
  return number;
}

/** Bytes as text; what is no UTF-8 becomes U+FFFD. */
export function textOf({ bytes }: WireField): string {
  return bytes === undefined ? '' : bytes.toString('utf8');
}
