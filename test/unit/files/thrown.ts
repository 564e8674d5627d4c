import { StepError } from '../../../src/domain/errors';

/** What a promise is rejected with, as the words that a user reads. */
export async function thrown(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StepError)) return { notAStepError: error };
  const { code, hop, blame, message, hint } = error;
  return { code, hop, blame, message, hint };
}
