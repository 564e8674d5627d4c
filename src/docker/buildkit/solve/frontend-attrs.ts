import type { BuildPlan, CacheEntry, NamedContext } from '../../../domain/plan';

/** What the frontend needs besides the plan. */
export interface FrontendSurroundings {
  /** Name of the Dockerfile in the session's folder `dockerfile`. */
  readonly dockerfile: string;
  /** What `host-gateway` in ExtraHosts stands for, where the daemon tells. */
  readonly hostGateways: readonly string[];
}

/**
 * Attributes of the frontend `dockerfile.v0`: buildkit's frontend/dockerui/config.go and attestations/parse.go. One that
 * an engine does not know is ignored without a word: see refusals.ts.
 */
export function frontendAttrs(
  plan: BuildPlan,
  { dockerfile, hostGateways }: FrontendSurroundings,
): Map<string, string> {
  const attrs = new Map<string, string>();
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') attrs.set(name, value);
  };
  set('filename', dockerfile);
  set('target', plan.target);
  set('platform', plan.platform);
  set('image-resolve-mode', plan.pull ? 'pull' : 'default');
  set('force-network-mode', plan.networkMode === 'default' ? undefined : plan.networkMode);
  set('add-hosts', plan.extraHosts.flatMap((host) => addedHosts(host, hostGateways)).join(','));
  set('shm-size', plan.shmSizeBytes === undefined ? undefined : String(plan.shmSizeBytes));
  set('ulimit', plan.ulimits.map(({ name, soft, hard }) => `${name}=${soft}:${hard}`).join(','));
  set('cache-imports', plan.cacheFrom.length > 0 ? JSON.stringify(plan.cacheFrom.map(cacheImport)) : undefined);
  set('attest:provenance', plan.provenance);
  for (const [name, value] of plan.args) attrs.set(`build-arg:${name}`, value);
  for (const [name, value] of plan.labels) attrs.set(`label:${name}`, value);
  if (plan.noCache === 'all' || plan.noCache.length > 0) {
    attrs.set('no-cache', plan.noCache === 'all' ? '' : plan.noCache.join(','));
  }
  for (const context of plan.contexts) attrs.set(`context:${context.name}`, contextSource(context));
  // Makes a frontend that knows no named contexts say so, instead of asking a registry for them.
  if (plan.contexts.length > 0) set('frontend.caps', 'moby.buildkit.frontend.contexts+forward');
  return attrs;
}

/** The session's folder of a named context. `context` and `dockerfile` are taken by the build's own. */
export function contextFolder(name: string): string {
  return name === 'context' || name === 'dockerfile' ? `_${name}` : name;
}

function contextSource({ name, source }: NamedContext): string {
  return source.kind === 'folder' ? `local:${contextFolder(name)}` : `docker-image://${source.ref}`;
}

/** The Engine API has `host:ip`, the frontend `host=ip`. */
function addedHosts(host: string, hostGateways: readonly string[]): readonly string[] {
  const colon = host.indexOf(':');
  const [name, address] = [host.slice(0, colon), host.slice(colon + 1)];
  return address === 'host-gateway' ? hostGateways.map((gateway) => `${name}=${gateway}`) : [`${name}=${address}`];
}

/** `CacheOptionsEntry` in the frontend's JSON. */
function cacheImport(entry: CacheEntry): object {
  return { Type: entry.type, Attrs: cacheAttributes(entry) };
}

export function cacheAttributes({ ref, attributes }: CacheEntry): Record<string, string> {
  return { ...(ref !== undefined && { ref }), ...Object.fromEntries(attributes) };
}
