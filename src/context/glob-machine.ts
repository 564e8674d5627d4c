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
const ACCEPT = 0;

/**
 * Runs all ways through a pattern side by side, one step a character: the work is pattern length × path length at most,
 * where a backtracking matcher needs minutes for thirty stars.
 */
export class GlobMachine {
  readonly #states: State[] = [{ chars: undefined, next: [], atStart: false }];
  readonly #entries: readonly number[];
  readonly #seen: Uint32Array;
  #round = 0;

  constructor(alternatives: readonly (readonly Piece[])[]) {
    this.#entries = alternatives.map((pieces) => {
      const entry = this.#states.length;
      for (const piece of pieces) addPiece(this.#states, piece);
      this.#states.push({ chars: undefined, next: [ACCEPT], atStart: false });
      return entry;
    });
    this.#seen = new Uint32Array(this.#states.length);
  }

  /** True when the whole text matches. */
  matches(text: string): boolean {
    return this.#run(text).includes(ACCEPT);
  }

  /** True when some text that goes on after `start` could match. */
  mayGoOn(start: string): boolean {
    return this.#run(start).some((state) => state !== ACCEPT);
  }

  #run(text: string): readonly number[] {
    let active: number[] = [];
    this.#round++;
    for (const entry of this.#entries) this.#enter(entry, true, active);
    for (const char of text) {
      if (active.length === 0) return active;
      active = this.#step(active, char.codePointAt(0) ?? 0);
    }
    return active;
  }

  #step(active: readonly number[], code: number): number[] {
    const following: number[] = [];
    this.#round++;
    for (const index of active) {
      const state = this.#states[index];
      if (!state?.chars || !includes(state.chars, code)) continue;
      for (const next of state.next) this.#enter(next, false, following);
    }
    return following;
  }

  /** Adds a state, and those that are reached from it without a character. */
  #enter(first: number, atStart: boolean, active: number[]): void {
    const waiting = [first];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      const state = this.#states[index];
      if (!state || this.#seen[index] === this.#round) continue;
      this.#seen[index] = this.#round;
      if (state.chars || index === ACCEPT) active.push(index);
      else if (atStart || !state.atStart) waiting.push(...state.next);
    }
  }
}

function addPiece(states: State[], piece: Piece): void {
  const add = (chars: CharClass | undefined, steps: readonly number[], atStart = false): void => {
    const here = states.length;
    states.push({ chars, next: steps.map((step) => here + step), atStart });
  };
  if (piece.kind === 'start') add(undefined, [1], true);
  else if (piece.kind === 'folders') {
    add(undefined, [1, 4]);
    add(undefined, [1, 2]);
    add(NO_NEWLINE, [-1]);
    add(SLASH, [1]);
  } else {
    const { chars, least, most } = piece;
    for (let i = 0; i < least; i++) add(chars, [1]);
    if (most === Infinity) {
      add(undefined, [1, 2]);
      add(chars, [-1]);
    } else {
      for (let i = least; i < most; i++) {
        add(undefined, [1, 2]);
        add(chars, [1]);
      }
    }
  }
}
