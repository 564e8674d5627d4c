import type { Blame, ErrorCode } from '../../domain/errors';
import type { Where } from '../where';

/** One way in which the line agent → daemon breaks, by the code that Node gives the error. */
export interface ConnectionRow {
  readonly when: RegExp;
  /** Looked for in the error's text too, where the code alone says too little. */
  readonly text?: RegExp;
  readonly only?: (where: Where) => boolean;
  readonly code: ErrorCode;
  readonly blame: Blame;
  message(where: Where): string;
  hint(where: Where): string;
  readonly transient?: boolean;
}
