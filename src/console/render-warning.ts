import type { LintRule } from '../domain/events';
import { hidden, structure } from './line';
import { yellow } from './paint';
import type { Finding } from './render-build-state';
import { found, MOST_WARNINGS } from './render-findings';
import { gutter, row } from './render-layout';
import { say, tellHeld } from './render-say';
import { still, then, type EventOf, type Rendered, type RenderState } from './render-state';

export function buildWarning(state: RenderState, event: EventOf<'build-warning'>): Rendered {
  const [first = '', ...more] = event.text.trimEnd().split('\n');
  if (event.lint === undefined) return then(tellHeld(state), (next) => plainWarning(next, first, more));
  const { warnings } = state;
  return still({ ...state, warnings: { ...warnings, held: found(warnings.held, findingOf(first, event.lint)) } });
}

function plainWarning(state: RenderState, first: string, more: readonly string[]): Rendered {
  const { warnings } = state;
  const texts = [row(yellow('warning'), first), ...more.map(gutter)];
  if (warnings.told < MOST_WARNINGS) {
    return say({ ...state, warnings: { ...warnings, told: warnings.told + 1 } }, ...texts.map(structure));
  }
  return { state: { ...state, warnings: { ...warnings, hidden: warnings.hidden + 1 } }, lines: texts.map(hidden) };
}

/** BuildKit's own text has the rule before it and the line behind it. */
function findingOf(text: string, { rule, line, url }: LintRule): Finding {
  const start = `${rule}: `;
  const end = ` (line ${line ?? 0})`;
  const after = text.startsWith(start) ? text.slice(start.length) : text;
  const words = after.endsWith(end) ? after.slice(0, -end.length) : after;
  return { rule, text: words, lines: line === undefined ? [] : [line], url };
}

/** The last word on warnings, at a phase's end. */
export function tellHiddenWarnings(state: RenderState): Rendered {
  const { hidden: more } = state.warnings;
  if (more === 0) return still(state);
  const next = { ...state, warnings: { ...state.warnings, hidden: 0 } };
  return say(next, structure(row(yellow('warning'), `and ${more} more, in the raw log`)));
}
