import type { BuildRequest } from '../../../pipeline/ports';
import { Writer } from '../wire/writer';
import { cacheAttributes, frontendAttrs, type FrontendSurroundings } from './frontend-attrs';

/** Legal on every engine, and the one that names, unpacks and can be inspected on all (facts measured on 20.10 and 29). */
const EXPORTER = 'moby';

/** Field numbers of buildkit/api/services/control/control.proto. */
export function solveRequest(
  request: BuildRequest,
  ref: string,
  sessionId: string,
  surroundings: FrontendSurroundings,
): Buffer {
  const { plan } = request;
  const name: readonly (readonly [string, string])[] = [['name', request.ref]];
  return (
    new Writer()
      .text(1, ref)
      // The old exporter fields and the new one: 20.10 reads only the old, and exports nothing without them.
      .text(3, EXPORTER)
      .map(4, name)
      .text(5, sessionId)
      .text(6, 'dockerfile.v0')
      .map(7, frontendAttrs(plan, surroundings))
      .message(8, cacheOptions(request))
      .texts(9, plan.networkMode === 'host' ? ['network.host'] : [])
      .message(13, new Writer().text(1, EXPORTER).map(2, name))
      .end()
  );
}

/** CacheOptions{4 exports}; imports are the frontend's (attribute `cache-imports`). */
function cacheOptions({ plan }: BuildRequest): Writer {
  const options = new Writer();
  for (const entry of plan.cacheTo) {
    const attributes = Object.entries(cacheAttributes(entry));
    options.message(4, new Writer().text(1, entry.type).map(2, attributes));
  }
  return options;
}
