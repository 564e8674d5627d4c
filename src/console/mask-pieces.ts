import type { Form } from './mask-forms';
import type { Span } from './mask-index';

const { imul } = Math;

/** So many characters of a secret in a row are no accident. */
const PIECE = 16;
/** Forms shorter than the narrowest wrapping in use (openssl's and PEM's 64, base64's 76, xxd's 60) stay in one line. */
const WRAPPED = 48;
/** Bits for each position of a form: about one look-up in 16 that finds nothing goes on to a comparison. */
const BITS_PER_POSITION = 16;

/**
 * Finds what is left of a long secret when `base64`, `fold` or `xxd` has wrapped it: a line that begins or ends with 16
 * or more characters of a form. A bit table of all 16-character windows keeps ordinary lines away from the comparison.
 */
export class PieceIndex {
  readonly #forms: string[] = [];
  #positions = 0;
  #bits: Uint32Array | undefined;

  add(form: Form): void {
    if (form.text.length < WRAPPED || /\s/.test(form.text)) return;
    this.#forms.push(form.text);
    this.#positions += form.text.length;
    this.#bits = undefined;
  }

  find(text: string): Span[] {
    if (this.#forms.length === 0) return [];
    const end = text.trimEnd().length;
    const start = text.length - text.trimStart().length;
    if (end - start < PIECE) return [];
    const spans: Span[] = [];
    const length = this.#reach(text, start, 1);
    if (length > 0) spans.push({ start, end: start + length });
    const back = this.#reach(text, end - PIECE, -1);
    if (back > 0) spans.push({ start: end - back, end });
    return spans;
  }

  /** How many characters of one form lie at `at` and on from its far side in a direction; 0: none do. */
  #reach(text: string, at: number, direction: 1 | -1): number {
    this.#bits ??= tableOf(this.#forms, this.#positions);
    if (!isSet(this.#bits, windowHash(text, at))) return 0;
    const key = text.slice(at, at + PIECE);
    let most = 0;
    for (const form of this.#forms) {
      for (let found = form.indexOf(key); found >= 0; found = form.indexOf(key, found + 1)) {
        most = Math.max(most, PIECE + extent(form, found, text, at, direction));
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

function tableOf(forms: readonly string[], positions: number): Uint32Array {
  const words = 2 ** Math.ceil(Math.log2(Math.max(32, positions * BITS_PER_POSITION))) / 32;
  const bits = new Uint32Array(words);
  for (const form of forms) {
    for (let at = 0; at + PIECE <= form.length; at++) {
      const hash = windowHash(form, at);
      bits[(hash >>> 5) % words] = (bits[(hash >>> 5) % words] ?? 0) | (1 << (hash & 31));
    }
  }
  return bits;
}

function isSet(bits: Uint32Array, hash: number): boolean {
  return (((bits[(hash >>> 5) % bits.length] ?? 0) >>> (hash & 31)) & 1) === 1;
}

function windowHash(text: string, at: number): number {
  let hash = 0x811c9dc5; // FNV-1a
  for (let index = at; index < at + PIECE; index++) hash = imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
