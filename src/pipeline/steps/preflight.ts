import { StepError } from '../../domain/errors';
import type { DaemonInfo } from '../../domain/daemon-info';
import type { PluginEvent } from '../../domain/events';
import type { Digest, Tag } from '../../domain/image-ref';
import { parseEcrHost } from '../../domain/ecr-registry';
import { describeOrigin } from '../../domain/origin';
import type { Plan } from '../../domain/plan';
import type { Docker, Ecr, Report, RepositoryFacts, SourceFacts } from '../ports';

/** A push needs AWS; a build only for the registry's name or for a base image that lives there. */
export function needsAws(plan: Plan, source: SourceFacts): boolean {
  return (
    plan.mode !== 'build' ||
    plan.repository.host === undefined ||
    source.bases.some((base) => parseEcrHost(base.host) !== undefined)
  );
}

export async function inspectDaemon(
  plan: Plan,
  docker: Docker,
  report: Report,
  signal: AbortSignal,
): Promise<DaemonInfo> {
  const info = await docker.describe(signal);
  const { value, origin } = plan.daemon.display;
  report({ type: 'daemon-described', info, endpoint: value, origin: describeOrigin(origin) });
  for (const text of info.warnings) report({ type: 'note', text: `the daemon warns: ${text}` });
  return info;
}

export interface AwsFacts {
  readonly identity: string;
  readonly repository: RepositoryFacts | undefined;
  /** What the wanted tags name today, where that could be asked. */
  readonly previous: ReadonlyMap<string, Digest>;
}

export async function inspectAws(plan: Plan, ecr: Ecr, report: Report, signal: AbortSignal): Promise<AwsFacts> {
  const identity = await ecr.identity(signal);
  const account = plan.repository.registry?.accountId ?? plan.aws.registryId?.value;
  report({ type: 'aws-described', account, region: ecr.region, identity });
  // Side by side: each is a round trip, and none needs another's answer.
  const [repository, ...found] = await Promise.all([
    describeRepository(plan.repository.path, ecr, report, signal),
    ...tagsToLookUp(plan).map(async (tag) => ({ tag, digest: await findTag(tag, plan, ecr, signal) })),
  ]);
  const previous = new Map<string, Digest>();
  for (const { tag, digest } of found) {
    report(tagDescribed(tag, digest));
    if (!digest.denied && digest.value !== undefined) previous.set(tag, digest.value);
  }
  return { identity, repository, previous };
}

function tagsToLookUp(plan: Plan): readonly Tag[] {
  return plan.mode === 'build' ? [] : plan.tags;
}

// AWS's documented push policy allows no look-ups: a denied one is a note, and the push may still succeed.
function findTag(tag: Tag, plan: Plan, ecr: Ecr, signal: AbortSignal): Promise<LookUp<Digest | undefined>> {
  return lookUp(() => ecr.findTag(plan.repository.path, tag, signal));
}

function tagDescribed(tag: Tag, found: LookUp<Digest | undefined>): PluginEvent {
  if (found.denied) return { type: 'tag-described', tag, taken: undefined };
  if (found.value === undefined) return { type: 'tag-described', tag, taken: false };
  return { type: 'tag-described', tag, taken: true, digest: found.value };
}

async function describeRepository(
  path: string,
  ecr: Ecr,
  report: Report,
  signal: AbortSignal,
): Promise<RepositoryFacts | undefined> {
  const found = await lookUp(() => ecr.describeRepository(path, signal));
  report({
    type: 'repository-described',
    name: path,
    exists: found.denied ? undefined : true,
    mutability: found.denied ? undefined : found.value.mutability,
  });
  return found.denied ? undefined : found.value;
}

type LookUp<T> = { readonly denied: true } | { readonly denied: false; readonly value: T };

async function lookUp<T>(ask: () => Promise<T>): Promise<LookUp<T>> {
  try {
    return { denied: false, value: await ask() };
  } catch (error) {
    if (error instanceof StepError && error.code === 'AWS_DENIED') return { denied: true };
    throw error;
  }
}
