import type { ProducerRun } from '../../context/producer-run';
import { StepError } from '../../domain/errors';
import type { Report } from '../../pipeline/ports';
import { ContextProgress } from '../context-progress';

/** Tells how the context's transfer goes, and what of it had to travel. BuildKit may ask for it more than once. */
export class ContextTransfer {
  #first: ProducerRun | undefined;
  #failure: StepError | undefined;
  readonly #progress: ContextProgress;

  constructor(report: Report) {
    this.#progress = new ContextProgress(report);
  }

  /** Why the context could not be read, where that is what broke the build. */
  get failure(): StepError | undefined {
    return this.#failure;
  }

  /** Counts what goes through. */
  watched(run: ProducerRun): ProducerRun {
    const counter = this.#progress.counter();
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
      if (facts !== undefined && this.#failure === undefined) this.#progress.sent(facts);
    });
  }
}
