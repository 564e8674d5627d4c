import type { Problem } from '../../domain/errors';
import { normalHost } from '../../domain/registry-host';
import { parseImage } from '../image-text';
import type { Task } from '../task';

/** A cache is no image: under a tag that is pushed, one would replace the other. */
export function cacheOverTag({ cacheTo, repository, tags, floatingTags, targets }: Task): Problem[] {
  const places = [repository?.value, ...targets.map((line) => line.repository)];
  const pushed = new Map<string, string>([
    ...floatingTags.map(({ value }) => [value, 'FloatingTags'] as const),
    ...tags.map(({ value }) => [value, 'Tags'] as const),
  ]);
  return cacheTo.flatMap(({ where, entry }) => {
    const image = parseImage(entry.ref ?? '');
    const tag = image?.tag ?? 'latest';
    const field = pushed.get(tag);
    const isPushedTo = places.some(
      (place) =>
        place?.host !== undefined &&
        image?.path === place.path &&
        normalHost(image.host ?? '') === normalHost(place.host),
    );
    if (!isPushedTo || field === undefined) return [];
    return [
      {
        field: 'CacheTo',
        message: `${where} names the tag ${tag} of the repository that is pushed to, which is also in ${field}: give the cache a tag of its own`,
      },
    ];
  });
}
