const FIRST_ROOM_BYTES = 16 * 1024;
const EMPTY = Buffer.alloc(0);

/**
 * Puts messages together that come as a prefix of fixed size and a body, cut anywhere. Room for a body grows with what
 * has come, never with what the prefix announces.
 */
export class LengthPrefixed {
  readonly #prefix: Buffer;
  #prefixFilled = 0;
  #length = 0;
  #room: Buffer = EMPTY;
  #filled = 0;

  /** `lengthOf` reads the body's length from the prefix, and throws when it is too large. */
  constructor(
    prefixBytes: number,
    private readonly lengthOf: (prefix: Buffer) => number,
  ) {
    this.#prefix = Buffer.alloc(prefixBytes);
  }

  /** The bodies that are complete with these bytes: views of them where they were not cut. */
  push(bytes: Buffer): Buffer[] {
    const bodies: Buffer[] = [];
    for (let at = 0; at < bytes.length;) {
      at += this.#readPrefix(bytes, at);
      if (this.#prefixFilled < this.#prefix.length) break;
      const part = bytes.subarray(at, at + this.#length - this.#filled);
      at += part.length;
      const body = this.#add(part);
      if (body !== undefined) bodies.push(body);
    }
    return bodies;
  }

  /** Some of a message has come, and not all of it. */
  get begun(): boolean {
    return this.#prefixFilled > 0;
  }

  #readPrefix(bytes: Buffer, at: number): number {
    const missing = this.#prefix.length - this.#prefixFilled;
    if (missing === 0) return 0;
    const copied = bytes.copy(this.#prefix, this.#prefixFilled, at, at + missing);
    this.#prefixFilled += copied;
    if (copied === missing) this.#length = this.lengthOf(this.#prefix);
    return copied;
  }

  #add(part: Buffer): Buffer | undefined {
    const whole = part.length === this.#length;
    if (!whole) this.#keep(part);
    if (!whole && this.#filled < this.#length) return undefined;
    const body = whole ? part : this.#room.subarray(0, this.#length);
    this.#room = EMPTY;
    this.#filled = 0;
    this.#prefixFilled = 0;
    return body;
  }

  #keep(part: Buffer): void {
    const needed = this.#filled + part.length;
    if (needed > this.#room.length) {
      const room = Buffer.allocUnsafe(Math.min(this.#length, Math.max(2 * needed, FIRST_ROOM_BYTES)));
      this.#room.copy(room, 0, 0, this.#filled);
      this.#room = room;
    }
    part.copy(this.#room, this.#filled);
    this.#filled = needed;
  }
}
