import type { FieldKind } from './field';
import { splitOutside } from './template';

/** The items of a field as typed, before anything is expanded; blank ones are left out. */
export function itemsOf(kind: FieldKind, text: string): string[] {
  switch (kind) {
    case 'tags':
    case 'switch-or-names':
      return linesOf(text)
        .flatMap((line) => splitOutside(line, ','))
        .map((item) => item.trim())
        .filter((item) => item !== '');
    case 'lines':
      return linesOf(text).map((line) => line.trim());
    case 'pairs':
      // The end of the line belongs to the value, which is taken as it is.
      return linesOf(text).map((line) => line.trimStart());
    case 'text':
    case 'json':
    case 'boolean':
    case 'choice':
    case 'number':
      return text.trim() === '' ? [] : [text.trim()];
  }
}

const LINE_END = /\r\n|\n|\r/;

function linesOf(text: string): string[] {
  return text.split(LINE_END).filter((line) => line.trim() !== '');
}

/** A line and where it stands in its field, from 1. */
export interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

/** For fields whose lines must not be quoted whole in a message, because a secret may be typed there by mistake. */
export function numberedLines(text: string): NumberedLine[] {
  return text
    .split(LINE_END)
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '');
}

/** `KEY=VALUE` at its first `=`, `KEY` alone without a value. */
export function splitPair(item: string): { key: string; value: string | undefined } {
  const [key = '', value] = splitOutside(item, '=', 2);
  return { key: key.trim(), value };
}

export function isList(kind: FieldKind): boolean {
  return kind === 'tags' || kind === 'lines' || kind === 'pairs';
}
