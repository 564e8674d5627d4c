import { StepError } from '../../domain/errors';
import type { DaemonInfo } from '../../domain/daemon-info';
import type { PluginEvent } from '../../domain/events';
import type { Digest, Tag } from '../../domain/image-ref';
import { parseEcrHost } from '../../domain/ecr-registry';
import { describeOrigin } from '../../domain/origin';
import type { Plan } from '../../domain/plan';
import { ahead } from '../ahead';
import type { Docker, Ecr, Report, RepositoryFacts, SourceFacts } from '../ports';

/** What AWS is needed for; neither: it is not asked. */
export interface AwsNeeds {
  /** The registry that is pushed to: a build needs it for its name, or for a base image that is there. */
  readonly registry: boolean;
  /** Tokens for other registries. */
  readonly logins: boolean;
}

export function needsAws({ mode, repository, build }: Plan, source: SourceFacts): AwsNeeds {
  const baseIsThere = source.bases.some(({ host }) => host === repository.host && parseEcrHost(host) !== undefined);
  return {
    registry: mode !== 'build' || repository.host === undefined || baseIsThere,
    logins: build.logins.some((access) => access.kind === 'ecr'),
  };
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
  /** What the wanted tags name today, where that could be asked. */
  readonly previous: ReadonlyMap<string, Digest>;
}

/** Questions to AWS that are under way, side by side: each is a round trip, and none needs another's answer. */
export interface LookUps {
  readonly identity: Promise<string>;
  /** undefined: denied. */
  readonly repository: Promise<RepositoryFacts | undefined>;
  readonly tags: Promise<readonly TagFound[]>;
}

interface TagFound {
  readonly tag: Tag;
  readonly found: LookUp<Digest | undefined>;
}

export function startLookUps(plan: Plan, ecr: Ecr, signal: AbortSignal): LookUps {
  const { path } = plan.repository;
  const tags = plan.mode === 'build' ? [] : plan.tags;
  const repository = lookUp(() => ecr.describeRepository(path, signal));
  return {
    identity: ahead(ecr.identity(signal)),
    repository: ahead(repository.then((found) => (found.denied ? undefined : found.value))),
    tags: ahead(
      Promise.all(tags.map(async (tag) => ({ tag, found: await lookUp(() => ecr.findTag(path, tag, signal)) }))),
    ),
  };
}

/** Tells the answers in an order that reads well, whatever order they come in. */
export async function inspectAws(plan: Plan, ecr: Ecr, lookUps: LookUps, report: Report): Promise<AwsFacts> {
  const identity = await lookUps.identity;
  const account = plan.repository.registry?.accountId ?? plan.aws.registryId?.value;
  report({ type: 'aws-described', account, region: ecr.region, identity });
  const repository = await lookUps.repository;
  report({
    type: 'repository-described',
    name: plan.repository.path,
    exists: repository === undefined ? undefined : true,
    mutability: repository?.mutability,
  });
  const previous = new Map<string, Digest>();
  for (const { tag, found } of await lookUps.tags) {
    report(tagDescribed(tag, found));
    if (!found.denied && found.value !== undefined) previous.set(tag, found.value);
  }
  return { identity, previous };
}

function tagDescribed(tag: Tag, found: LookUp<Digest | undefined>): PluginEvent {
  if (found.denied) return { type: 'tag-described', tag, taken: undefined };
  if (found.value === undefined) return { type: 'tag-described', tag, taken: false };
  return { type: 'tag-described', tag, taken: true, digest: found.value };
}

type LookUp<T> = { readonly denied: true } | { readonly denied: false; readonly value: T };

// AWS's documented push policy allows no look-ups: a denied one is a note, and the push may still succeed.
async function lookUp<T>(ask: () => Promise<T>): Promise<LookUp<T>> {
  try {
    return { denied: false, value: await ask() };
  } catch (error) {
    if (error instanceof StepError && error.code === 'AWS_DENIED') return { denied: true };
    throw error;
  }
}
