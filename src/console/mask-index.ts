import { SHORTEST, type Form } from './mask-forms';

/** From `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const { imul } = Math;
const BASE = 0x01000193; // FNV's prime: odd, and spreads ASCII well
const LEADING = imul(imul(BASE, BASE), imul(imul(BASE, BASE), BASE)); // BASE to the power SHORTEST - 1
const BITS = 1 << 16;
const BASE64 = /^[A-Za-z0-9+/_-]$/;

/**
 * Finds all forms in one pass (Rabin and Karp): a rolling hash of six characters, a bit table that rules out nearly every
 * position at once, and a comparison only where it does not. The cost does not grow with the number of secrets, and
 * a form is added in constant time. An automaton (Aho and Corasick) would need a node for each character of each form.
 */
export class MaskIndex {
  readonly #bits = new Uint32Array(BITS / 32);
  readonly #buckets = new Map<number, Form[]>();

  add(form: Form): void {
    const hash = hashOf(form.text);
    const bucket = this.#buckets.get(hash) ?? [];
    this.#buckets.set(hash, bucket);
    bucket.splice(placeOf(form, bucket), 0, form);
    this.#bits[slotOf(hash) >>> 5] = (this.#bits[slotOf(hash) >>> 5] ?? 0) | (1 << (slotOf(hash) & 31));
  }

  /** Every occurrence, overlapping ones too, by start; of those that begin at one place, the longest. */
  find(text: string): Span[] {
    const spans: Span[] = [];
    if (this.#buckets.size === 0 || text.length < SHORTEST) return spans;
    let hash = hashOf(text);
    for (let at = 0; ; at++) {
      const slot = slotOf(hash);
      if (((this.#bits[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) {
        const form = this.#buckets.get(hash)?.find((candidate) => text.startsWith(candidate.text, at));
        if (form) spans.push(spanOf(form, text, at));
      }
      if (at + SHORTEST >= text.length) return spans;
      const without = hash - imul(text.charCodeAt(at), LEADING);
      hash = (imul(without, BASE) + text.charCodeAt(at + SHORTEST)) | 0;
    }
  }
}

/** Longest first; found by halves, since the lines of a long secret may all begin alike. */
function placeOf({ text }: Form, bucket: readonly Form[]): number {
  let [from, to] = [0, bucket.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((bucket[middle]?.text.length ?? 0) >= text.length) from = middle + 1;
    else to = middle;
  }
  return from;
}

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < SHORTEST; at++) hash = (imul(hash, BASE) + text.charCodeAt(at)) | 0;
  return hash;
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 16)) & (BITS - 1);
}

function spanOf(form: Form, text: string, at: number): Span {
  let start = at;
  let end = at + form.text.length;
  if (form.edges) {
    if (BASE64.test(text.charAt(start - 1))) start--;
    if (BASE64.test(text.charAt(end))) end++;
    while (text.charAt(end) === '=') end++;
  }
  return { start, end };
}
