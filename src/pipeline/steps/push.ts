import { StepError } from '../../domain/errors';
import { refName, repositoryName, type Digest, type ImageId, type TaggedRef } from '../../domain/image-ref';
import { ahead } from '../ahead';
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

/** What the registry has under each pushed ref, asked as soon as it is there. */
export type Looks = ReadonlyMap<string, Promise<Digest | undefined>>;

/** Another build may move our local tag between our tag and our push; more than this often is no accident. */
const STOLEN_TAG_ATTEMPTS = 3;

/** Pushes tags of one image to one registry, one after another. */
export class Pusher {
  readonly looks = new Map<string, Promise<Digest | undefined>>();
  readonly #claims = new Map<string, Promise<boolean>>();
  readonly #proven = new Set<Digest>();

  constructor(private readonly tools: PushTools) {}

  /**
   * Asks whose the tag is on the daemon, a moment before it is taken. Not for more than the next tag: what comes up while
   * another is pushed, for minutes perhaps, would be taken for ours.
   */
  claimAhead(target: TaggedRef, signal: AbortSignal): void {
    this.#claims.set(refName(target), ahead(this.#exists(target, signal)));
  }

  /** Tags by image id directly before the push, pushes, and proves that what went out is this image. */
  async push(target: TaggedRef, imageId: ImageId, signal: AbortSignal): Promise<Digest> {
    const { docker, report } = this.tools;
    for (let attempt = 1; ; attempt++) {
      const digest = await this.#pushOnce(target, imageId, signal);
      const login = await this.tools.tokens.current(signal);
      const look = ahead(docker.remoteDigest(target, login, signal)); // beside the proof
      if (await this.#isOurs(digest, target, imageId, signal)) {
        this.looks.set(refName(target), look);
        return digest;
      }
      if (attempt >= STOLEN_TAG_ATTEMPTS) throw foreign(target, digest);
      report({
        type: 'note',
        text: `another build on this daemon took over ${refName(target)} while it was pushed (${digest}); pushing ours again`,
      });
    }
  }

  async #pushOnce(target: TaggedRef, imageId: ImageId, signal: AbortSignal): Promise<Digest> {
    const { docker, tokens, clock, report } = this.tools;
    let refreshed = false;
    const attempt = async (): Promise<Digest> => {
      await this.#claim(target, signal);
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

  /** The answer that was asked for ahead counts once: whoever tries again looks again. */
  async #claim(target: TaggedRef, signal: AbortSignal): Promise<void> {
    const ref = refName(target);
    const early = this.#claims.get(ref);
    this.#claims.delete(ref);
    this.tools.ledger.claim(ref, await (early ?? this.#exists(target, signal)));
  }

  async #exists(target: TaggedRef, signal: AbortSignal): Promise<boolean> {
    return (await this.tools.docker.inspect(refName(target), signal)) !== undefined;
  }

  /**
   * Right on every engine and store: the id is the digest, or the daemon knows the image by it. That holds for every tag of
   * the repository once it is known.
   */
  async #isOurs(digest: Digest, target: TaggedRef, imageId: ImageId, signal: AbortSignal): Promise<boolean> {
    if ((digest as string) === imageId || this.#proven.has(digest)) return true;
    const image = await this.tools.docker.inspect(imageId, signal);
    const ours = image?.repoDigests.includes(`${repositoryName(target.repository)}@${digest}`) ?? false;
    if (ours) this.#proven.add(digest);
    return ours;
  }
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
