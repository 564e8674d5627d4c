import type { ExcerptLine } from '../domain/events';
import { plural } from './human';
import { red } from './paint';
import { oneLine, shorten } from './render-layout';
import type { RenderState } from './render-state';

const LONGEST = 160;
/** A here-document can be the whole Dockerfile. */
const MOST = 24;

/** The Dockerfile where it broke: numbers in the gutter, the failing lines marked. */
export function excerptLines({ excerpt }: RenderState): string[] {
  if (excerpt === undefined || excerpt.lines.length === 0) return [];
  const shown = excerpt.lines.slice(0, MOST);
  const more = excerpt.lines.length - shown.length;
  const width = Math.max(...shown.map(({ number }) => String(number).length));
  return [
    `Where: ${oneLine(excerpt.path)}${placeText(excerpt.lines)}`,
    ...shown.map((line) => numbered(line, width)),
    ...(more > 0 ? [`  … ${plural(more, 'line')} more`] : []),
  ];
}

function placeText(lines: readonly ExcerptLine[]): string {
  const failing = lines.filter(({ failing }) => failing).map(({ number }) => number);
  const [first, last] = [failing[0], failing.at(-1)];
  if (first === undefined) return '';
  return first === last ? `, line ${first}` : `, lines ${first} to ${last}`;
}

function numbered({ number, text, failing }: ExcerptLine, width: number): string {
  const mark = failing ? red('>') : ' ';
  return `  ${mark} ${String(number).padStart(width)} | ${shorten(text, LONGEST)}`.trimEnd();
}
