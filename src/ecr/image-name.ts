import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import { parseDigest } from '../domain/image-ref';
import type { Digest, Tag } from '../domain/image-ref';

/** By what an image of a repository is asked for. */
export type ImageName = Tag | Digest;

export function identifier(name: ImageName): ImageIdentifier {
  return parseDigest(name) === undefined ? { imageTag: name } : { imageDigest: name };
}

/** `tag 1.42`, or the digest: for messages. */
export function shown(name: string): string {
  return parseDigest(name) === undefined ? `tag ${name}` : name;
}
