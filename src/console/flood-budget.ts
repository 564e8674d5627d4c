import type { Rank } from './line';

/**
 * GoCD's buffer is a ring of 10,240 lines that is drained every 10 s and drops the rest without a word: 5,000 lines in
 * any 10 s pass even when one drain is late. Of those, the lower ranks leave room for the higher.
 */
export const WINDOW_MS = 10_000;
export const MOST_LINES = 5_000;
const LIMITS: Readonly<Record<Rank, number>> = { foreign: 4_000, structure: 4_500, ours: MOST_LINES };

interface Slot {
  readonly second: number;
  readonly lines: number;
}

/** Counts lines by the second over a window of at least 10 s. */
export class Budget {
  #slots: Slot[] = [];
  #now = 0;

  /** How many lines of a rank may be printed now. */
  room(rank: Rank, at: number): number {
    this.#forget(at);
    const printed = this.#slots.reduce((sum, slot) => sum + slot.lines, 0);
    return Math.max(0, LIMITS[rank] - printed);
  }

  take(lines: number, at: number): void {
    this.#forget(at);
    const last = this.#slots.at(-1);
    if (last?.second === this.#now) this.#slots[this.#slots.length - 1] = { ...last, lines: last.lines + lines };
    else this.#slots.push({ second: this.#now, lines });
  }

  // A clock that is set back must not open the gate. A slot's last line may be a second younger than its first.
  #forget(at: number): void {
    this.#now = Math.max(this.#now, Math.floor(at / 1000));
    if ((this.#slots[0]?.second ?? this.#now) < this.#now - WINDOW_MS / 1000) {
      this.#slots = this.#slots.filter(({ second }) => second >= this.#now - WINDOW_MS / 1000);
    }
  }
}
