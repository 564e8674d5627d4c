import type { LocalImage } from '../../../domain/daemon-info';
import type { Tag } from '../../../domain/image-ref';
import type { Plan } from '../../../domain/plan';
import { isImage, isLikeImage } from '../../same-image';
import type { Target } from '../../target';
import { refusalAfterBuild } from './refusals';
import type { TagState } from './tag-state';

/** Which tags name the image already: they are not put again. `local`: where it is on the daemon, and may be compared. */
export async function recognise(
  target: Target,
  plan: Plan,
  local: LocalImage | undefined,
  signal: AbortSignal,
): Promise<ReadonlySet<Tag>> {
  const present = new Set<Tag>();
  for (const state of target.tags) {
    if (await isPresent(state, target, local, signal)) {
      present.add(state.tag);
      target.image ??= state.image;
    } else if (state.state === 'undecided') {
      const place = { path: target.path, mutability: target.facts?.mutability };
      throw refusalAfterBuild(state, place, plan.existingTag);
    }
  }
  return present;
}

async function isPresent(
  { state, image }: TagState,
  target: Target,
  local: LocalImage | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (image === undefined) return false;
  if (state === 'ours' || image.digest === target.image?.digest) return true;
  if (local === undefined) return false;
  if (isImage(image, local, target.repository)) return true;
  return state === 'undecided' && isLikeImage(await target.labels.config(image, signal), local) === true;
}
