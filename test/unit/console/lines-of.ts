import type { PluginEvent, TimedEvent } from '../../../src/domain/events';
import { createJobConsole, type JobConsole } from '../../../src/console/job-console';
import { withoutColours } from '../../../src/console/sanitise';
import { START } from '../../golden/recording';

export interface Heard {
  readonly console: JobConsole;
  readonly printed: string[];
  readonly raw: string[];
}

export function listen(): Heard {
  const printed: string[] = [];
  const raw: string[] = [];
  const console = createJobConsole({ print: (line) => printed.push(line), raw: (line) => raw.push(line) });
  return { console, printed, raw };
}

/** The lines of some events, without colours; a number lets milliseconds pass, with a tick each second. */
export function linesOf(...events: readonly (PluginEvent | number)[]): string[] {
  const { console, printed } = listen();
  for (const timed of timeline(events)) console.report(timed);
  return printed.map(withoutColours);
}

export function timeline(events: readonly (PluginEvent | number)[]): TimedEvent[] {
  const timed: TimedEvent[] = [];
  let at = START;
  for (const event of events) {
    if (typeof event !== 'number') timed.push({ at, event });
    else
      for (const end = at + event; at < end;) {
        at = Math.min(at + 1_000, end);
        timed.push({ at, event: { type: 'tick' } });
      }
  }
  return timed;
}

export const STARTED: Extract<PluginEvent, { type: 'started' }> = {
  type: 'started',
  version: '1.4.0',
  mode: 'push',
  repository: 'shop/cart',
  phases: ['preflight', 'login', 'build', 'push', 'verify', 'cleanup'],
  fieldsSet: [{ name: 'Repository' }],
};

export const HEAD = ['shop/cart  build + push    gocd-ecr-task 1.4.0', 'Fields set: Repository'];

export function begin(phase: Extract<PluginEvent, { type: 'phase-started' }>['phase']): PluginEvent {
  return { type: 'phase-started', phase };
}

export function end(phase: Extract<PluginEvent, { type: 'phase-started' }>['phase'], ok = true): PluginEvent {
  return { type: 'phase-ended', phase, ok };
}
