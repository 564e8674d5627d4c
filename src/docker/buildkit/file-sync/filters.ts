import { trimSpace } from '../../../context/go-path';
import { compilePattern, type Pattern } from '../../../context/pattern';
import {
  PatternMatcher,
  type ParentResults,
  type PathMatcher,
  type PathResult,
} from '../../../context/pattern-matcher';
import { RequestRefused } from './request-refused';

/** Leaves out what any of several matchers leaves out: the plan's ignore rules, and the narrowing that a frontend asks for. */
export class Filters implements PathMatcher {
  /** How many results of each matcher stand in the common list, behind one for its answer. */
  readonly #widths: readonly number[];

  constructor(private readonly matchers: readonly (PatternMatcher & { readonly size: number })[]) {
    this.#widths = matchers.map(({ size }) => size);
  }

  match(path: string, parent: ParentResults | undefined): PathResult {
    const all: boolean[] = [];
    let [ignored, at] = [false, 0];
    for (const [index, matcher] of this.matchers.entries()) {
      const width = this.#widths[index] ?? 0;
      const found = matcher.match(path, parent?.slice(at + 1, at + 1 + width));
      all.push(found.ignored, ...found.results);
      ignored ||= found.ignored;
      at += 1 + width;
    }
    return { ignored, results: all };
  }

  mayHoldKept(folder: string, results: ParentResults): boolean {
    let at = 0;
    return this.matchers.every((matcher, index) => {
      const width = this.#widths[index] ?? 0;
      const own = results.slice(at + 1, at + 1 + width);
      const ignored = results[at];
      at += 1 + width;
      return ignored !== true || matcher.mayHoldKept(folder, own);
    });
  }
}

/** A matcher that knows how many patterns it has. */
export class Patterns extends PatternMatcher {
  readonly size: number;

  constructor(patterns: readonly Pattern[]) {
    super(patterns);
    this.size = patterns.length;
  }
}

/** Leaves out what matches. Throws RequestRefused. */
export function excluding(texts: readonly string[]): Patterns {
  return new Patterns(compiled(texts));
}

/** Leaves out all but what matches and what lies in it: each pattern turned round, behind one that matches everything. */
export function including(texts: readonly string[]): Patterns {
  const turned = compiled(texts).map((pattern) => ({ ...pattern, exclusion: !pattern.exclusion }));
  return new Patterns([...compiled(['**']), ...turned]);
}

function compiled(texts: readonly string[]): readonly Pattern[] {
  return texts
    .filter((text) => trimSpace(text) !== '')
    .map((text) => {
      const pattern = compilePattern(text);
      if (pattern) return pattern;
      throw new RequestRefused(`${JSON.stringify(text)} is no pattern`);
    });
}
