import { Transform } from 'node:stream';
import type { ProducedFacts } from '../context/producer';
import type { Report } from '../pipeline/ports';

/** How often progress is told. */
const STEP_BYTES = 4 * 1024 * 1024;

/** Tells how a context's way to the daemon goes, and what of it had to travel. */
export class ContextProgress {
  #bytes = 0;
  #told = 0;

  constructor(private readonly report: Report) {}

  /** Counts what goes through; `atEnd` comes before the end does. */
  counter(atEnd: () => Promise<void> = () => Promise.resolve()): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#add(chunk.length);
        done(null, chunk);
      },
      flush: (done) => void atEnd().then(() => done(), done),
    });
  }

  sent({ report, notes }: ProducedFacts): void {
    this.report({ type: 'context-sent', report });
    for (const text of notes) this.report({ type: 'note', text });
  }

  #add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes - this.#told < STEP_BYTES) return;
    this.#told = this.#bytes;
    this.report({ type: 'context-progress', bytes: this.#bytes });
  }
}
