/**
 * What flood control may do with a line: `ours` is always printed, `structure` (steps, notes, warnings) nearly always,
 * `foreign` (the output of builds) as long as there is room.
 */
export type Rank = 'ours' | 'structure' | 'foreign';

export interface TextLine {
  readonly kind: 'text';
  readonly rank: Rank;
  readonly text: string;
  /** The step whose output this is. */
  readonly step?: string;
  /** `[build 2/5]`, where other steps run beside it. */
  readonly beside?: string;
  /** What was lost of an endless line, in UTF-16 units. */
  readonly lost?: number;
}

/** For the raw log only. */
export interface HiddenLine {
  readonly kind: 'hidden';
  readonly text: string;
}

/** Not a line, but the place for the end of a step's output, should flood control have cut it. */
export interface StepTail {
  readonly kind: 'tail';
  readonly step: string;
  /** `[5/5] RUN npm test`. */
  readonly label: string;
  /** `stopped`: another step's failure, or a cancel, has ended it. */
  readonly how: 'ended' | 'failed' | 'stopped';
}

/** The place for whatever is still held back: the closing block comes next. */
export interface Rest {
  readonly kind: 'rest';
}

export type Line = TextLine | HiddenLine | StepTail | Rest;

export function ours(text: string): TextLine {
  return { kind: 'text', rank: 'ours', text };
}

export function structure(text: string): TextLine {
  return { kind: 'text', rank: 'structure', text };
}

export function hidden(text: string): HiddenLine {
  return { kind: 'hidden', text };
}
