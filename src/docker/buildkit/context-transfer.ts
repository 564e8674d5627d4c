import { Transform } from 'node:stream';
import type { ProducerRun } from '../../context/producer-run';
import { StepError } from '../../domain/errors';
import type { Report } from '../../pipeline/ports';

/** How often progress is told. */
const STEP_BYTES = 4 * 1024 * 1024;

/** Tells how the context's transfer goes, and what of it had to travel. BuildKit may ask for it more than once. */
export class ContextTransfer {
  #first: ProducerRun | undefined;
  #failure: StepError | undefined;
  #bytes = 0;
  #told = 0;

  constructor(private readonly report: Report) {}

  /** Why the context could not be read, where that is what broke the build. */
  get failure(): StepError | undefined {
    return this.#failure;
  }

  /** Counts what goes through. */
  watched(run: ProducerRun): ProducerRun {
    const counter = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#count(chunk.length);
        done(null, chunk);
      },
    });
    run.output.on('error', (error) => {
      if (error instanceof StepError) this.#failure ??= error;
      counter.destroy(error);
    });
    counter.once('close', () => run.output.destroy());
    run.output.pipe(counter);
    return { ...run, input: (bytes) => run.input(bytes), inputEnded: () => run.inputEnded(), output: counter };
  }

  begun(run: ProducerRun): void {
    if (this.#first !== undefined) return;
    this.#first = run;
    void run.facts().then((facts) => {
      if (facts === undefined || this.#failure !== undefined) return;
      this.report({ type: 'context-sent', report: facts.report });
      for (const text of facts.notes) this.report({ type: 'note', text });
    });
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes - this.#told < STEP_BYTES) return;
    this.#told = this.#bytes;
    this.report({ type: 'context-progress', bytes: this.#bytes });
  }
}
