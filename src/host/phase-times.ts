import type { TimedEvent } from '../domain/events';
import type { Phase } from '../domain/phase';
import type { RunTimes } from '../pipeline/ports';

/** How long each phase took, read off the events. */
export class PhaseTimes {
  readonly #began = new Map<Phase, number>();
  readonly #took = new Map<string, number>();

  constructor(private readonly startedAt: number) {}

  note({ at, event }: TimedEvent): void {
    if (event.type === 'phase-started') this.#began.set(event.phase, at);
    if (event.type === 'phase-ended') this.#took.set(event.phase, at - (this.#began.get(event.phase) ?? at));
  }

  until(endedAt: number): RunTimes {
    return { startedAt: this.startedAt, endedAt, phases: new Map(this.#took) };
  }
}
