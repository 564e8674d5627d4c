import { StepError } from '../../../domain/errors';
import type { LocalImage } from '../../../domain/daemon-info';
import type { Tag } from '../../../domain/image-ref';
import type { Plan } from '../../../domain/plan';
import type { RegistryImage } from '../../../domain/registry-image';
import { isFixed } from '../../../domain/repository-settings';
import { sameRun, type RunMark } from '../../../domain/run-label';
import type { Answer } from '../../look-up';
import { isImage, isLikeImage } from '../../same-image';
import type { Images, Target } from '../../target';
import { runWords } from './run-words';
import { needsProof, stateOf, type Found, type TagState } from './tag-state';

/** What each of the run's tags names, and whose that is. Asks no more than the state of a tag depends on. */
export async function findTags(
  target: Target,
  plan: Plan,
  images: Answer<Images>,
  local: Promise<LocalImage> | undefined,
  signal: AbortSignal,
): Promise<readonly TagState[]> {
  const { mutability, exclusions = [] } = target.facts ?? {};
  const stateOfTag = async (tag: Tag, floating: boolean): Promise<TagState> => {
    const rules = { floating, fixed: isFixed(mutability, exclusions, tag) };
    const image = images.denied ? undefined : images.value.get(tag);
    const needed = image !== undefined && needsProof(rules, plan.existingTag);
    const ours = needed ? await isOurs(image, target, plan, await local, signal) : undefined;
    const state = stateOf(found(images.denied, image, ours), rules, plan.existingTag);
    const known = { tag, ...rules, state, image };
    const isRead = needed && local === undefined;
    if (image === undefined || !(isRead || state === 'foreign')) return { ...known, run: undefined, since: undefined };
    const [run, since] = await Promise.all([
      runOf(target, image, plan, signal),
      state === 'foreign' ? pushedAt(target, image, signal) : undefined,
    ]);
    return { ...known, run, since };
  };
  return Promise.all([
    ...plan.tags.map((tag) => stateOfTag(tag, false)),
    ...plan.floatingTags.map((tag) => stateOfTag(tag, true)),
  ]);
}

function found(denied: boolean, image: RegistryImage | undefined, ours: boolean | undefined): Found {
  if (denied) return { kind: 'denied' };
  return image === undefined ? { kind: 'nothing' } : { kind: 'image', ours };
}

/** undefined: only an image that is built can tell. */
async function isOurs(
  image: RegistryImage,
  target: Target,
  { run }: Plan,
  local: LocalImage | undefined,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  if (local !== undefined) {
    if (isImage(image, local, target.repository)) return true;
    return isLikeImage(await target.labels.config(image, signal), local) ?? false;
  }
  if (!isNamed(run.mark)) return undefined;
  const mark = await target.labels.mark(image, signal);
  if (mark === 'unreadable') return undefined;
  return mark !== undefined && sameRun(mark, run.mark);
}

/** Outside GoCD every run would be the same one. */
export function isNamed({ pipeline, counter }: RunMark): boolean {
  return pipeline !== '' && counter !== '';
}

async function runOf(
  target: Target,
  image: RegistryImage,
  { run }: Plan,
  signal: AbortSignal,
): Promise<string | undefined> {
  const mark = await target.labels.mark(image, signal);
  return mark === 'unreadable' ? undefined : runWords(mark, run.mark);
}

/** It only makes a message better. */
async function pushedAt(target: Target, { digest }: RegistryImage, signal: AbortSignal): Promise<number | undefined> {
  try {
    return await target.ecr.pushedAt(target.path, digest, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof StepError)) throw error;
    return undefined;
  }
}
