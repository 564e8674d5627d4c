/** Makes one protobuf message. Empty texts, zeros and undefined are left out, as proto3 has it. */
export class Writer {
  readonly #parts: Buffer[] = [];

  text(field: number, value: string | undefined): this {
    return value === undefined || value === '' ? this : this.bytes(field, Buffer.from(value, 'utf8'));
  }

  texts(field: number, values: Iterable<string>): this {
    for (const value of values) this.bytes(field, Buffer.from(value, 'utf8'));
    return this;
  }

  /** Written also when it is empty: a message that is there, with all its fields at their defaults. */
  bytes(field: number, value: Uint8Array): this {
    this.#parts.push(varint((field << 3) | 2), varint(value.length), Buffer.from(value));
    return this;
  }

  message(field: number, value: Writer): this {
    return this.bytes(field, value.end());
  }

  number(field: number, value: number | bigint | undefined): this {
    if (value === undefined || BigInt(value) === 0n) return this;
    this.#parts.push(varint(field << 3), varint(value));
    return this;
  }

  flag(field: number, value: boolean): this {
    return this.number(field, value ? 1 : 0);
  }

  /** A map of texts: entries with the key as field 1 and the value as field 2. */
  map(field: number, entries: Iterable<readonly [string, string]>): this {
    for (const [key, value] of entries) this.message(field, new Writer().text(1, key).text(2, value));
    return this;
  }

  end(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Negative numbers as two's complement of 64 bits: ten bytes. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
