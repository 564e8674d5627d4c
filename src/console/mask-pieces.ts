import type { Form } from './mask-forms';
import type { Span } from './mask-index';
import { WINDOW, WindowTable } from './mask-windows';

/** So many characters of a secret in a row are no accident. */
const PIECE = 16;
/** Forms shorter than the narrowest wrapping in use (openssl's and PEM's 64, base64's 76, xxd's 60) stay in one line. */
const WRAPPED = 48;
/** Of any PIECE characters of a form, exactly one window is in the table. */
const STRIDE = PIECE - WINDOW + 1;
/** A secret that says the same over and over has a window in very many places; they are not all tried. */
const MOST_PLACES = 512;

/**
 * Finds what is left of a long secret when `base64`, `fold` or `xxd` has wrapped it: a line that begins or ends with 16
 * or more characters of a form. A table of windows keeps ordinary lines away from the comparison, and leads the others
 * to the few places that there are to compare with.
 */
export class PieceIndex {
  readonly #windows = new WindowTable(STRIDE);
  #empty = true;

  /** What it has cost so far, in windows put in and places looked at. */
  get steps(): number {
    return this.#windows.steps;
  }

  add(form: Form): void {
    if (form.text.length < WRAPPED || /\s/.test(form.text)) return;
    this.#windows.add(form.text);
    this.#empty = false;
  }

  find(text: string): Span[] {
    if (this.#empty) return [];
    const end = text.trimEnd().length;
    const start = text.length - text.trimStart().length;
    if (end - start < PIECE) return [];
    const spans: Span[] = [];
    const length = this.#reach(text, start, 1);
    if (length > 0) spans.push({ start, end: Math.min(end, start + length) });
    const back = this.#reach(text, end - PIECE, -1);
    if (back > 0) spans.push({ start: Math.max(start, end - back), end });
    return spans;
  }

  /** How many characters of one form lie at `at` and on from its far side in a direction; 0: none do. */
  #reach(text: string, at: number, direction: 1 | -1): number {
    const piece = text.slice(at, at + PIECE);
    let most = 0;
    for (let offset = 0; offset < STRIDE; offset++) {
      const places = [...this.#windows.find(piece, offset, MOST_PLACES)];
      // Somewhere among those that are left out more of the line may be: all of it is hidden.
      if (places.length === MOST_PLACES) return text.length;
      for (const place of places) {
        const found = place.at - offset;
        if (found < 0 || !place.text.startsWith(piece, found)) continue;
        most = Math.max(most, PIECE + extent(place.text, found, text, at, direction));
      }
    }
    return most;
  }
}

function extent(form: string, found: number, text: string, at: number, direction: 1 | -1): number {
  let length = 0;
  const [inForm, inText] = direction === 1 ? [found + PIECE, at + PIECE] : [found - 1, at - 1];
  for (;;) {
    const mine = text[inText + length * direction];
    if (mine === undefined || mine !== form[inForm + length * direction]) return length;
    length++;
  }
}
