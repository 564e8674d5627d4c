import type { BuildRequest } from '../../pipeline/ports';
import { buildParameters, type Query } from '../build-parameters';

/** Parameters of POST /build. Without `version` it is the classic builder on every engine. */
export function buildQuery(request: BuildRequest, dockerfile: string): Query {
  // forcerm: without it a failed RUN leaves its container behind.
  return { ...buildParameters(request, dockerfile), rm: '1', forcerm: '1' };
}
