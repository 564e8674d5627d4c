import type { PluginEvent } from '../domain/events';
import type { Report } from './ports';

/** Work that has begun before its turn. Whether it worked is told to whoever waits for it, and perhaps nobody will. */
export function ahead<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** Keeps what work before its turn reports until its turn comes: the log has one phase after another. */
export class HeldReport {
  #waiting: PluginEvent[] | undefined = [];

  constructor(private readonly out: Report) {}

  readonly report: Report = (event) => {
    if (this.#waiting === undefined) this.out(event);
    else this.#waiting.push(event);
  };

  tell(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const event of waiting) this.out(event);
  }
}
