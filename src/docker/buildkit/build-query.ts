import type { BuildRequest } from '../../pipeline/ports';
import { buildParameters, type Query } from '../build-parameters';

/** Parameters of POST /build for BuildKit, with everything else coming from the session. */
export function buildKitQuery(request: BuildRequest, sessionId: string, buildId: string, dockerfile: string): Query {
  const { args, cacheTo } = request.plan;
  const inlineCache = cacheTo.some(({ type }) => type === 'inline');
  return {
    ...buildParameters(request, dockerfile),
    version: '2',
    session: sessionId,
    remote: 'client-session',
    buildid: buildId,
    ...(inlineCache && { buildargs: JSON.stringify({ ...Object.fromEntries(args), BUILDKIT_INLINE_CACHE: '1' }) }),
  };
}
