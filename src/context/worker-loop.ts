import type { MessagePort } from 'node:worker_threads';
import type { Producer } from './producer';
import { PIECE_BYTES } from './producer-run';
import { asCrossing, CREDITS, type FromWorker, type ToWorker, type WorkerJob } from './worker-messages';

interface Job {
  readonly producer: Producer;
  credits: number;
  /** For its input. */
  waiting: boolean;
}

/** The worker's side: drives the producers of all jobs in turns, a piece each, and hears what comes in between. */
export function serveJobs(port: MessagePort, create: (job: WorkerJob) => Producer): void {
  const loop = new WorkerLoop(port, create);
  port.on('message', (message: ToWorker) => loop.take(message));
}

class WorkerLoop {
  readonly #jobs = new Map<number, Job>();
  #planned = false;

  constructor(
    private readonly port: MessagePort,
    private readonly create: (job: WorkerJob) => Producer,
  ) {}

  take(message: ToWorker): void {
    this.#guarded(message.run, () => this.#heed(message));
    this.#plan();
  }

  #heed(message: ToWorker): void {
    const { run } = message;
    if (message.type === 'job') {
      this.#jobs.set(run, { producer: this.create(message.job), credits: CREDITS, waiting: false });
      return;
    }
    if (message.type === 'stop') {
      this.#drop(run);
      this.#post({ run, type: 'stopped' });
      return;
    }
    const job = this.#jobs.get(run);
    if (!job) return;
    if (message.type === 'credit') job.credits += message.pieces;
    else {
      job.waiting = false;
      if (message.type === 'input') job.producer.receive?.(message.bytes);
      else job.producer.receiveEnd?.();
    }
  }

  #plan(): void {
    if (this.#planned || ![...this.#jobs.values()].some(canGoOn)) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      for (const [run, job] of this.#jobs) if (canGoOn(job)) this.#guarded(run, () => this.#produce(run, job));
      this.#plan();
    });
  }

  #produce(run: number, job: Job): void {
    const piece = job.producer.produce(PIECE_BYTES);
    if (piece === 'waiting') {
      job.waiting = true;
    } else if (piece === 'ended') {
      this.#post({ run, type: 'ended', facts: job.producer.facts() });
      this.#drop(run);
    } else {
      job.credits--;
      this.#postPiece(run, piece);
    }
  }

  #postPiece(run: number, piece: Uint8Array): void {
    // A small part of a buffer is copied out of it: the buffer may be one that others share, Node's pool first of all.
    const sent = piece.byteLength * 2 > piece.buffer.byteLength ? piece : new Uint8Array(piece);
    this.port.postMessage({ run, type: 'piece', piece: sent } satisfies FromWorker, [sent.buffer as ArrayBuffer]);
  }

  #post(message: FromWorker): void {
    this.port.postMessage(message);
  }

  #guarded(run: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      const facts = this.#jobs.get(run)?.producer.facts();
      this.#drop(run);
      this.#post({ run, type: 'failed', facts, error: asCrossing(error) });
    }
  }

  #drop(run: number): void {
    const job = this.#jobs.get(run);
    this.#jobs.delete(run);
    job?.producer.close();
  }
}

function canGoOn(job: Job): boolean {
  return job.credits > 0 && !job.waiting;
}
