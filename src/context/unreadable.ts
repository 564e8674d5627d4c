import { StepError } from '../domain/errors';
import { codeOf } from '../files/confine';

const LET_BE = 'Let nothing change the context while it is sent, or name the file in .dockerignore';

/** One path of the context that could not be read, by name. */
export function unreadable(path: string, cause: unknown): StepError {
  const code = codeOf(cause);
  if (code === 'ELOOP' || code === 'ENOTDIR') return changed(path, 'was replaced', cause); // a link, or in no folder
  if (code === 'ENOENT') return failure(path, 'it vanished while the context was read', LET_BE, cause);
  if (code !== 'EACCES' && code !== 'EPERM') {
    return failure(path, `the system says ${code}`, "The agent's disk or a network folder may be out of order", cause);
  }
  const hint = 'Make it readable, or name it in .dockerignore if the image does not need it';
  return failure(path, `the agent's user may not (${code})`, hint, cause);
}

/** One path of the context that is no longer what it was. */
export function changed(path: string, how: string, cause?: unknown): StepError {
  return new StepError('CONTEXT_UNREADABLE', 'none', 'environment', `Context: ${path} ${how} while it was read`, {
    hint: LET_BE,
    cause,
  });
}

function failure(path: string, why: string, hint: string, cause: unknown): StepError {
  const message = `Context: ${path} cannot be read: ${why}`;
  return new StepError('CONTEXT_UNREADABLE', 'none', 'environment', message, { hint, cause });
}
