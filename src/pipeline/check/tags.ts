import type { LocalImage } from '../../domain/daemon-info';
import { ahead } from '../ahead';
import type { RunTools } from '../run-tools';
import { accept, lookAtTags, tellTag } from '../steps/inspect-target';
import type { Hops, Tried } from './hops';
import type { CheckedTarget } from './target';

/** What the tags name, and whether that stands in the way; `local`: the image of field Source. */
export async function checkTags(
  hops: Hops,
  { plan, signal }: RunTools,
  { about, signedIn, repository }: CheckedTarget,
  local: Tried<LocalImage> | undefined,
): Promise<void> {
  await hops.try({ name: 'tags', hop: 'agent-aws', about }, async (telling) => {
    const target = signedIn.get().tellIn(telling);
    const found = Promise.resolve(repository.get());
    const image = local === undefined ? undefined : Promise.resolve(local.get());
    const images = ahead(target.ecr.findImages(target.path, [...plan.tags, ...plan.floatingTags], signal));
    const tags = await lookAtTags(target, plan, { repository: found, images, local: image }, signal);
    for (const tag of tags) tellTag(tag, telling.report);
    accept(target, plan, telling.report);
  });
}
