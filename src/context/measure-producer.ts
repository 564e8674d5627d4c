import { ContextTally } from './context-tally';
import type { Found } from './found';
import type { MeasureJob } from './measure-job';
import { Notes } from './notes';
import type { ProducedFacts, Producer } from './producer';
import { walkSync } from './walk';
import { walkOptions } from './walk-job';

// As many looks as take some milliseconds on a disk at hand.
const FILES_AT_ONCE = 500;
/** A piece must hold something, or nobody asks for the next one. */
const PIECE = 1;

/** Makes nothing but the facts: what the walk meets is counted, and no file is opened. */
export function createMeasureProducer(job: MeasureJob): Producer {
  return new MeasureProducer(job);
}

class MeasureProducer implements Producer {
  readonly #tally = new ContextTally();
  readonly #notes = new Notes();
  readonly #walk: Generator<Found, void>;
  /** The content of a file with several names travels once. */
  readonly #seen = new Set<string>();

  constructor(job: MeasureJob) {
    this.#walk = walkSync(walkOptions(job, this.#notes.add));
  }

  produce(): Uint8Array | 'ended' {
    for (let looked = 0; looked < FILES_AT_ONCE; looked++) {
      const step = this.#walk.next();
      if (step.done) return 'ended';
      this.#count(step.value);
    }
    return new Uint8Array(PIECE);
  }

  facts(): ProducedFacts {
    return { report: this.#tally.report(), notes: this.#notes.list() };
  }

  close(): void {
    this.#walk.return();
  }

  #count({ path, kind, size, nlink, dev, ino }: Found): void {
    if (kind === 'folder') return;
    const key = `${dev}:${ino}`;
    const bytes = kind === 'file' && !this.#seen.has(key) ? size : 0;
    if (kind === 'file' && nlink > 1) this.#seen.add(key);
    this.#tally.found(path, bytes);
    this.#tally.sent(path, bytes);
  }
}
