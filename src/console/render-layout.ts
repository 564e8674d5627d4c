import type { Step } from './render-build-state';
import { withoutColours } from './sanitise';

/** Where the durations end. */
const WIDTH = 76;
const LABEL = 9;
const LONGEST_WORDS = 120;
const LONGEST_STAGE = 24;
/** BuildKit names Docker Hub in full; hardly anybody types it. */
const DOCKER_HUB = /^(FROM )docker\.io\/(?:library\/)?/;
const WHOLE_DIGEST = /sha256:[0-9a-f]{64}/g;

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

/** Of a step that runs beside others: its stage and number are in the gutter. */
export function numberedGutter(step: Step, width: number, text: string): string {
  return `${gutterName(step).padStart(width)} | ${text}`.trimEnd();
}

/** `  2`, `  build 2`. */
export function gutterName({ stage, index }: Step): string {
  return stage === undefined ? String(index).padStart(3) : `  ${stage} ${index}`;
}

/** `[build 5/5] RUN npm run build`, in one line however the Dockerfile has it. */
export function stepLabel(step: Step): string {
  return `${stepNumber(step)} ${oneLine(step.instruction.replace(DOCKER_HUB, '$1'))}`;
}

export function stepNumber({ stage, index, total }: Step): string {
  const of = total > 0 ? `${index}/${total}` : String(index);
  return stage === undefined ? `[${of}]` : `[${stage} ${of}]`;
}

/** It stands where our own words stand, and a frontend may name its stages as it likes: no blanks, and not for ever. */
export function stageName(stage: string | undefined): string | undefined {
  if (stage === undefined || stage === '') return undefined;
  const word = stage.replace(/[^\w.>/-]+/g, '-');
  return word.length <= LONGEST_STAGE
    ? word
    : `${word.slice(0, LONGEST_STAGE / 2)}…${word.slice(1 - LONGEST_STAGE / 2)}`;
}

/** Words of others in a line of ours: one line of a readable length, digests as short as they can be told apart. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return shorten(line.replace(WHOLE_DIGEST, shortDigest), LONGEST_WORDS);
}

/** A path's beginning and its end tell most. */
export function shortPath(path: string, most: number): string {
  if (path.length <= most) return path;
  const start = Math.floor(most / 3);
  const end = path.slice(start + 1 - most).replace(/^[\udc00-\udfff]/, '');
  return `${shorten(path, start + 1)}${end}`;
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
