import { within, type DiskText, type Name } from './file-name';
import type { ParentResults, PathMatcher } from './pattern-matcher';

export interface SelectionOptions {
  readonly matcher: PathMatcher;
  /** Sent even where they are ignored: the Dockerfile and the ignore file, as docker's CLI does. */
  readonly always: ReadonlySet<string>;
  /** Never sent: what this plugin writes. */
  readonly never: ReadonlySet<string>;
}

/** A path that is worth a look. */
export interface Candidate extends DiskText {
  /** False: a folder that is ignored, and sent only if something in it is. */
  readonly kept: boolean;
  readonly results: ParentResults;
}

/** What is sent of each folder, by name. */
export class Selection {
  readonly #aboveAlways = new Set<string>();

  constructor(private readonly options: SelectionOptions) {
    for (const path of options.always) {
      for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
        this.#aboveAlways.add(path.slice(0, at));
    }
  }

  /** What is sent from a folder, and the ignored folders that may hold something to be sent. */
  of(folder: DiskText, names: readonly Name[], parent: ParentResults | undefined): readonly Candidate[] {
    const candidates: Candidate[] = [];
    for (const name of names) {
      const candidate = this.#judge(within(folder, name), name.isFolder, parent);
      if (candidate) candidates.push(candidate);
    }
    return candidates;
  }

  #judge({ text, raw }: DiskText, isFolder: boolean, parent: ParentResults | undefined): Candidate | undefined {
    const { matcher, always, never } = this.options;
    if (never.has(text)) return undefined;
    const must = always.has(text);
    const leadsToMust = isFolder && this.#aboveAlways.has(text);
    const { ignored, results } = matcher.match(text, parent);
    const kept = must || !ignored;
    const worth = kept || leadsToMust || (isFolder && matcher.mayHoldKept(text, results));
    return worth ? { text, raw, kept, results } : undefined;
  }
}
