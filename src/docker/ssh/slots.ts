/** So many at a time, first come first served. */
export class Slots {
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(private readonly most: number) {}

  get wanted(): boolean {
    return this.#waiting.length > 0;
  }

  get full(): boolean {
    return this.#taken >= this.most;
  }

  /** Calls when there is one, at once if it is free. Answers how to give it back, or up; both any number of times. */
  take(begin: () => void): () => void {
    let held = false;
    const enter = (): void => {
      this.#taken++;
      held = true;
      begin();
    };
    if (this.full) this.#waiting.push(enter);
    else enter();
    return () => {
      const place = this.#waiting.indexOf(enter);
      if (place >= 0) this.#waiting.splice(place, 1);
      if (!held) return;
      held = false;
      this.#taken--;
      if (!this.full) this.#waiting.shift()?.();
    };
  }
}
