const MOST = 20;

/** Things worth a line, of which there may be thousands: the first ones, and how many more. */
export class Notes {
  readonly #first: string[] = [];
  #more = 0;

  readonly add = (text: string): void => {
    if (this.#first.length < MOST) this.#first.push(text);
    else this.#more++;
  };

  list(): readonly string[] {
    return this.#more === 0 ? [...this.#first] : [...this.#first, `and ${this.#more} more notes of this kind`];
  }
}
