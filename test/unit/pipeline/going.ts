import type { StepError } from '../../../src/domain/errors';
import type { PluginEvent } from '../../../src/domain/events';
import { parseTag, type Tag } from '../../../src/domain/image-ref';
import type { Outcome } from '../../../src/domain/outcome';
import type { Plan } from '../../../src/domain/plan';
import { run } from '../../../src/pipeline/run';
import { plan, type World } from './fake-ports';

export const tag = (text: string): Tag => parseTag(text)!;
export const tags = (...texts: readonly string[]): readonly Tag[] => texts.map(tag);

/** Runs the fake plan, changed, and leaves the events with the world. */
export function go(w: World, change: Partial<Plan> = {}, signal = new AbortController().signal): Promise<Outcome> {
  return run(plan(change), w.ports, (event) => void w.events.push(event), signal);
}

export async function failureOf(w: World, change: Partial<Plan> = {}): Promise<StepError> {
  const outcome = await go(w, change);
  if (outcome.kind !== 'failed') throw new TypeError(`it is ${outcome.kind}`);
  return outcome.error;
}

/** What was told of that kind. */
export function told<T extends PluginEvent['type']>(w: World, type: T): Extract<PluginEvent, { type: T }>[] {
  return w.events.filter((event): event is Extract<PluginEvent, { type: T }> => event.type === type);
}

/** `1 pushed d`, `latest left e by run 8`: each tag, how it came there and what it names. */
export function made(w: World): string[] {
  return told(w, 'tag-pushed').map(({ ref, how, digest, run: by }) => {
    const text = `${ref.tag} ${how} ${digest[7] ?? ''}`;
    return by === undefined ? text : `${text} by ${by}`;
  });
}

export function phases(w: World): string[] {
  return told(w, 'phase-started').map(({ phase }) => phase);
}

export const notes = (w: World): string[] => told(w, 'note').map(({ text }) => text);
