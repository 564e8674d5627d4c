/** A packet of the receiver (fsutil: types/wire.proto): a request for content, the end, or its own failure. */
export type Packet =
  { readonly type: 'request'; readonly id: number } | { readonly type: 'end' } | { readonly type: 'failure' };

// Wire types of https://protobuf.dev/programming-guides/encoding/
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];
const [TYPE, ID] = [1, 3];
const [REQ, FIN, ERR] = [1, 3, 4];
const MAX_ID = 2 ** 32 - 1;

/** undefined: the bytes are no packet that a receiver may send. */
export function readPacket(message: Uint8Array): Packet | undefined {
  let [type, id] = [0, 0];
  for (let at = 0; at < message.length;) {
    const tag = readVarint(message, at);
    if (!tag) return undefined;
    const value = readValue(message, tag.end, tag.value % 8);
    if (!value) return undefined;
    const field = Math.floor(tag.value / 8);
    if (field === TYPE) type = value.value;
    if (field === ID) id = value.value;
    at = value.end;
  }
  if (type === FIN) return { type: 'end' };
  if (type === ERR) return { type: 'failure' };
  return type === REQ && id <= MAX_ID ? { type: 'request', id } : undefined;
}

interface Read {
  readonly value: number;
  readonly end: number;
}

function readValue(message: Uint8Array, at: number, wireType: number): Read | undefined {
  if (wireType === VARINT) return readVarint(message, at);
  const length = wireType === BYTES ? readVarint(message, at) : fixed(wireType, at);
  if (!length || length.value > message.length - length.end) return undefined;
  return { value: 0, end: length.end + length.value };
}

function fixed(wireType: number, at: number): Read | undefined {
  if (wireType === FIXED64) return { value: 8, end: at };
  return wireType === FIXED32 ? { value: 4, end: at } : undefined;
}

/** What has more than 53 bits comes out inexact, and so is larger than any id. */
function readVarint(message: Uint8Array, from: number): Read | undefined {
  let [value, factor] = [0, 1];
  for (let at = from; at < from + 10; at++) {
    const byte = message[at];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, end: at + 1 };
    factor *= 0x80;
  }
  return undefined;
}
