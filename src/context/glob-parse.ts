import type { CharClass } from './char-class';
import { readClass, readEscape, single } from './glob-class';
import { GlobReader } from './glob-reader';

/** One piece of a translated pattern. */
export type Piece =
  | ({ readonly kind: 'chars'; readonly chars: CharClass } & Repeat)
  /** `(.*\/)?` */
  | { readonly kind: 'folders' }
  /** `^` inside a pattern: only at the start of the path. */
  | { readonly kind: 'start' };

interface Repeat {
  readonly least: number;
  readonly most: number;
}

/** `.`: RE2 has it stop at a newline. */
export const NO_NEWLINE: CharClass = { ranges: [[10, 10]], negated: true };

const ANYTHING: Piece = { kind: 'chars', chars: { ranges: [], negated: true }, least: 0, most: Infinity };
// RE2's own limit for one repetition, and ours for the whole: a pattern is a line that a person wrote.
const MAX_REPEAT = 1000;
const MAX_CHARS = 20_000;

/**
 * Reads what `translate` wrote, the way RE2 would, into its alternatives; undefined where RE2 would report an error. As `|`
 * binds less than the `^` and `$` that moby puts around, only the first alternative has to begin where the path does, and
 * only the last to end there.
 */
export function parseSource(source: string): readonly (readonly Piece[])[] | undefined {
  const reader = new GlobReader(source);
  let current: Piece[] = [];
  const alternatives = [current];
  while (!reader.atEnd()) {
    if (reader.take('|')) {
      current.push(ANYTHING);
      alternatives.push((current = [ANYTHING]));
    } else if (!readPiece(reader, current, alternatives.length === 1)) return undefined;
  }
  const chars = alternatives.flat().reduce((sum, piece) => sum + sizeOf(piece), 0);
  return chars > MAX_CHARS ? undefined : alternatives;
}

function readPiece(reader: GlobReader, pieces: Piece[], first: boolean): boolean {
  const repeat = readRepeat(reader);
  if (repeat) return first && pieces.length === 0 && repeatStart(reader, repeat, pieces);
  if (reader.take('(.*/)?')) {
    // Twice is the same as once; a line of stars must not make a machine of thousands of states.
    if (pieces.at(-1)?.kind !== 'folders') pieces.push({ kind: 'folders' });
    return !readRepeat(reader);
  }
  if (reader.take('^')) return addStart(reader, pieces);
  const chars = readAtom(reader);
  if (!chars) return false;
  const times = readTimes(reader);
  if (times) pieces.push({ kind: 'chars', chars, ...times });
  return times !== undefined;
}

/** Repeats the `^` that moby puts in front; repeated no times, the match may begin anywhere. */
function repeatStart(reader: GlobReader, repeat: Repeat, pieces: Piece[]): boolean {
  if (repeat.least === 0) pieces.push(ANYTHING);
  return repeat.least <= repeat.most && !readRepeat(reader);
}

function addStart(reader: GlobReader, pieces: Piece[]): boolean {
  const repeat = readRepeat(reader);
  if (repeat && (repeat.least > repeat.most || readRepeat(reader))) return false;
  if (repeat?.least !== 0) pieces.push({ kind: 'start' });
  return true;
}

function readAtom(reader: GlobReader): CharClass | undefined {
  const char = reader.next();
  if (char === '.') return NO_NEWLINE;
  if (char === '[') return readClass(reader);
  return char === '\\' ? readEscape(reader) : single(char?.codePointAt(0));
}

/** How often the atom may stand; undefined: two repetitions in a row, or a senseless one. */
function readTimes(reader: GlobReader): Repeat | undefined {
  const times = reader.take('*')
    ? { least: 0, most: Infinity }
    : reader.take('?')
      ? { least: 0, most: 1 }
      : readRepeat(reader);
  if (!times) return { least: 1, most: 1 };
  return times.least > times.most || readRepeat(reader) ? undefined : times;
}

/** `{2}`, `{2,}`, `{2,3}`. What does not look like that is text. Too large: least is Infinity. */
function readRepeat(reader: GlobReader): Repeat | undefined {
  const match = reader.takeMatch(/^\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\}/);
  if (!match) return undefined;
  const least = Number(match[1]);
  const most = match[3] !== undefined ? Number(match[3]) : match[2] ? Infinity : least;
  const tooLarge = least > MAX_REPEAT || (most > MAX_REPEAT && most !== Infinity);
  return tooLarge ? { least: Infinity, most: 0 } : { least, most };
}

function sizeOf(piece: Piece): number {
  if (piece.kind !== 'chars') return 1;
  return piece.most === Infinity ? piece.least + 1 : piece.most;
}
