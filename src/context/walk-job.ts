import { compilePattern } from './pattern';
import { PatternMatcher } from './pattern-matcher';
import type { WalkOptions } from './walk';

/** What to walk, as data: it crosses to the worker. */
export interface WalkJob {
  /** The context's real folder. */
  readonly root: string;
  /** Of the ignore file, in order; each is known to be well-formed. */
  readonly ignore: readonly string[];
  /** Sent even where they are ignored. */
  readonly always: readonly string[];
  /** Never sent. */
  readonly never: readonly string[];
}

/** What `walkSync` takes, made where it walks. */
export function walkOptions({ root, ignore, always, never }: WalkJob, note: (text: string) => void): WalkOptions {
  const patterns = ignore.map(compilePattern).filter((pattern) => pattern !== undefined);
  return { root, matcher: new PatternMatcher(patterns), always: new Set(always), never: new Set(never), note };
}
