import type { BuildPlan } from '../../domain/plan';

/** The fields of the plan that only BuildKit has, as a message names them. */
export function buildKitFields(plan: BuildPlan): readonly string[] {
  const set: readonly (readonly [string, boolean])[] = [
    ['Secrets', plan.secrets.length > 0],
    ['Ssh', plan.ssh.length > 0],
    ['CacheTo', plan.cacheTo.length > 0],
    ['BuildContexts', plan.contexts.length > 0],
    ['Provenance', plan.provenance !== undefined],
    ['NoCache with stage names', plan.noCache !== 'all' && plan.noCache.length > 0],
  ];
  return set.filter(([, isSet]) => isSet).map(([name]) => name);
}

// moby's builder-next/builder.go: any other is refused there.
const BUILDKIT_NETWORKS: readonly string[] = ['default', 'none', 'host'];

/** A network of the daemon, which only the classic builder can use. */
export function isClassicNetwork(networkMode: string | undefined): boolean {
  return networkMode !== undefined && !BUILDKIT_NETWORKS.includes(networkMode);
}

/** What POST /build can't say; Control/Solve can. */
export function needsSolve(plan: BuildPlan): boolean {
  return (
    plan.cacheTo.some(({ type }) => type === 'registry') ||
    plan.cacheTo.some(({ attributes }) => attributes.size > 0) ||
    plan.cacheFrom.some(({ attributes }) => attributes.size > 0) ||
    plan.provenance !== undefined ||
    plan.contexts.length > 0 ||
    (plan.noCache !== 'all' && plan.noCache.length > 0)
  );
}
