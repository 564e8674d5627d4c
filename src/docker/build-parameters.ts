import type { BuildPlan } from '../domain/plan';

/** `Ulimit` of the Engine API. */
export function engineUlimits({ ulimits }: BuildPlan): string {
  return JSON.stringify(ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })));
}

/** POST /build knows caches by their image only. */
export function cacheRefs({ cacheFrom }: BuildPlan): string {
  return JSON.stringify(cacheFrom.map(({ ref }) => ref).filter((ref) => ref !== undefined));
}
