import { StepError, type ErrorCode } from '../domain/errors';

/** What a question came to. */
export type Answer<T> = { readonly denied: true } | { readonly denied: false; readonly value: T };

/** AWS's documented push policy allows few look-ups: a denied one is a note, and the push may still succeed. */
export async function lookUp<T>(question: Promise<T>): Promise<Answer<T>> {
  try {
    return { denied: false, value: await question };
  } catch (error) {
    if (isCode(error, 'AWS_DENIED')) return { denied: true };
    throw error;
  }
}

export function isCode(error: unknown, code: ErrorCode): error is StepError {
  return error instanceof StepError && error.code === code;
}
