import type { CharClass } from './char-class';
import { includes } from './char-class';
import type { Piece } from './glob-parse';
import { NO_NEWLINE } from './glob-parse';

/** A state of the machine: `chars` leads to `next`; without `chars` the state is passed at once. */
interface State {
  readonly chars: CharClass | undefined;
  readonly next: readonly number[];
  /** Passed only at the start of the text. */
  readonly atStart: boolean;
}

const SLASH: CharClass = { ranges: [[47, 47]], negated: false };

/**
 * Runs all ways through a pattern side by side, one step a character: the work is pattern length × path length at most,
 * where a backtracking matcher needs minutes for thirty stars.
 */
export class GlobMachine {
  readonly #states: readonly State[];
  readonly #seen: Uint32Array;
  #round = 0;

  constructor(pieces: readonly Piece[]) {
    this.#states = statesOf(pieces);
    this.#seen = new Uint32Array(this.#states.length + 1);
  }

  /** True when the whole text matches. */
  matches(text: string): boolean {
    return this.#run(text).includes(this.#states.length);
  }

  /** True when some text that begins with `start` could match. */
  mayGoOn(start: string): boolean {
    return this.#run(start).some((state) => this.#states[state]?.chars !== undefined);
  }

  #run(text: string): readonly number[] {
    let active: number[] = [];
    this.#round++;
    this.#enter(0, true, active);
    for (const char of text) {
      if (active.length === 0) return active;
      const code = char.codePointAt(0) ?? 0;
      const following: number[] = [];
      this.#round++;
      for (const index of active) {
        const state = this.#states[index];
        if (!state?.chars || !includes(state.chars, code)) continue;
        for (const next of state.next) this.#enter(next, false, following);
      }
      active = following;
    }
    return active;
  }

  /** Adds a state, and those that are reached from it without a character. */
  #enter(first: number, atStart: boolean, active: number[]): void {
    const waiting = [first];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (this.#seen[index] === this.#round) continue;
      this.#seen[index] = this.#round;
      const state = this.#states[index];
      if (!state || state.chars) active.push(index);
      else if (atStart || !state.atStart) waiting.push(...state.next);
    }
  }
}

/** The state after the last one is the accepting one. */
function statesOf(pieces: readonly Piece[]): readonly State[] {
  const states: State[] = [];
  const add = (chars: CharClass | undefined, next: readonly number[], atStart = false): number =>
    states.push({ chars, next, atStart });
  for (const piece of pieces) {
    const here = states.length;
    if (piece.kind === 'one') add(piece.chars, [here + 1]);
    else if (piece.kind === 'start') add(undefined, [here + 1], true);
    else if (piece.kind === 'maybe') {
      add(undefined, [here + 1, here + 2]);
      add(piece.chars, [here + 2]);
    } else if (piece.kind === 'many') {
      add(undefined, [here + 1, here + 2]);
      add(piece.chars, [here]);
    } else {
      add(undefined, [here + 1, here + 4]);
      add(undefined, [here + 2, here + 3]);
      add(NO_NEWLINE, [here + 1]);
      add(SLASH, [here + 4]);
    }
  }
  return states;
}
