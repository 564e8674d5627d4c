import { SMALLEST_PIECE_BYTES } from './piece';

/**
 * Memory that is handed away with what was written into it. Where that is little it is copied out, and the memory taken
 * again: a receiver that asks for small files one by one would otherwise have a fresh quarter of a megabyte for each.
 */
export class PieceMemory {
  #spare: Buffer | undefined;

  /** At least `bytes`, and room for any packet. */
  take(bytes: number): Buffer {
    const length = Math.max(bytes, SMALLEST_PIECE_BYTES);
    const spare = this.#spare;
    this.#spare = undefined;
    // Not of a pool, so that it can be handed to another thread.
    return spare?.length === length ? spare : Buffer.allocUnsafeSlow(length);
  }

  /** What was written into it, the first `length` bytes, in memory of its own. */
  give(buffer: Buffer, length: number): Buffer {
    const written = buffer.subarray(0, length);
    if (2 * length >= buffer.length) return written;
    this.#spare = buffer;
    const copy = Buffer.allocUnsafeSlow(length);
    written.copy(copy);
    return copy;
  }
}
