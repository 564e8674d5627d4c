import { repositoryName, type TaggedRef } from '../../domain/image-ref';
import { faultOf, type RegistryFault } from './registry-words';

/** A layer that the registry would not take over from another of its repositories. */
export interface MountRefusal {
  /** The other repository; undefined: it may have been a mount, and the words do not tell. */
  readonly from: string | undefined;
  /** An HTTP 5xx: the next attempt may be let. */
  readonly transient: boolean;
}

// `unexpected status from POST request to https://…/blobs/uploads/?mount=sha256:…&from=team/base: 403 Forbidden`
const MOUNT = /POST request to \S+\/blobs\/uploads\/\?(?=\S*\bmount=)\S*?\bfrom=([^\s&]+?)(?:&\S*)?: (\d{3}) /;
const NAMED = [/ on resource: ?arn:\S+:repository\/(\S+)/, /repository with name '([^']*)'/];

/** Faults that a mount does not have, or that pass by themselves. */
const OTHERS: ReadonlySet<RegistryFault> = new Set(['throttled', 'token-expired', 'tag-immutable', 'no-credentials']);

/**
 * Whether a push may have failed on a mount. The containerd store asks for one wherever it has seen a layer in another
 * repository of the registry, and uploads the layer only where the answer is 201, 202 or 401; any other one fails the
 * push (containerd v2.4, core/remotes/docker/pusher.go; containerd issue 14086), and every further push alike. The URL
 * is told only of an answer without words.
 */
export function mountRefusal(text: string, { repository }: TaggedRef): MountRefusal | undefined {
  const [, from, status] = MOUNT.exec(text) ?? [];
  if (from !== undefined)
    return status === '429' ? undefined : refusalOf(from.replace(/%2f/gi, '/'), status?.startsWith('5'));
  const fault = faultOf(text);
  if (!text.startsWith('error from registry: ') || (fault !== undefined && OTHERS.has(fault))) return undefined;
  const named = NAMED.map((pattern) => pattern.exec(text)?.[1]).find((name) => name !== undefined);
  if (named === undefined) return refusalOf(undefined);
  return named === repository.path || named === repositoryName(repository) ? undefined : refusalOf(named);
}

function refusalOf(from: string | undefined, transient = false): MountRefusal {
  return { from, transient };
}
