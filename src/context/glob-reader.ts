/** Code points of a text, one after another. */
export class GlobReader {
  readonly #chars: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#chars = Array.from(text);
  }

  atEnd(): boolean {
    return this.#at >= this.#chars.length;
  }

  peek(ahead = 0): string | undefined {
    return this.#chars[this.#at + ahead];
  }

  next(): string | undefined {
    return this.#chars[this.#at++];
  }

  /** Takes `text` (ASCII) if it stands here. */
  take(text: string): boolean {
    const found = this.#chars.slice(this.#at, this.#at + text.length).join('') === text;
    if (found) this.#at += text.length;
    return found;
  }

  /** Takes what the expression (ASCII, anchored) matches within the next 30 characters. */
  takeMatch(expression: RegExp): RegExpExecArray | undefined {
    const match = expression.exec(this.#chars.slice(this.#at, this.#at + 30).join(''));
    this.#at += match?.[0].length ?? 0;
    return match ?? undefined;
  }
}
