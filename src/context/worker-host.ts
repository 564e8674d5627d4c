import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ProducerRun } from './producer-run';
import { workerFault, type FromWorker, type WorkerJob } from './worker-messages';
import { WorkerRun } from './worker-run';

/** A thread that reads contexts, so that no slow disk holds up the console, the heartbeat or a cancel. */
export interface ContextWorker {
  /** Starts the thread before it is needed; otherwise the first job does. */
  warmUp(): void;
  run(job: WorkerJob): ProducerRun;
  /**
   * Ends what is running, and the thread. False: it does not end, since it is blocked in the system (a dead network
   * folder); `process.exit` would wait for it for ever, and only SIGKILL ends this process. At once where nothing runs.
   */
  close(): Promise<boolean>;
}

// A thread that is in no system call ends within milliseconds.
const CLOSE_MS = 1_000;

// No environment, no flags, nothing on our stdout. Its young objects are few: 4 MB saves 12 MB of memory, and no time.
const OPTIONS = {
  env: {},
  execArgv: [],
  stdout: true,
  stderr: true,
  name: 'context',
  resourceLimits: { maxYoungGenerationSizeMb: 4 },
};

/** `source`: the worker's bundle, as the build embeds it. */
export function createWorker(source: string): ContextWorker {
  return new Host(source);
}

class Host implements ContextWorker {
  readonly #runs = new Map<number, WorkerRun>();
  /** Jobs whose end the thread has not told: it may be in the middle of one, and blocked. */
  readonly #unended = new Set<number>();
  #worker: Worker | undefined;
  #last = 0;

  constructor(private readonly source: string) {}

  warmUp(): void {
    this.#running();
  }

  run(job: WorkerJob): ProducerRun {
    const worker = this.#running();
    const id = ++this.#last;
    const run = new WorkerRun(
      (message, transfer = []) => worker.postMessage({ run: id, ...message }, transfer),
      () => this.#closed(id),
    );
    this.#runs.set(id, run);
    this.#unended.add(id);
    worker.ref();
    worker.postMessage({ run: id, type: 'job', job });
    return run.asRun();
  }

  async close(): Promise<boolean> {
    for (const run of this.#runs.values()) run.output.destroy();
    const worker = this.#worker;
    if (!worker) return true;
    this.#worker = undefined;
    const gone = worker.terminate().then(() => true);
    if (this.#unended.size === 0) return true;
    const ended = new AbortController();
    const late = sleep(CLOSE_MS, false, { signal: ended.signal }).catch(() => true);
    return Promise.race([gone, late]).finally(() => ended.abort());
  }

  #running(): Worker {
    return (this.#worker ??= this.#start());
  }

  #start(): Worker {
    const worker = new Worker(this.source, { ...OPTIONS, eval: true });
    worker.unref(); // an idle one keeps no process alive
    worker.on('message', (message: FromWorker) => this.#take(message));
    worker.on('error', (error) => this.#failed(worker, error));
    worker.on('exit', (code) => this.#failed(worker, `it ended by itself (${code})`));
    return worker;
  }

  #take(message: FromWorker): void {
    if (message.type !== 'piece') this.#unended.delete(message.run);
    if (message.type !== 'stopped') this.#runs.get(message.run)?.take(message);
  }

  #failed(worker: Worker, why: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#unended.clear();
    for (const run of this.#runs.values()) run.fail(workerFault(why));
  }

  #closed(id: number): void {
    this.#runs.delete(id);
    if (this.#runs.size === 0) this.#worker?.unref();
  }
}
