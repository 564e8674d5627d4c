import type { Step } from './render-state';
import { withoutColours } from './sanitise';

/** Where the durations end. */
const WIDTH = 76;
const LABEL = 9;
const LONGEST_INSTRUCTION = 120;

/** `  daemon   tcp://build-2:2376`. */
export function row(label: string, text: string): string {
  return `  ${padded(label, LABEL)}${text}`;
}

/** Text on the left, a duration or the like at the right edge. */
export function aligned(left: string, right: string): string {
  return `${padded(`${left} `, WIDTH - right.length - 1)} ${right}`;
}

/** What others say never begins where our lines begin. */
export function gutter(text: string): string {
  return `    | ${text}`.trimEnd();
}

/** Of a step that runs beside the one whose heading is right above: its number is in the gutter. */
export function numberedGutter(step: Step, text: string): string {
  return `${String(step.index).padStart(3)} | ${text}`.trimEnd();
}

/** `[5/5] RUN npm run build`, in one line however the Dockerfile has it. */
export function stepLabel(step: Step): string {
  return `${stepNumber(step)} ${shorten(step.instruction.replace(/\s+/g, ' ').trim(), LONGEST_INSTRUCTION)}`;
}

export function stepNumber({ index, total }: Step): string {
  return total > 0 ? `[${index}/${total}]` : `[${index}]`;
}

export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** `sha256:5c0e1a2b3c4d…`, where the whole digest is told elsewhere. */
export function shortDigest(digest: string): string {
  return `${digest.slice(0, 'sha256:'.length + 12)}…`;
}

/** Items in rows of a readable width, the label on the first. */
export function wrapped(label: string, items: readonly string[]): string[] {
  const rows: string[] = [];
  for (const item of items) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + item.length < 90) rows[rows.length - 1] = `${last}; ${item}`;
    else rows.push(item);
  }
  return rows.map((text, index) => row(index === 0 ? label : '', text));
}

/** Colours take no room. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - withoutColours(text).length));
}
