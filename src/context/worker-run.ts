import { Readable } from 'node:stream';
import type { ProducedFacts } from './producer';
import { PIECE_BYTES, type ProducerRun } from './producer-run';
import { fromCrossing, type FromWorker, type ToWorker } from './worker-messages';

type WithoutRun<M> = M extends unknown ? Omit<M, 'run'> : never;
export type Post = (message: WithoutRun<ToWorker>, transfer?: readonly ArrayBuffer[]) => void;

/** One job of a worker, seen from the main thread. */
export class WorkerRun {
  readonly facts: Promise<ProducedFacts | undefined>;
  readonly output: Readable;
  #tell: (facts: ProducedFacts | undefined) => void = () => undefined;
  /** What came and was not asked for yet. */
  readonly #pieces: Uint8Array[] = [];
  #asked = false;
  /** The worker knows no such job any more. */
  #over = false;

  constructor(
    private readonly post: Post,
    private readonly closed: () => void,
  ) {
    this.facts = new Promise((resolve) => (this.#tell = resolve));
    this.output = new Readable({
      highWaterMark: PIECE_BYTES,
      read: () => this.#give(),
      destroy: (error, done) => {
        this.#close();
        done(error);
      },
    });
  }

  /** For the worker's host: what its thread says of this job. */
  take(message: FromWorker): void {
    if (message.type === 'piece') {
      this.#pieces.push(message.piece);
    } else {
      this.#over = true;
      this.#tell(message.facts);
      if (message.type === 'failed') return void this.output.destroy(fromCrossing(message.error));
    }
    if (this.#asked) this.#give();
  }

  /** For the worker's host: its thread is gone. */
  fail(error: Error): void {
    this.#over = true;
    this.output.destroy(error);
  }

  /** What callers see; each part works by itself. */
  asRun(): ProducerRun {
    return {
      output: this.output,
      input: (bytes) => {
        const copy = new Uint8Array(bytes); // a view of a pool would cross as the whole pool
        if (!this.#over) this.post({ type: 'input', bytes: copy }, [copy.buffer]);
      },
      inputEnded: () => {
        if (!this.#over) this.post({ type: 'input-ended' });
      },
      facts: () => this.facts,
    };
  }

  #give(): void {
    const piece = this.#pieces.shift();
    this.#asked = piece === undefined;
    if (piece !== undefined) {
      if (!this.#over) this.post({ type: 'credit', pieces: 1 });
      nudgeCollector();
      this.output.push(piece);
    } else if (this.#over) {
      this.output.push(null);
    }
  }

  #close(): void {
    this.#pieces.length = 0;
    if (!this.#over) this.post({ type: 'stop' });
    this.#over = true;
    this.#tell(undefined);
    this.closed();
  }
}

/**
 * V8 looks at how much memory the young ArrayBuffers hold when one is allocated, not when one is received from a thread:
 * without this it collects them after 64 MB or more, with it after 32 (measured with 1 GiB: 135 MB resident, and 101).
 */
function nudgeCollector(): void {
  void new ArrayBuffer(1);
}
