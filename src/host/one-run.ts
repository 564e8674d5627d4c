import type { CancelReason } from '../domain/phase';
import type { Reply } from '../protocol/task-service';

/** The one execute of a process: nothing of a job is ever in a process that serves another (security.md 4). */
export class OneRun {
  readonly #abort = new AbortController();
  readonly #forced: Promise<Reply>;
  #force: (reply: Reply) => void = () => undefined;
  #end: () => void = () => undefined;
  #state: 'unused' | 'running' | 'over' = 'unused';
  #fault: Reply | undefined;

  /** Answered, or its client gone, and cleaned up. */
  readonly ended: Promise<void>;

  constructor() {
    this.#forced = new Promise((resolve) => (this.#force = resolve));
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  get state(): 'unused' | 'running' | 'over' {
    return this.#state;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** False: this process has had its task. */
  claim(): boolean {
    if (this.#state !== 'unused') return false;
    this.#state = 'running';
    return true;
  }

  /** The first reason stays: what follows it is its consequence. */
  cancel(reason: CancelReason): void {
    this.#abort.abort(reason);
  }

  /** Something broke outside the task's own promise: whatever it answers now, this is the answer. */
  fail(reply: Reply): void {
    this.#fault ??= reply;
    this.cancel('signal');
  }

  /** The answer of a task that does not stop when it is told to. */
  force(reply: Reply): void {
    this.#force(reply);
  }

  async outcome(task: Promise<Reply>): Promise<Reply> {
    const reply = await Promise.race([task, this.#forced]);
    return this.#fault ?? reply;
  }

  end(): void {
    this.#state = 'over';
    this.#end();
  }
}
