import type { Problem } from '../../domain/errors';
import { parseImage } from '../image-text';
import type { Task } from '../task';
import { normalHost } from '../../domain/registry-host';

/** A cache is no image: under a tag that is pushed, one would replace the other. */
export function cacheOverTag({ cacheTo, repository, tags }: Task): Problem[] {
  const host = repository?.value.host;
  if (repository === undefined || host === undefined) return [];
  const pushed = new Set<string>(tags.map(({ value }) => value));
  return cacheTo.flatMap(({ where, entry }) => {
    const image = parseImage(entry.ref ?? '');
    const tag = image?.tag ?? 'latest';
    const same = image?.path === repository.value.path && normalHost(image.host ?? '') === normalHost(host);
    if (!same || !pushed.has(tag)) return [];
    return [
      {
        field: 'CacheTo',
        message: `${where} names the tag ${tag} of the repository that is pushed to, which is also in Tags: give the cache a tag of its own`,
      },
    ];
  });
}
