const { imul } = Math;
const BASE = 0x01000193; // FNV's prime: odd, and spreads ASCII well

/** Characters of a window. */
export const WINDOW = 8;

/** A place in one of the texts. */
export interface Place {
  readonly text: string;
  readonly at: number;
}

/**
 * Where the windows of texts are: every `stride`th of each, so that the table has a ninth of the entries and none of the
 * texts is copied. A text is added in time linear in its length, whatever is there already (the table doubles).
 */
export class WindowTable {
  /** What it has cost so far: windows put in, and places looked at. */
  steps = 0;
  readonly #texts: string[] = [];
  /** Where each text begins in the row of all of them. */
  readonly #begins: number[] = [];
  #length = 0;
  #count = 0;
  /** Of each entry, its place in the row of all texts, and the entry before it of the same slot. */
  #places = new Uint32Array(256);
  #before = new Int32Array(256);
  /** Of each slot, its last entry. */
  #last = new Int32Array(256).fill(-1);

  constructor(private readonly stride: number) {}

  add(text: string): void {
    this.#texts.push(text);
    this.#begins.push(this.#length);
    for (let at = 0; at + WINDOW <= text.length; at += this.stride) {
      if (this.#count === this.#places.length) this.#grow();
      this.#places[this.#count] = this.#length + at;
      this.#link(this.#count++, text, at);
    }
    this.#length += text.length;
  }

  /** Places whose window may be that of `text` at `at`, at most so many. */
  *find(text: string, at: number, most: number): Generator<Place, void> {
    let entry = this.#last[this.#slotOf(text, at)] ?? -1;
    for (let seen = 0; entry >= 0 && seen < most; seen++) {
      this.steps++;
      yield this.#placeOf(entry);
      entry = this.#before[entry] ?? -1;
    }
  }

  #link(entry: number, text: string, at: number): void {
    this.steps++;
    const slot = this.#slotOf(text, at);
    this.#before[entry] = this.#last[slot] ?? -1;
    this.#last[slot] = entry;
  }

  #grow(): void {
    const size = this.#places.length * 2;
    const places = new Uint32Array(size);
    places.set(this.#places);
    this.#places = places;
    this.#before = new Int32Array(size);
    this.#last = new Int32Array(size).fill(-1);
    for (let entry = 0, index = 0; entry < this.#count; entry++) {
      const place = places[entry] ?? 0;
      while ((this.#begins[index + 1] ?? Infinity) <= place) index++;
      this.#link(entry, this.#texts[index] ?? '', place - (this.#begins[index] ?? 0));
    }
  }

  #placeOf(entry: number): Place {
    const place = this.#places[entry] ?? 0;
    let [from, to] = [0, this.#begins.length - 1];
    while (from < to) {
      const middle = (from + to + 1) >>> 1;
      if ((this.#begins[middle] ?? 0) <= place) from = middle;
      else to = middle - 1;
    }
    return { text: this.#texts[from] ?? '', at: place - (this.#begins[from] ?? 0) };
  }

  #slotOf(text: string, at: number): number {
    let hash = 0;
    for (let index = at; index < at + WINDOW; index++) hash = (imul(hash, BASE) + text.charCodeAt(index)) | 0;
    return (hash ^ (hash >>> 15)) & (this.#last.length - 1);
  }
}
