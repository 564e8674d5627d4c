import type { BuildPlan } from '../domain/plan';
import type { BuildRequest } from '../pipeline/ports';

/** Parameters of a query; a list stands once for each of its values. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

/** The parameters of POST /build that both builders have. */
export function buildParameters({ ref, plan }: BuildRequest, dockerfile: string): Query {
  return {
    t: ref,
    dockerfile,
    buildargs: JSON.stringify(Object.fromEntries(plan.args)),
    labels: JSON.stringify(Object.fromEntries(plan.labels)),
    extrahosts: plan.extraHosts,
    ...(plan.target !== undefined && { target: plan.target }),
    ...(plan.platform !== undefined && { platform: plan.platform }),
    ...(plan.networkMode !== undefined && { networkmode: plan.networkMode }),
    ...(plan.noCache === 'all' && { nocache: '1' }),
    ...(plan.pull && { pull: '1' }),
    ...(plan.shmSizeBytes !== undefined && { shmsize: String(plan.shmSizeBytes) }),
    ...(plan.ulimits.length > 0 && { ulimits: engineUlimits(plan) }),
    ...(plan.cacheFrom.length > 0 && { cachefrom: cacheRefs(plan) }),
  };
}

/** `Ulimit` of the Engine API. */
function engineUlimits({ ulimits }: BuildPlan): string {
  return JSON.stringify(ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })));
}

/** POST /build knows caches by their image only. */
function cacheRefs({ cacheFrom }: BuildPlan): string {
  return JSON.stringify(cacheFrom.map(({ ref }) => ref).filter((ref) => ref !== undefined));
}
