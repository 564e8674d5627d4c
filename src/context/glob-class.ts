import type { CharClass } from './char-class';
import { escapedChar, perlClass, posixClass } from './char-class';
import type { GlobReader } from './glob-reader';

type Ranges = CharClass['ranges'];

/** Reads a class after its `[`; undefined where RE2 reports an error. */
export function readClass(reader: GlobReader): CharClass | undefined {
  const negated = reader.take('^');
  const ranges: Ranges[number][] = [];
  for (let first = true; first || reader.peek() !== ']'; first = false) {
    const part = readPart(reader);
    if (!part) return undefined;
    ranges.push(...part);
  }
  reader.next();
  return { ranges, negated };
}

/** Reads what a backslash stands for, after it. */
export function readEscape(reader: GlobReader): CharClass | undefined {
  const char = reader.next() ?? '';
  const ranges = perlClass(char);
  return ranges ? { ranges, negated: false } : single(escapedChar(char));
}

export function single(code: number | undefined): CharClass | undefined {
  return code === undefined ? undefined : { ranges: [[code, code]], negated: false };
}

function readPart(reader: GlobReader): Ranges | undefined {
  const named = reader.takeMatch(/^\[:([^:]*?):\]/);
  if (named) return posixClass(named[1] ?? '');
  const perl = reader.peek() === '\\' ? perlClass(reader.peek(1) ?? '') : undefined;
  if (perl) {
    reader.take(`\\${reader.peek(1) ?? ''}`);
    return perl;
  }
  const low = readChar(reader);
  if (low === undefined) return undefined;
  if (reader.peek() !== '-' || reader.peek(1) === ']' || reader.peek(1) === undefined) return [[low, low]];
  reader.next();
  const high = readChar(reader);
  return high === undefined || high < low ? undefined : [[low, high]];
}

function readChar(reader: GlobReader): number | undefined {
  const char = reader.next();
  return char === '\\' ? escapedChar(reader.next() ?? '') : char?.codePointAt(0);
}
