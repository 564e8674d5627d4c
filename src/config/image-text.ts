import { parseDigest, parseRepository, parseTag } from '../domain/image-ref';

/** The name of an image as docker reads it. */
export interface ImageText {
  /** undefined: Docker Hub. */
  readonly host: string | undefined;
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

// distribution/reference v0.6 (reference.go): NameTotalLengthMax.
const LONGEST = 255;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** `[host/]path[:tag][@digest]`; undefined: it is none. */
export function parseImage(text: string): ImageText | undefined {
  const [name = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !parseDigest(digest))) return undefined;
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  const repository = colon < 0 ? name : name.slice(0, colon);
  if (repository.length > LONGEST || (tag !== undefined && !parseTag(tag))) return undefined;
  const slash = repository.indexOf('/');
  const first = repository.slice(0, Math.max(slash, 0));
  const hasHost = /[.:[]/.test(first) || first === 'localhost';
  const host = hasHost ? parseRepository(`${first}/xx`)?.host : undefined;
  const path = hasHost ? repository.slice(slash + 1) : repository;
  if (hasHost && host === undefined) return undefined;
  return path.split('/').every((component) => COMPONENT.test(component)) ? { host, path, tag, digest } : undefined;
}
