/** One step of a build that is under way. */
export interface Step {
  readonly id: string;
  readonly index: number;
  readonly total: number;
  /** undefined: the Dockerfile has one stage, or nobody tells. */
  readonly stage: string | undefined;
  readonly instruction: string;
  readonly startedAt: number;
  /** Its heading is printed. */
  readonly opened: boolean;
}

/** A step that ended with nothing to do. It has no line yet: several of them share one. */
export interface IdleStep {
  readonly step: Step;
  /** `CACHED`, or how long it took. */
  readonly result: string;
}

/** What a builder does besides the steps. */
export interface Task {
  readonly id: string;
  readonly name: string;
  readonly startedAt: number;
  /** It has lasted, and that was told. */
  readonly opened: boolean;
}

/** What a linter found, with all the lines that it found it in. */
export interface Finding {
  readonly rule: string;
  readonly text: string;
  readonly lines: readonly number[];
  readonly url: string | undefined;
}

export interface Warnings {
  /** They have no line yet: the same text for several lines of a Dockerfile is one warning. */
  readonly held: readonly Finding[];
  /** How many have a line. */
  readonly told: number;
  /** How many are in the raw log only. */
  readonly hidden: number;
  /** Lint rules whose page was named. */
  readonly rules: ReadonlySet<string>;
}
