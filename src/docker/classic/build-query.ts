import type { BuildRequest } from '../../pipeline/ports';
import { cacheRefs, engineUlimits } from '../build-parameters';

/** Parameters of POST /build. Without `version` it is the classic builder on every engine. */
export function buildQuery(request: BuildRequest, dockerfile: string): Record<string, string | readonly string[]> {
  const { plan } = request;
  return {
    t: request.ref,
    dockerfile,
    rm: '1',
    forcerm: '1', // without it a failed RUN leaves its container behind
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
