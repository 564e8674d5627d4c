import type { LocalImage } from '../domain/daemon-info';
import { refName, type ImageId } from '../domain/image-ref';
import { ahead } from './ahead';
import type { Docker } from './ports';
import type { EnteredTarget } from './preflight';
import type { RunTools } from './run-tools';
import { hasId } from './same-image';
import { Pusher } from './steps/push';
import { pushTarget } from './steps/push-target';
import { verify } from './steps/verify';
import type { Target } from './target';
import { attempt, throwIfNoneIsLeft } from './targets';

export interface PushJob {
  readonly target: Target;
  /** undefined: the daemon is not asked. */
  readonly pusher: Pusher | undefined;
}

/** The daemon pushes what the registry does not have; an image of this run that is there already it may not even know. */
export function pushJobs(
  { ports, report, ledger, plan }: RunTools,
  targets: readonly EnteredTarget[],
  docker: Docker | undefined,
): readonly PushJob[] {
  return targets.map(({ target }) => {
    const isElsewhere = plan.source === undefined && target.image !== undefined;
    if (docker === undefined || isElsewhere) return { target, pusher: undefined };
    const tools = { docker, tokens: target.tokens, clock: ports.clock, report, ledger };
    return { target, pusher: new Pusher(tools) };
  });
}

function going(jobs: readonly PushJob[]): readonly PushJob[] {
  return jobs.filter(({ target }) => target.record.failure === undefined);
}

/** Asked as soon as the image is there, beside its inspection: what the push and the look at the registry need to know. */
export function askAhead(jobs: readonly PushJob[], imageId: ImageId, signal: AbortSignal): void {
  for (const { target } of going(jobs)) lookAhead(target, imageId, signal);
  claimAhead(jobs, imageId, signal);
}

/**
 * Nobody will touch the tags that name the image already: what AWS says of them now is what it is asked for at the end. Where
 * some may move, one look before that tells of all.
 */
function lookAhead({ tags, sees, sightings }: Target, imageId: ImageId, signal: AbortSignal): void {
  if (tags.some(({ floating }) => floating)) return;
  const present = tags.filter(({ image }) => image !== undefined && hasId(image, imageId)).map(({ tag }) => tag);
  if (sees && present.length > 0) void ahead(sightings.look(present, signal));
}

/** The first name that the daemon will take. There is none where the registry has the image. */
function claimAhead(jobs: readonly PushJob[], imageId: ImageId, signal: AbortSignal): void {
  const { target, pusher } = going(jobs).find(({ target: { image } }) => image === undefined) ?? {};
  const isThere = target?.tags.some(({ image }) => image !== undefined && hasId(image, imageId)) ?? true;
  const first = target?.tags.find(({ state }) => state !== 'ours');
  if (isThere || first === undefined || target?.repository === undefined) return;
  pusher?.claimAhead({ repository: target.repository, tag: first.tag }, signal);
}

/**
 * One target after another: the daemon parallelises layers by itself, and parallel pushes of a fresh image fail on some
 * registries.
 */
export async function pushAll(tools: RunTools, jobs: readonly PushJob[], local: LocalImage | undefined): Promise<void> {
  const { plan, report, signal } = tools;
  for (const { target, pusher } of going(jobs)) {
    await attempt(tools, target.record, async () => {
      const repository = await target.reach(signal);
      const carrier = pusher && local && { pusher, local };
      await pushTarget({ target, repository, carrier, report, signal }, plan);
      if (plan.cleanup === 'keep' && carrier !== undefined) await keepTags(tools, target, carrier.local);
    });
  }
  throwIfNoneIsLeft(tools);
}

/** Cleanup=keep is about all of them, and AWS put some without the daemon. */
async function keepTags({ docker, signal }: RunTools, { record }: Target, { id }: LocalImage): Promise<void> {
  if (docker === undefined) return;
  const others = record.pushed.filter(({ how }) => how === 'put' || how === 'present');
  await Promise.all(others.map(({ ref }) => docker.tag(id, refName(ref), signal)));
}

export async function verifyAll(tools: RunTools, jobs: readonly PushJob[]): Promise<void> {
  const { report, signal } = tools;
  for (const { target, pusher } of going(jobs)) {
    await attempt(tools, target.record, () => verify(target, pusher?.looks ?? new Map(), report, signal));
  }
  throwIfNoneIsLeft(tools);
}
