import type { Phase } from '../domain/phase';
import { red, yellow } from './paint';
import { ours, structure, type Line } from './line';
import type { Rendered, RenderState } from './render-state';

/** `[2/6] login    `; the number only where the run's phases are known. */
export function phaseTitle(state: RenderState, name: Phase): string {
  const phases = state.started?.phases ?? [];
  const place = phases.indexOf(name) + 1;
  const number = place > 0 ? `[${place}/${phases.length}] ` : '';
  return `${number}${`${name} `.padEnd(9)}`;
}

/** Prints the phase's heading, once. */
export function open(state: RenderState): Rendered {
  const { phase } = state;
  if (phase === undefined || phase.opened) return { state, lines: [] };
  const title = `${phaseTitle(state, phase.name)}${phase.facts.join('; ')}`.trimEnd();
  return { state: { ...state, phase: { ...phase, opened: true, facts: [] } }, lines: [ours(title)] };
}

/** Lines beneath the phase's heading. */
export function say(state: RenderState, ...lines: readonly Line[]): Rendered {
  if (lines.length === 0) return { state, lines };
  const opened = open(state);
  return { state: opened.state, lines: [...opened.lines, ...lines] };
}

/** A few words for the phase's one line, or a line of their own when the heading is printed already. */
export function fact(state: RenderState, text: string): Rendered {
  const { phase } = state;
  if (phase === undefined || phase.opened) return say(state, structure(`  ${text}`));
  return { state: { ...state, phase: { ...phase, facts: [...phase.facts, text] } }, lines: [] };
}

/** How a phase or a step that did not get to its end is called. */
export function broken({ stopping }: RenderState): string {
  return stopping ? yellow('stopped') : red('failed');
}
