import { Readable } from 'node:stream';
import type { ProducedFacts, Producer } from './producer';
import { PIECE_BYTES, type ProducerRun } from './producer-run';

/** Drives a producer in this thread, a piece at a time, with everything else having its turn in between. */
export function runInProcess(producer: Producer): ProducerRun {
  const run = new InProcess(producer);
  return {
    output: run,
    input: (bytes) => run.receive(bytes),
    inputEnded: () => run.receiveEnd(),
    facts: () => run.facts,
  };
}

class InProcess extends Readable {
  readonly facts: Promise<ProducedFacts | undefined>;
  #tell: (facts: ProducedFacts | undefined) => void = () => undefined;
  #asked = false;
  #planned = false;

  constructor(private readonly producer: Producer) {
    super({ highWaterMark: PIECE_BYTES });
    this.facts = new Promise((resolve) => (this.#tell = resolve));
  }

  override _read(): void {
    this.#asked = true;
    this.#plan();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.producer.close();
    this.#tell(error ? this.producer.facts() : undefined);
    done(error);
  }

  receive(bytes: Uint8Array): void {
    this.#guarded(() => this.producer.receive?.(bytes));
    this.#plan();
  }

  receiveEnd(): void {
    this.#guarded(() => this.producer.receiveEnd?.());
    this.#plan();
  }

  #plan(): void {
    if (!this.#asked || this.#planned || this.destroyed) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      if (!this.destroyed) this.#guarded(() => this.#produce());
    });
  }

  #produce(): void {
    const piece = this.producer.produce(PIECE_BYTES);
    if (piece === 'waiting') return;
    this.#asked = false;
    if (piece === 'ended') {
      this.#tell(this.producer.facts());
      this.push(null);
    } else {
      this.push(piece);
    }
  }

  #guarded(work: () => void): void {
    if (this.destroyed) return;
    try {
      work();
    } catch (error) {
      this.destroy(error as Error);
    }
  }
}
