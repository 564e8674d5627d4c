import type { BuildRequest } from '../../pipeline/ports';
import { cacheRefs, engineUlimits } from '../build-parameters';

/** Parameters of POST /build for BuildKit, with everything else coming from the session. */
export function buildKitQuery(
  request: BuildRequest,
  sessionId: string,
  buildId: string,
  dockerfile: string,
): Record<string, string | readonly string[]> {
  const { plan } = request;
  const inlineCache = plan.cacheTo.some((entry) => entry.type === 'inline');
  const args = { ...Object.fromEntries(plan.args), ...(inlineCache && { BUILDKIT_INLINE_CACHE: '1' }) };
  return {
    version: '2',
    session: sessionId,
    remote: 'client-session',
    buildid: buildId,
    t: request.ref,
    dockerfile,
    buildargs: JSON.stringify(args),
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
