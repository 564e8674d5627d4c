/** So many lines of a step are there when it fails, whatever was cut. */
export const TAIL = 200;

/** The last lines of one step's output, and how much of it was cut. */
export class StepOutput {
  readonly #ring: string[] = [];
  #added = 0;
  /** Lines held back since this was last told; always the latest ones. */
  cut = 0;
  /** How many lines had been printed in all when this step's last one was. */
  lastPrinted = 0;
  /** How a notice calls it: its number, where others run beside it. */
  name = 'this step';

  add(text: string): void {
    this.#ring[this.#added % TAIL] = text;
    this.#added++;
  }

  last(most: number): readonly string[] {
    const lines = Math.min(most, TAIL, this.#added);
    return Array.from({ length: Math.max(0, lines) }, (_, back) => {
      return this.#ring[(this.#added - lines + back) % TAIL] ?? '';
    });
  }
}
