import { GlobMachine } from './glob-machine';
import type { Piece } from './glob-parse';
import { parseSource } from './glob-parse';
import { translate } from './glob-regexp';
import { isGlob } from './glob-syntax';
import { cleanPath, trimSpace } from './go-path';

/** One line of an ignore file, as moby/patternmatcher understands it. */
export interface Pattern {
  /** `!pattern`: takes back what an earlier pattern ignored. */
  readonly exclusion: boolean;
  matches(path: string): boolean;
  /** False only when no path inside the folder can match. */
  mayMatchIn(folder: string): boolean;
}

/** undefined: the pattern is malformed, as for moby/patternmatcher. */
export function compilePattern(text: string): Pattern | undefined {
  const cleaned = cleanPath(trimSpace(text));
  const exclusion = cleaned.startsWith('!');
  const pattern = exclusion ? cleaned.slice(1) : cleaned;
  if (pattern === '' || !isGlob(pattern)) return undefined;
  const matcher = matcherOf(pattern);
  return matcher && { exclusion, ...matcher };
}

function matcherOf(pattern: string): Omit<Pattern, 'exclusion'> | undefined {
  const { kind, source } = translate(pattern);
  switch (kind) {
    case 'exact':
      return { matches: (path) => path === pattern, mayMatchIn: (folder) => pattern.startsWith(`${folder}/`) };
    case 'prefix':
      return prefixMatcher(pattern.slice(0, -2));
    case 'suffix':
      return suffixMatcher(pattern.slice(2));
    case 'regexp': {
      const alternatives = parseSource(source);
      return alternatives && machineMatcher(alternatives);
    }
  }
}

function prefixMatcher(prefix: string): Omit<Pattern, 'exclusion'> {
  return {
    matches: (path) => path.startsWith(prefix),
    mayMatchIn: (folder) => `${folder}/`.startsWith(prefix) || prefix.startsWith(`${folder}/`),
  };
}

function suffixMatcher(suffix: string): Omit<Pattern, 'exclusion'> {
  const atRoot = suffix.startsWith('/') ? suffix.slice(1) : undefined;
  return { matches: (path) => path.endsWith(suffix) || path === atRoot, mayMatchIn: () => true };
}

function machineMatcher(alternatives: readonly (readonly Piece[])[]): Omit<Pattern, 'exclusion'> {
  const machine = new GlobMachine(alternatives);
  const [only = [], more] = alternatives;
  // Most paths fail at one of the ends, which is much cheaper to see.
  const head = more ? '' : literalRun(only);
  const tail = more ? '' : Array.from(literalRun(only.toReversed())).reverse().join('');
  return {
    matches: (path) => path.startsWith(head) && path.endsWith(tail) && machine.matches(path),
    mayMatchIn: (folder) => machine.mayGoOn(`${folder}/`),
  };
}

/** The characters that any match must begin with. */
function literalRun(pieces: readonly Piece[]): string {
  let run = '';
  for (const piece of pieces) {
    if (piece.kind !== 'chars' || piece.least !== 1 || piece.most !== 1 || piece.chars.negated) return run;
    const [range, more] = piece.chars.ranges;
    if (!range || more || range[0] !== range[1]) return run;
    run += String.fromCodePoint(range[0]);
  }
  return run;
}
