import type { Digest, Tag } from '../../domain/image-ref';
import type { Plan } from '../../domain/plan';
import { knownByDigest, type RegistryImage } from '../../domain/registry-image';
import { ahead } from '../ahead';
import { lookUp } from '../look-up';
import { tellTag } from '../target';
import { giveTags, type Reached } from './tags/give-tags';
import { moveFloating } from './tags/move-floating';
import { recognise } from './tags/recognise';

/**
 * Brings the image under all its names in one repository, those that stay first: what is there is left, one is pushed by
 * the daemon where the repository does not have the image, and the rest is put by AWS beside it.
 */
export async function pushTarget(reached: Reached, plan: Plan): Promise<void> {
  const { target, repository, carrier, report, signal } = reached;
  const present = await recognise(target, plan, carrier?.local, signal);
  const staying = target.tags.filter(({ floating }) => !floating);
  for (const { tag, image } of staying) {
    if (present.has(tag) && image !== undefined)
      tellTag(target, { ref: { repository, tag }, digest: image.digest, how: 'present' }, report);
  }
  const missing = staying.map(({ tag }) => tag).filter((tag) => !present.has(tag));
  const pushed = target.image === undefined ? await pushFirst(reached, missing.shift()) : undefined;
  const image = await look(reached, pushed, missing);
  if (image !== undefined) {
    await giveTags(reached, image, missing, (made) => tellTag(target, made, report));
    await moveFloating(reached, plan, image, unseen(reached));
  }
  const rest = unseen(reached);
  if (target.sees && rest.length > 0) void ahead(target.sightings.look(rest, signal));
}

async function pushFirst(
  { target, repository, carrier, report, signal }: Reached,
  tag: Tag | undefined,
): Promise<Digest | undefined> {
  if (tag === undefined || carrier === undefined) return undefined;
  const ref = { repository, tag };
  const digest = await carrier.pusher.push(ref, carrier.local.id, signal);
  tellTag(target, { ref, digest, how: 'pushed' }, report);
  return digest;
}

/**
 * One look at all that the next steps need to know: the manifest of what was pushed, and where the tags are that move.
 * Answers what the other tags are to name; undefined: there are none.
 */
async function look(
  reached: Reached,
  pushed: Digest | undefined,
  missing: readonly Tag[],
): Promise<RegistryImage | undefined> {
  const { target, signal } = reached;
  const moving = target.tags.filter(({ floating }) => floating).map(({ tag }) => tag);
  const image = target.image ?? (pushed === undefined ? undefined : knownByDigest(pushed));
  if (image === undefined || missing.length + moving.length === 0) return undefined;
  const alongside = missing.length === 0 ? unseen(reached) : [];
  const names = [...(pushed === undefined ? [] : [pushed]), ...moving];
  if (!target.sees || names.length === 0) return image;
  target.sees = !(await lookUp(target.sightings.look([...names, ...alongside], signal))).denied;
  return (pushed === undefined ? undefined : await target.sightings.of(pushed)) ?? image;
}

/** Tags that AWS has put, or that were there: no daemon looks whether they name the image. */
function unseen({ target }: Reached): readonly Tag[] {
  const byAws = target.record.pushed.filter(({ how }) => how === 'put' || how === 'present');
  return byAws.map(({ ref }) => ref.tag).filter((tag) => !target.sightings.has(tag));
}
