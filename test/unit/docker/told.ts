import type { StepError } from '../../../src/domain/errors';

/** Everything that a StepError tells, so that a test sees a row of the tables whole. */
export function told(error: unknown): object {
  const { code, hop, blame, message, hint, words, transient } = error as StepError;
  return { code, hop, blame, message, hint, words, transient };
}
