import { hidden, structure, type Line } from './line';
import { yellow } from './paint';
import type { Finding, Warnings } from './render-build-state';
import { oneLine, row } from './render-layout';

/** An old Dockerfile has dozens: whoever wants to mend them starts with these. */
export const MOST_WARNINGS = 10;
const PAGE = /^https:\/\/[\w./#?=&%~-]+$/;

/** One more place of a finding, or a new one. */
export function found(held: readonly Finding[], one: Finding): readonly Finding[] {
  const same = held.findIndex(({ rule, text }) => rule === one.rule && text === one.text);
  const known = held[same];
  if (known === undefined) return [...held, one];
  return held.with(same, { ...known, lines: [...known.lines, ...one.lines] });
}

export function findingLines(warnings: Warnings): { readonly warnings: Warnings; readonly lines: Line[] } {
  const lines: Line[] = [];
  const rules = new Set(warnings.rules);
  let { told, hidden: more } = warnings;
  for (const { rule, text, lines: places, url } of warnings.held) {
    const page = url === undefined || rules.has(rule) || !PAGE.test(url) ? '' : ` (${url})`;
    const whole = row(yellow('warning'), `Dockerfile${placesText(places)}: ${oneLine(rule)}: ${text}${page}`);
    if (told < MOST_WARNINGS) {
      lines.push(structure(whole));
      rules.add(rule);
      told++;
    } else {
      lines.push(hidden(whole));
      more++;
    }
  }
  return { warnings: { held: [], told, hidden: more, rules }, lines };
}

/** ` line 3`, ` lines 3 to 5, 9`. */
function placesText(places: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const place of [...new Set(places)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && run.last + 1 === place) run.last = place;
    else runs.push({ first: place, last: place });
  }
  const texts = runs.map(({ first, last }) => (first === last ? String(first) : `${first} to ${last}`));
  if (texts.length === 0) return '';
  return ` line${runs[0]?.first === runs.at(-1)?.last ? '' : 's'} ${texts.join(', ')}`;
}
