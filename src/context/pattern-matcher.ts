import type { Pattern } from './pattern';

/** Which patterns matched a folder or one of its parents: what is in it need not ask them again. */
export type ParentResults = readonly boolean[];

export interface PathResult {
  readonly ignored: boolean;
  readonly results: ParentResults;
}

/** Says what a walk leaves out, folder by folder. */
export interface PathMatcher {
  /** `parent` is the result for the folder that holds the path; undefined at the root of the context. */
  match(path: string, parent: ParentResults | undefined): PathResult;
  /** Whether an ignored folder can hold something that is not ignored. */
  mayHoldKept(folder: string, results: ParentResults): boolean;
}

/** An ordered list of patterns with the semantics of moby/patternmatcher's MatchesUsingParentResults. */
export class PatternMatcher implements PathMatcher {
  constructor(private readonly patterns: readonly Pattern[]) {}

  match(path: string, parent: ParentResults | undefined): PathResult {
    let ignored = false;
    const results = this.patterns.map((pattern, index) => {
      // A pattern that could not change the answer is not asked, and so not known to have matched what lies below.
      const hit = parent?.[index] === true || (pattern.exclusion === ignored && pattern.matches(path));
      if (hit) ignored = !pattern.exclusion;
      return hit;
    });
    return { ignored, results };
  }

  /** The answer for one path by itself, asked folder by folder as a walk does. */
  ignores(path: string): boolean {
    let found: PathResult = { ignored: false, results: [] };
    let end = path.indexOf('/');
    for (; end >= 0; end = path.indexOf('/', end + 1)) found = this.match(path.slice(0, end), found.results);
    return this.match(path, found.results).ignored;
  }

  /** Only a `!` after the last match can take something back. */
  mayHoldKept(folder: string, results: ParentResults): boolean {
    const last = results.lastIndexOf(true);
    return this.patterns.some((pattern, index) => index > last && pattern.exclusion && pattern.mayMatchIn(folder));
  }
}
