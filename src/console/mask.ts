import type { Mask } from '../pipeline/ports';
import type { Secret } from '../domain/secret';
import { formsOf, SHORTEST, type Form } from './mask-forms';
import { MaskIndex, type Span } from './mask-index';
import { PieceIndex } from './mask-pieces';
import { withoutColours } from './sanitise';

const MASKED = '****';

/** Hides secrets in text. What is registered is hidden from then on, everywhere. */
export class Masker implements Mask {
  readonly #values = new Set<string>();
  readonly #forms = new Set<string>();
  readonly #index = new MaskIndex();
  readonly #pieces = new PieceIndex();
  #longest = 0;

  register(_name: string, secret: Secret): void {
    const value = secret.reveal();
    if (value.trim().length < SHORTEST || this.#values.has(value)) return;
    this.#values.add(value);
    for (const form of formsOf(value)) this.#add(form);
  }

  /** For whole lines. Colours within a secret hide it from nobody: such a line loses them. */
  redact(text: string): string {
    const plain = withoutColours(text);
    const found = this.#find(plain);
    return found.length === 0 ? text : this.#hide(plain, found);
  }

  /** For a line of which only the beginning is there: a secret may go on beyond it, so its end is left out. */
  redactBeginning(text: string): string {
    const plain = withoutColours(text);
    const found = merge(this.#find(plain));
    const edge = Math.max(0, plain.length - this.#longest);
    const shown = found.find(({ start, end }) => start < edge && edge < end)?.end ?? edge;
    return this.redact(plain.slice(0, shown));
  }

  #add(form: Form): void {
    const key = `${form.edges ? '=' : ''}${form.text}`;
    if (this.#forms.has(key)) return;
    this.#forms.add(key);
    this.#longest = Math.max(this.#longest, form.text.length);
    this.#index.add(form);
    this.#pieces.add(form);
  }

  #find(text: string): Span[] {
    return [...this.#index.find(text), ...this.#pieces.find(text)];
  }

  /** Until nothing is found: `****` can complete a secret with stars in it. Each round makes the text shorter. */
  #hide(text: string, found: readonly Span[]): string {
    let hidden = text;
    for (let spans = found; spans.length > 0; spans = this.#index.find(hidden)) {
      let shown = '';
      let at = 0;
      for (const span of merge(spans)) {
        shown += hidden.slice(at, span.start) + MASKED;
        at = span.end;
      }
      hidden = shown + hidden.slice(at);
    }
    return hidden;
  }
}

/** Overlapping and touching spans become one: nothing of a secret is left between two of its forms. */
function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || span.start > last.end) merged.push(span);
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return merged;
}
