import type { Phase } from '../domain/phase';
import { red, yellow } from './paint';
import { ours, structure, type Line } from './line';
import { findingLines } from './render-findings';
import { idleLines } from './render-idle';
import type { Rendered, RenderState } from './render-state';

export const STOPPED = yellow('stopped');

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

/** Lines beneath the phase's heading, and beneath what was held back. */
export function say(state: RenderState, ...lines: readonly Line[]): Rendered {
  if (lines.length === 0 || (!holds(state) && state.phase?.opened !== false)) return { state, lines };
  const told = tellHeld(state);
  const opened = open(told.state);
  return { state: opened.state, lines: [...told.lines, ...opened.lines, ...lines] };
}

function holds({ idle, warnings }: RenderState): boolean {
  return idle.length > 0 || warnings.held.length > 0;
}

/** Findings of a linter and steps that had nothing to do share lines as long as nothing else is said. */
export function tellHeld(state: RenderState): Rendered {
  if (!holds(state)) return { state, lines: [] };
  const opened = open(state);
  const { warnings, lines } = findingLines(state.warnings);
  const next = { ...opened.state, idle: [], warnings };
  return { state: next, lines: [...opened.lines, ...lines, ...idleLines(state.idle)] };
}

/** A few words for the phase's one line, or a line of their own when the heading is printed already. */
export function fact(state: RenderState, text: string): Rendered {
  const { phase } = state;
  if (phase === undefined || phase.opened) return say(state, structure(`  ${text}`));
  return { state: { ...state, phase: { ...phase, facts: [...phase.facts, text] } }, lines: [] };
}

/** How a phase or a step that did not get to its end is called. */
export function broken({ stopping }: RenderState): string {
  return stopping ? STOPPED : red('failed');
}
