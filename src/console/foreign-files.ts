import type { ContextReport, ExcerptLine } from '../domain/events';

type Clean = (text: string) => string;

const MASKED = '****';

/** Of a context only the names of files are anybody else's. */
export function cleanContext(report: ContextReport, clean: Clean): ContextReport {
  const named = <T extends { readonly path: string }>(one: T): T => ({ ...one, path: clean(one.path) });
  return { ...report, largest: report.largest.map(named), baggage: report.baggage.map(named) };
}

/**
 * A Dockerfile's lines, masked as one text too: of a secret that goes over several lines each alone may be too short to
 * be known. What was one such secret then is no longer that many lines, and all that it can have touched is hidden.
 */
export function cleanExcerpt(lines: readonly ExcerptLine[], clean: Clean): readonly ExcerptLine[] {
  const texts = lines.map(({ text }) => text.replace(/\r?\n?$/, '').replaceAll('\n', ' '));
  const alone = texts.map(clean);
  const whole = clean(texts.join('\n')).split('\n').map(clean);
  if (whole.length === lines.length) return lines.map((line, index) => ({ ...line, text: whole[index] ?? '' }));
  const first = alone.findIndex((text, index) => text !== whole[index]);
  const same = [...alone].reverse().findIndex((text, index) => text !== whole[whole.length - 1 - index]);
  const hidden = (index: number): boolean => index >= first && index < lines.length - same;
  return lines.map((line, index) => ({ ...line, text: hidden(index) ? MASKED : (alone[index] ?? '') }));
}
