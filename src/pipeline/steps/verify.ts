import { StepError } from '../../domain/errors';
import { refName, type Digest } from '../../domain/image-ref';
import type { PushedTag } from '../../domain/outcome';
import type { Report } from '../ports';
import type { Target } from '../target';
import type { Looks } from './push';

/** Holds what the registry names by each tag against what was put there: as the daemon sees it, or as AWS says. */
export async function verify(target: Target, looks: Looks, report: Report, signal: AbortSignal): Promise<void> {
  for (const tag of target.record.pushed) {
    if (tag.how === 'left') continue; // it is another run's
    const { ref, digest } = tag;
    const look = looks.get(refName(ref));
    const found = await answerOf(look ?? seenByAws(target, tag), signal);
    if (found === 'unknown') {
      report({ type: 'digest-verified', ref, digest, by: 'daemon' });
    } else if (found === digest) {
      report({ type: 'digest-verified', ref, digest, by: look === undefined ? 'aws' : 'registry' });
    } else {
      throw moved(tag, found);
    }
  }
}

async function seenByAws({ sightings }: Target, { ref }: PushedTag): Promise<Digest | undefined | 'unknown'> {
  return sightings.has(ref.tag) ? (await sightings.of(ref.tag))?.digest : 'unknown';
}

/** The push itself is proven already; a registry that won't be read (no pull permission) takes nothing from that. */
async function answerOf(
  look: Promise<Digest | undefined | 'unknown'>,
  signal: AbortSignal,
): Promise<Digest | undefined | 'unknown'> {
  try {
    return await look;
  } catch (error) {
    if (signal.aborted || !(error instanceof StepError)) throw error;
    return 'unknown';
  }
}

function moved({ ref, digest, how }: PushedTag, found: Digest | undefined): StepError {
  const was =
    how === 'present' ? `was there already as ${digest}` : `was ${how === 'put' ? 'put' : 'pushed'} as ${digest}`;
  return new StepError(
    'DIGEST_FOREIGN',
    how === 'pushed' ? 'daemon-registry' : 'agent-aws',
    'environment',
    `${refName(ref)} ${was}, and the registry now has ${found ?? 'nothing'} under that tag`,
    { hint: 'Somebody else pushes or deletes this tag: give each run a tag of its own, and run this one again' },
  );
}
