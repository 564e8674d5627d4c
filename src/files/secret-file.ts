import { StepError } from '../domain/errors';
import { MOST_SECRET_BYTES } from '../domain/plan';
import { readBeneath } from './open-beneath';

/** A build secret that is a file: `id=…,src=…` of field Secrets. */
export interface SecretFile {
  readonly id: string;
  /** Relative to the job's folder, or absolute. */
  readonly path: string;
}

/**
 * The bytes of such a file, to be registered with the mask before they are handed to anybody. A repository can't name
 * another file of the agent by a link (security.md 22).
 */
export function readSecretFile(jobFolder: string, { id, path }: SecretFile): Promise<Buffer> {
  return readBeneath(jobFolder, path, {
    absolute: 'allowed',
    what: `Secrets (${id})`,
    missing: (lookedFor, why) =>
      new StepError(
        'SECRET_MISSING',
        'none',
        'config',
        `Secrets (${id}) "${path}" cannot be used: ${why} (looked for ${lookedFor})`,
        {
          hint: "src is relative to the task's working directory; a material or an earlier task must put the file there",
        },
      ),
    maxBytes: MOST_SECRET_BYTES,
    tooLarge: () =>
      new StepError(
        'SECRET_MISSING',
        'none',
        'config',
        `Secrets (${id}) "${path}" has more than ${MOST_SECRET_BYTES} bytes, the most that BuildKit takes`,
        {
          hint: 'Fetch a larger file in a step, with a token as the secret',
        },
      ),
  });
}
