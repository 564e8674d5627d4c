import { StepError } from '../../domain/errors';
import { refName, type Digest } from '../../domain/image-ref';
import type { PushedTag } from '../../domain/outcome';
import type { Report } from '../ports';
import type { Looks } from './push';

/** Holds what the registry names by each tag, as the daemon sees it, against what was pushed. */
export async function verify(
  pushed: readonly PushedTag[],
  looks: Looks,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  for (const { ref, digest } of pushed) {
    const found = await answerOf(looks.get(ref), signal);
    if (found === 'unknown') {
      report({ type: 'digest-verified', ref, digest, by: 'daemon' });
    } else if (found === digest) {
      report({ type: 'digest-verified', ref, digest, by: 'registry' });
    } else {
      throw moved(refName(ref), digest, found);
    }
  }
}

/** The push itself is proven already; a registry that won't be read (no pull permission) takes nothing from that. */
async function answerOf(
  look: Promise<Digest | undefined> | undefined,
  signal: AbortSignal,
): Promise<Digest | undefined | 'unknown'> {
  try {
    return look === undefined ? 'unknown' : await look;
  } catch (error) {
    if (signal.aborted || !(error instanceof StepError)) throw error;
    return 'unknown';
  }
}

function moved(ref: string, ours: Digest, found: Digest | undefined): StepError {
  return new StepError(
    'DIGEST_FOREIGN',
    'daemon-registry',
    'environment',
    `${ref} was pushed as ${ours}, and the registry now has ${found ?? 'nothing'} under that tag`,
    { hint: 'Somebody else pushes or deletes this tag: give each run a tag of its own, and run this one again' },
  );
}
