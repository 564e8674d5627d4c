import { Readable } from 'node:stream';
import type { ProducedFacts } from './producer';
import { PIECE_BYTES, type ProducerRun } from './producer-run';
import { fromCrossing, type FromWorker, type ToWorker } from './worker-messages';

type WithoutRun<M> = M extends unknown ? Omit<M, 'run'> : never;
export type Post = (message: WithoutRun<ToWorker>, transfer?: readonly ArrayBuffer[]) => void;

// 4 MiB of them.
const PIECES_KEPT = 16;
const V8_THRESHOLD = 32 * 1024 * 1024;

/** One job of a worker, seen from the main thread. */
export class WorkerRun {
  readonly facts: Promise<ProducedFacts | undefined>;
  readonly output: Readable;
  #tell: (facts: ProducedFacts | undefined) => void = () => undefined;
  /** What came and was not asked for yet. */
  readonly #pieces: Uint8Array[] = [];
  #asked = false;
  #given = 0;
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
  take(message: Exclude<FromWorker, { readonly type: 'stopped' }>): void {
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
      if (++this.#given % PIECES_KEPT === 0) collectPieces();
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
 * Frees the pieces that have been sent. V8 looks at what its young ArrayBuffers hold only when one is allocated, not when
 * one comes from a thread, and collects them from 32 MiB on: without this, 64 MiB and more of them pile up (measured with
 * 5 GiB: 60 MB less at the peak, for 0.15 s of processor time a GiB). Of these, the second finds the first, and is the
 * occasion; they take addresses and no memory, since nobody touches them.
 */
function collectPieces(): void {
  try {
    new ArrayBuffer(V8_THRESHOLD + 1);
  } catch {
    // Where addresses are limited, memory is not what is short.
  }
}
