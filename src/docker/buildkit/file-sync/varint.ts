const scratch = new DataView(new ArrayBuffer(8));

/** Writes a whole number of 0 to 2^53 as a protobuf varint; returns where it ends. */
export function putVarint(buffer: Buffer, at: number, value: number): number {
  let rest = value;
  while (rest >= 0x80) {
    buffer[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  buffer[at++] = rest;
  return at;
}

/** The same for an int64: a negative one takes ten bytes. */
export function putVarint64(buffer: Buffer, at: number, value: bigint): number {
  scratch.setBigInt64(0, value);
  let high = scratch.getUint32(0);
  let low = scratch.getUint32(4);
  while (high !== 0 || low >= 0x80) {
    buffer[at++] = (low & 0x7f) | 0x80;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  buffer[at++] = low;
  return at;
}

/** How many bytes `putVarint` writes. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}
