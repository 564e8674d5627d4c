import type { CharClass } from './char-class';
import { escapedChar, perlClass, posixClass } from './char-class';

/** One piece of a translated pattern. `folders` is `(.*\/)?`. */
export type Piece =
  | { readonly kind: 'one' | 'many' | 'maybe'; readonly chars: CharClass }
  | { readonly kind: 'folders' }
  /** `^` inside a pattern: only at the start of the path. */
  | { readonly kind: 'start' };

/** `.`: RE2 has it stop at a newline. */
export const NO_NEWLINE: CharClass = { ranges: [[10, 10]], negated: true };

/** Reads what `translate` wrote, the way RE2 would; undefined where RE2 would report an error. */
export function parseSource(source: string): readonly Piece[] | undefined {
  const reader = new Reader(Array.from(source));
  const pieces: Piece[] = [];
  while (!reader.atEnd()) {
    const piece = readPiece(reader);
    if (!piece) return undefined;
    // `(.*/)?` twice is the same as once; a line of stars must not make a machine of thousands of states.
    if (piece.kind !== 'folders' || pieces.at(-1)?.kind !== 'folders') pieces.push(piece);
  }
  return pieces;
}

class Reader {
  #at = 0;
  constructor(private readonly chars: readonly string[]) {}

  atEnd(): boolean {
    return this.#at >= this.chars.length;
  }
  peek(ahead = 0): string | undefined {
    return this.chars[this.#at + ahead];
  }
  next(): string | undefined {
    return this.chars[this.#at++];
  }
  take(text: string): boolean {
    const found = this.chars.slice(this.#at, this.#at + text.length).join('') === text;
    if (found) this.#at += text.length;
    return found;
  }
  /** What stands between here and `end`, or undefined without it. */
  textBefore(end: string): string | undefined {
    const rest = this.chars.slice(this.#at).join('');
    const length = rest.indexOf(end);
    return length < 0 ? undefined : rest.slice(0, length);
  }
}

function readPiece(reader: Reader): Piece | undefined {
  if (reader.take('(.*/)?')) return { kind: 'folders' };
  if (reader.take('^')) return { kind: 'start' };
  const chars = readAtom(reader);
  if (!chars) return undefined;
  if (reader.take('*')) return { kind: 'many', chars };
  return { kind: reader.take('?') ? 'maybe' : 'one', chars };
}

function readAtom(reader: Reader): CharClass | undefined {
  const char = reader.next();
  if (char === undefined) return undefined;
  if (char === '.') return NO_NEWLINE;
  if (char === '[') return readClass(reader);
  if (char !== '\\') return single(char.codePointAt(0));
  const escaped = reader.next() ?? '';
  const ranges = perlClass(escaped);
  return ranges ? { ranges, negated: false } : single(escapedChar(escaped));
}

function single(code: number | undefined): CharClass | undefined {
  return code === undefined ? undefined : { ranges: [[code, code]], negated: false };
}

function readClass(reader: Reader): CharClass | undefined {
  const negated = reader.take('^');
  const ranges: (readonly [number, number])[] = [];
  for (let first = true; first || reader.peek() !== ']'; first = false) {
    const part = readClassPart(reader);
    if (!part) return undefined;
    ranges.push(...part);
  }
  reader.next();
  return { ranges, negated };
}

function readClassPart(reader: Reader): readonly (readonly [number, number])[] | undefined {
  if (reader.peek() === '[' && reader.peek(1) === ':') {
    const named = readPosixClass(reader);
    if (named !== 'none') return named;
  }
  const perl = reader.peek() === '\\' ? perlClass(reader.peek(1) ?? '') : undefined;
  if (perl) {
    reader.next();
    reader.next();
    return perl;
  }
  const low = readClassChar(reader);
  if (low === undefined) return undefined;
  if (reader.peek() !== '-' || reader.peek(1) === ']' || reader.peek(1) === undefined) return [[low, low]];
  reader.next();
  const high = readClassChar(reader);
  return high === undefined || high < low ? undefined : [[low, high]];
}

/** `none`: there is no `:]`, so the bracket is a plain character. */
function readPosixClass(reader: Reader): readonly (readonly [number, number])[] | undefined | 'none' {
  const name = reader.textBefore(':]')?.slice('[:'.length);
  if (name === undefined) return 'none';
  reader.take(`[:${name}:]`);
  return posixClass(name);
}

function readClassChar(reader: Reader): number | undefined {
  const char = reader.next();
  return char === '\\' ? escapedChar(reader.next() ?? '') : char?.codePointAt(0);
}
