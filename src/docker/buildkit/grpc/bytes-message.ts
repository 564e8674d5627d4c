import { fieldsOf } from '../wire/reader';
import { varint } from '../wire/writer';
import { FrameReader, MAX_MESSAGE_BYTES, prefixFor } from './frames';

/** BytesMessage of Control/Session and of ssh forwarding: one field with bytes, number 1. */
const DATA = 1;
const TAG = Buffer.from([(DATA << 3) | 2]);

/** What comes before so many bytes to make a framed message of them. */
export function bytesHead(length: number): Buffer {
  const lengthField = varint(length);
  return Buffer.concat([prefixFor(TAG.length + lengthField.length + length), TAG, lengthField]);
}

/** A framed message. */
export function framedBytes(data: Uint8Array): Buffer {
  return Buffer.concat([bytesHead(data.length), data]);
}

/** The bytes of messages that are cut anywhere. */
export class BytesReader {
  readonly #frames: FrameReader;

  constructor(maxBytes = MAX_MESSAGE_BYTES) {
    this.#frames = new FrameReader(maxBytes);
  }

  /** Throws a GrpcError or a WireError. */
  push(chunk: Buffer): Buffer[] {
    return this.#frames.push(chunk).flatMap((message) => dataOf(message));
  }
}

function dataOf(message: Buffer): Buffer[] {
  const data: Buffer[] = [];
  for (const { number, bytes } of fieldsOf(message)) if (number === DATA && bytes?.length) data.push(bytes);
  return data;
}
