/** A value that must never be printed. Whoever needs it says so with `reveal()`, which is easy to find in a review. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '****';
  }

  toJSON(): string {
    return '****';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '****';
  }
}
