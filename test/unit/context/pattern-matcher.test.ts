import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseIgnoreFile } from '../../../src/context/ignore-file';
import type { Pattern } from '../../../src/context/pattern';
import { compilePattern } from '../../../src/context/pattern';
import { PatternMatcher, type ParentResults } from '../../../src/context/pattern-matcher';

interface Vector {
  readonly file: string;
  readonly patterns: readonly string[] | null;
  readonly error?: boolean;
  readonly ignored?: readonly string[];
  readonly kept?: readonly string[];
}

const VECTORS = readFileSync(join(__dirname, 'patternmatcher-vectors.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

function compile(file: string): readonly (Pattern | undefined)[] {
  return parseIgnoreFile(file).map(({ pattern }) => compilePattern(pattern));
}

function matcherOf(file: string): PatternMatcher {
  return new PatternMatcher(compile(file).map((pattern) => pattern!));
}

/** As a walk asks: folder by folder. */
function isIgnored(matcher: PatternMatcher, path: string): boolean {
  let results: ParentResults | undefined;
  let ignored = false;
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    ({ ignored, results } = matcher.match(parts.slice(0, depth).join('/'), results));
  }
  return ignored;
}

describe('against the real moby/patternmatcher', () => {
  test('there are vectors of every sort', () => {
    expect(VECTORS.length).toBeGreaterThan(1600);
    expect(VECTORS.filter(({ error }) => error).length).toBeGreaterThan(100);
    expect(VECTORS.filter(({ ignored, kept }) => ignored && kept).length).toBeGreaterThan(150);
  });

  test('an ignore file gives the same patterns', () => {
    for (const { file, patterns } of VECTORS) {
      expect([file, parseIgnoreFile(file).map(({ pattern }) => pattern)]).toEqual([file, patterns ?? []]);
    }
  });

  test('the same patterns are malformed', () => {
    const ours = VECTORS.filter(({ file }) => compile(file).includes(undefined)).map(({ file }) => file);
    expect(ours).toEqual(VECTORS.filter(({ error }) => error).map(({ file }) => file));
  });

  test('the same paths are ignored', () => {
    for (const { file, error, ignored = [], kept = [] } of VECTORS) {
      if (error) continue;
      const matcher = matcherOf(file);
      const all = [...ignored, ...kept];
      expect([file, all.filter((path) => isIgnored(matcher, path)).sort()]).toEqual([file, [...ignored].sort()]);
    }
  });
});
