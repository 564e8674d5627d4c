import { StepError } from '../../../domain/errors';
import type { LocalImage } from '../../../domain/daemon-info';
import type { Repository, Tag } from '../../../domain/image-ref';
import type { RegistryImage } from '../../../domain/registry-image';
import { atMost } from '../../at-most';
import { isCode } from '../../look-up';
import type { Report } from '../../ports';
import type { Made, Target } from '../../target';
import type { Pusher } from '../push';

/** A target whose turn it is. */
export interface Reached {
  readonly target: Target;
  readonly repository: Repository;
  /** undefined: no daemon has the image that the target gets. */
  readonly carrier: Carrier | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** The daemon that has the image. */
export interface Carrier {
  readonly pusher: Pusher;
  readonly local: LocalImage;
}

/** More at a time would be throttled: see AWS_BLIP. */
const PUTS_AT_A_TIME = 4;

/** Gives an image that is in the repository more names: by AWS, and by the daemon where AWS will not. */
export async function giveTags(
  reached: Reached,
  image: RegistryImage,
  tags: readonly Tag[],
  done: (made: Made) => void,
): Promise<void> {
  for (const tag of await putByAws(reached, image, tags, done)) done(await pushByDaemon(reached, image, tag));
}

/** Answers those that AWS will not put. All that were begun have ended before an error of one is thrown. */
async function putByAws(
  reached: Reached,
  image: RegistryImage,
  tags: readonly Tag[],
  done: (made: Made) => void,
): Promise<readonly Tag[]> {
  const { target, repository, carrier, report, signal } = reached;
  if (target.putsByDaemon || tags.length === 0) return tags;
  if (image.manifest === undefined) {
    tellDaemonPuts(reached, target.sees ? 'AWS does not hand out its manifest' : 'ecr:BatchGetImage is denied');
    return tags;
  }
  const put = (tag: Tag): Promise<void> => target.ecr.putTag(target.path, image, tag, signal);
  const results = await atMost(PUTS_AT_A_TIME, tags, put);
  const left: Tag[] = [];
  let failed: PromiseRejectedResult | undefined;
  for (const [index, tag] of tags.entries()) {
    const result = results[index];
    if (result?.status === 'fulfilled') done({ ref: { repository, tag }, digest: image.digest, how: 'put' });
    else if (isCode(result?.reason, 'AWS_DENIED') && carrier !== undefined) left.push(tag);
    else {
      if (!signal.aborted) report({ type: 'tag-refused', ref: { repository, tag } });
      failed ??= result;
    }
  }
  if (failed !== undefined) throw failed.reason;
  if (left.length > 0) tellDaemonPuts(reached, 'ecr:PutImage is denied to the agent');
  return left;
}

function tellDaemonPuts({ target, carrier, report }: Reached, why: string): void {
  if (carrier === undefined) return;
  target.putsByDaemon = true;
  report({ type: 'note', text: `The daemon pushes each tag of ${target.path}: ${why}` });
}

async function pushByDaemon(
  { target, repository, carrier, signal }: Reached,
  { digest }: RegistryImage,
  tag: Tag,
): Promise<Made> {
  if (carrier === undefined) throw unknownManifest(digest, target.path, tag);
  const ref = { repository, tag };
  return { ref, digest: await carrier.pusher.push(ref, carrier.local.id, signal), how: 'pushed' };
}

function unknownManifest(digest: string, path: string, tag: Tag): StepError {
  const message = `AWS does not hand out the manifest of ${digest} in ${path}, so that it cannot be given tag ${tag}`;
  return new StepError('AWS_ERROR', 'agent-aws', 'environment', message, {
    hint: 'Run the task again with ExistingTag=overwrite: it builds the image and pushes it',
  });
}
