/** `sha256:` and 64 hex digits, of a manifest or an index in a registry. */
export type Digest = string & { readonly brand: 'Digest' };
/** A daemon's name for an image: the config's digest in the classic store, the manifest's in the containerd store. */
export type ImageId = string & { readonly brand: 'ImageId' };
/** A legal tag, at most 128 characters. */
export type Tag = string & { readonly brand: 'Tag' };

/** A repository in a registry; `host` may carry a port. */
export interface Repository {
  readonly host: string;
  readonly path: string;
}

/** What a push names. Nothing else may be pushed: there is no push without a tag (the daemon would push them all). */
export interface TaggedRef {
  readonly repository: Repository;
  readonly tag: Tag;
}

// The grammar of distribution/reference v0.6 (reference.go), and ECR's narrower one for repository names
// (CreateRepository: 2 to 256 characters).
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const HOST =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?$/;

export function parseDigest(text: unknown): Digest | undefined {
  return typeof text === 'string' && DIGEST.test(text) ? (text as Digest) : undefined;
}

export function parseImageId(text: unknown): ImageId | undefined {
  return typeof text === 'string' && DIGEST.test(text) ? (text as ImageId) : undefined;
}

export function parseTag(text: string): Tag | undefined {
  return TAG.test(text) ? (text as Tag) : undefined;
}

/** `team/app` or `host/team/app`. As docker does, a first component with a dot, a port or `localhost` is a host. */
export function parseRepository(text: string): { host: string | undefined; path: string } | undefined {
  const slash = text.indexOf('/');
  const first = slash < 0 ? '' : text.slice(0, slash);
  const hasHost = slash > 0 && (/[.:[]/.test(first) || first === 'localhost');
  const path = hasHost ? text.slice(slash + 1) : text;
  if (hasHost && !HOST.test(first)) return undefined;
  if (path.length < 2 || path.length > 256) return undefined;
  return path.split('/').every((component) => PATH_COMPONENT.test(component))
    ? { host: hasHost ? first.toLowerCase() : undefined, path }
    : undefined;
}

export function repositoryName(repository: Repository): string {
  return `${repository.host}/${repository.path}`;
}

export function refName(ref: TaggedRef): string {
  return `${repositoryName(ref.repository)}:${ref.tag}`;
}

/** Turns any text into a legal tag: illegal characters become `-`, a leading `.` or `-` is replaced, cut at 128. */
export function toTag(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_.-]/g, '-')
    .replace(/^[.-]/, '_')
    .slice(0, 128);
}
