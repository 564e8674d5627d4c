/** So many lines of a step are there when it fails, whatever was cut. */
export const TAIL = 200;

/** The last lines of one step's output, and how much of it was cut. */
export class StepOutput {
  #ring: string[] = [];
  /** Lines held back since this was last told; always the latest ones. */
  cut = 0;
  /** How many lines had been printed in all when this step's last one was. */
  lastPrinted = 0;

  add(text: string): void {
    this.#ring.push(text);
    if (this.#ring.length >= 2 * TAIL) this.#ring = this.#ring.slice(-TAIL);
  }

  last(most: number): readonly string[] {
    const lines = Math.min(most, TAIL);
    return lines <= 0 ? [] : this.#ring.slice(-lines);
  }
}
