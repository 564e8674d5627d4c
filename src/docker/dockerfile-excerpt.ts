import type { ExcerptLine, PluginEvent } from '../domain/events';

/** Before and after the lines that failed. */
const AROUND = 3;
/** Of a RUN that fills a page its beginning will do. */
const MOST_FAILING = 12;

/** The Dockerfile's lines around those that failed, `from` and `to` counted from 1; undefined: it has no such line. */
export function excerptOf(dockerfile: string, path: string, from: number, to: number = from): PluginEvent | undefined {
  const texts = dockerfile.split(/\r?\n/);
  if (from < 1 || from > texts.length) return undefined;
  const last = Math.min(to, from + MOST_FAILING - 1, texts.length);
  const [begin, end] = [Math.max(1, from - AROUND), Math.min(texts.length, last + AROUND)];
  const lines = texts.slice(begin - 1, end).map((text, index): ExcerptLine => ({
    number: begin + index,
    text,
    failing: isBetween(begin + index, from, last),
  }));
  while (lines.at(-1)?.failing === false && lines.at(-1)?.text.trim() === '') lines.pop();
  return { type: 'dockerfile-excerpt', path, lines };
}

function isBetween(line: number, from: number, to: number): boolean {
  return line >= from && line <= to;
}
