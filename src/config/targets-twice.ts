import type { EcrRegistry } from '../domain/ecr-registry';
import type { Problem } from '../domain/errors';
import type { RepositoryPlan } from '../domain/plan';
import { normalHost } from '../domain/registry-host';
import type { Task } from './task';

/** Each place once: with the same tags, one push would wait for the other, and then both would be the same. */
export function targetsTwice(task: Task): Problem[] {
  const first = new Map<string, string>();
  const own = task.repository && placeOf(task.repository.value, task);
  if (own !== undefined) first.set(own, 'field Repository');
  return task.targets.flatMap(({ where, from, repository }): Problem[] => {
    const place = placeOf(repository, task) ?? '';
    const before = first.get(place);
    if (before !== undefined)
      return [{ field: 'AlsoPushTo', message: `${where} names ${from.text}, and so does ${before}` }];
    first.set(place, where);
    return [];
  });
}

/** A registry has several hosts (dual-stack, FIPS); it is known by account and region. undefined: not known. */
function placeOf({ host, registry, path }: RepositoryPlan, { region, registryId }: Task): string | undefined {
  if (registry) return `${accountOf(registry)}/${path}`;
  if (host !== undefined) return `${normalHost(host)}/${path}`;
  return region === undefined || registryId === undefined ? undefined : `${registryId}@${region}/${path}`;
}

function accountOf({ accountId, region }: EcrRegistry): string {
  return `${accountId ?? 'public'}@${region}`;
}
