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
      expect([file, all.filter((path) => matcher.ignores(path)).sort()]).toEqual([file, [...ignored].sort()]);
    }
  });
});

describe('against a slow second formulation', () => {
  const word = fc.stringMatching(/^[ab.+(|{}$]{1,2}$/);
  const part = fc.oneof(word, fc.constantFrom('*', '?', 'a*', '*b', '?a*', '**'));
  const pattern = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const path = fc
    .array(fc.stringMatching(/^[ab.+(|{}$]{1,3}$/), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'));

  test('one pattern', () => {
    // `|` and `{n}` are operators to moby where a wildcard stands beside them: the vectors have those.
    const plain = pattern.filter(
      (text) => !/[|{}]/.test(text) && !/^[.]+$/.test(text) && !/(^|\/)\.\.?(\/|$)/.test(text),
    );
    fc.assert(
      fc.property(plain, path, (text, candidate) => {
        expect(compilePattern(text)!.matches(candidate)).toBe(slowly(text, candidate));
      }),
      { numRuns: 5000 },
    );
  });

  test('a folder is only left alone when nothing in it can be kept', () => {
    const lines = fc.array(fc.tuple(fc.boolean(), pattern), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lines, path, (list, candidate) => {
        const compiled = list.map(([exclusion, text]) => compilePattern(`${exclusion ? '!' : ''}${text}`));
        fc.pre(!compiled.includes(undefined));
        const matcher = new PatternMatcher(compiled.map((one) => one!));
        if (matcher.ignores(candidate)) return;
        const parts = candidate.split('/');
        let results: ParentResults | undefined;
        for (let depth = 1; depth < parts.length; depth++) {
          const above = parts.slice(0, depth).join('/');
          const result = matcher.match(above, results);
          if (result.ignored) expect([above, matcher.mayHoldKept(above, result.results)]).toEqual([above, true]);
          results = result.results;
        }
      }),
      { numRuns: 5000 },
    );
  });
});

/** What the documentation says, tried in every way there is. */
function slowly(pattern: string, path: string): boolean {
  if (pattern === '') return path === '';
  if (pattern === '**') return true;
  if (pattern.startsWith('**/')) {
    const rest = pattern.slice(3);
    const parts = path.split('/');
    return parts.some((_, at) => slowly(rest, parts.slice(at).join('/')));
  }
  if (pattern.startsWith('*')) {
    return slowly(pattern.slice(1), path) || (/^[^/]/.test(path) && slowly(pattern, path.slice(1)));
  }
  const fits = pattern.startsWith('?') ? /^[^/]/.test(path) : path.startsWith(pattern[0]!);
  return fits && slowly(pattern.slice(1), path.slice(1));
}

describe('without backtracking (security.md 24)', () => {
  const path = 'a'.repeat(255);

  test.each([
    ['*a'.repeat(30) + 'b', true],
    ['a*'.repeat(30) + 'b', true],
    ['[a-c]*'.repeat(30) + '?b', true],
    ['**/'.repeat(30) + 'b', false],
    ['**/*a'.repeat(30) + 'b', true],
    ['*'.repeat(2000) + 'b', false],
  ])('%#: thirty stars and 255 characters take less than 50 ms', (text, expected) => {
    const pattern = compilePattern(text)!;
    const start = performance.now();
    const answers = [pattern.matches(`${path}b`), pattern.matches(`${path}cb/x`), pattern.mayMatchIn(path)];
    expect(performance.now() - start).toBeLessThan(50);
    expect(answers).toEqual([expected, false, text.includes('**')]);
  });

  test('a pattern that would become an enormous machine is malformed', () => {
    expect(compilePattern('*' + 'a{1000}'.repeat(21))).toBeUndefined();
    expect(compilePattern('*' + 'a{1000}'.repeat(19))).toBeDefined();
  });
});

describe('folders that are not walked', () => {
  test.each([
    ['docs', 'docs', false],
    ['docs\n!docs/README.md', 'docs', true],
    ['docs\n!**/README.md', 'docs', true],
    ['docs\n!src/*', 'docs', false],
    ['!docs/README.md\ndocs', 'docs', false],
    ['*\n!src/app/**', 'src', true],
    ['*\n!src/app/**', 'lib', false],
    ['*\n!s?c/*/x', 'src', true],
    ['*\n!s?c/*/x', 'src/a', true],
    ['*\n!s?c/*/x', 'src/a/b', false],
    ['node_modules\n!node_modules/**', 'node_modules', true],
  ])('%j: %s may hold something kept: %s', (file, folder, expected) => {
    const matcher = matcherOf(file);
    let results: ParentResults | undefined;
    const parts = folder.split('/');
    parts.forEach((_, depth) => ({ results } = matcher.match(parts.slice(0, depth + 1).join('/'), results)));
    expect(matcher.mayHoldKept(folder, results ?? [])).toBe(expected);
  });
});

test('escapes that are a slip of a Windows path, not a file, are told', () => {
  // moby hands these to RE2, where they are assertions, classes, quotes or code points.
  for (const text of ['a\\build*', 'a\\Abc', 'x\\zoo', 'a\\Qb', 'a\\pL', 'a\\x41', 'a\\101', 'a\\C']) {
    expect([text, compilePattern(text)]).toEqual([text, undefined]);
  }
});
