import { StepError } from '../../domain/errors';
import { refName, repositoryName, type Digest, type ImageId, type TaggedRef } from '../../domain/image-ref';
import type { Ledger } from '../ledger';
import type { Clock, Docker, Report } from '../ports';
import { REGISTRY_BLIP, reasonOf, retry } from '../retry';
import { isRejectedToken, type TokenKeeper } from './authenticate';

export interface PushTools {
  readonly docker: Docker;
  readonly tokens: TokenKeeper;
  readonly clock: Clock;
  readonly report: Report;
  readonly ledger: Ledger;
}

/** Another build may move our local tag between our tag and our push; more than this often is no accident. */
const STOLEN_TAG_ATTEMPTS = 3;

/** Tags by image id directly before the push, pushes, and proves that what went out is this image. */
export async function pushTag(
  target: TaggedRef,
  imageId: ImageId,
  tools: PushTools,
  signal: AbortSignal,
): Promise<Digest> {
  for (let attempt = 1; ; attempt++) {
    const digest = await pushOnce(target, imageId, tools, signal);
    if (await isOurs(digest, target, imageId, tools.docker, signal)) {
      tools.ledger.addPushed(target, digest);
      const previous = tools.ledger.previous.get(target.tag);
      tools.report({ type: 'tag-pushed', ref: target, digest, previous });
      return digest;
    }
    if (attempt >= STOLEN_TAG_ATTEMPTS) throw foreign(target, digest);
    tools.report({
      type: 'note',
      text: `another build on this daemon took over ${refName(target)} while it was pushed (${digest}); pushing ours again`,
    });
  }
}

async function pushOnce(target: TaggedRef, imageId: ImageId, tools: PushTools, signal: AbortSignal): Promise<Digest> {
  const { docker, tokens, clock, report, ledger } = tools;
  let refreshed = false;
  const attempt = async (): Promise<Digest> => {
    ledger.claim(refName(target), (await docker.inspect(refName(target), signal)) !== undefined);
    await docker.tag(imageId, refName(target), signal);
    const login = await tokens.current(signal);
    try {
      return await docker.push(target, login, report, signal);
    } catch (error) {
      if (refreshed || !isRejectedToken(error)) throw error;
      refreshed = true; // once: a fresh token that is refused as well is refused for another reason
      await tokens.refresh(signal);
      return attempt();
    }
  };
  try {
    return await retry(attempt, REGISTRY_BLIP, clock, signal, ({ error, ...rest }) =>
      report({ type: 'retrying', what: `push of ${target.tag}`, ...rest, reason: reasonOf(error) }),
    );
  } catch (error) {
    if (!signal.aborted) report({ type: 'tag-refused', ref: target });
    throw error;
  }
}

/** Right on every engine and store: the id is the digest, or the daemon knows the image by it. */
async function isOurs(
  digest: Digest,
  target: TaggedRef,
  imageId: ImageId,
  docker: Docker,
  signal: AbortSignal,
): Promise<boolean> {
  if ((digest as string) === imageId) return true;
  const image = await docker.inspect(imageId, signal);
  return image?.repoDigests.includes(`${repositoryName(target.repository)}@${digest}`) ?? false;
}

function foreign(target: TaggedRef, digest: Digest): StepError {
  return new StepError(
    'DIGEST_FOREIGN',
    'daemon-registry',
    'environment',
    `${refName(target)} was pushed ${STOLEN_TAG_ATTEMPTS} times, and each time another build on this daemon had moved the tag: the registry now has ${digest}, which is not this image`,
    { hint: 'Give the jobs that push to this repository different tags, or different daemons, and run this one again' },
  );
}
