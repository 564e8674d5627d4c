import { createHash } from 'node:crypto';
import { parseDigest } from '../domain/image-ref';
import type { Digest } from '../domain/image-ref';
import { arrayAt, objectAt, parseObject, textAt } from './json-parts';
import type { JsonObject } from './json-parts';

/** What an image's manifest tells; of an index, nothing but its images. */
export interface Manifest {
  readonly config: Digest | undefined;
  /** Of config and layers, as stored. */
  readonly sizeBytes: number;
  /** Of an index: the first image that is one, not an attestation. */
  readonly firstImage: Digest | undefined;
}

/** The schema of Docker 1.9: its digest is not that of its text, since it holds its signatures. */
export const SIGNED_SCHEMA = 'application/vnd.docker.distribution.manifest.v1+prettyjws';

/** Reads a manifest or index of OCI or of Docker's second schema; what is neither tells nothing. */
export function readManifest(text: string): Manifest {
  const json = parseObject(text) ?? {};
  const config = objectAt(json, 'config');
  const blobs = [config, ...arrayAt(json, 'layers')];
  return {
    config: parseDigest(textAt(config, 'digest')),
    sizeBytes: blobs.reduce<number>((sum, blob) => sum + sizeOf(blob), 0),
    firstImage: arrayAt(json, 'manifests').filter(isImage).map(digestOf)[0],
  };
}

export function digestOfText(text: string | Buffer): Digest {
  return `sha256:${createHash('sha256').update(text).digest('hex')}` as Digest;
}

function sizeOf(descriptor: JsonObject | undefined): number {
  const size = descriptor?.['size'];
  return typeof size === 'number' && Number.isSafeInteger(size) && size > 0 ? size : 0;
}

// BuildKit gives its attestation manifests the platform unknown/unknown (docs/attestations/attestation-storage.md).
function isImage(descriptor: JsonObject): boolean {
  const platform = objectAt(descriptor, 'platform');
  return digestOf(descriptor) !== undefined && textAt(platform, 'os') !== 'unknown';
}

function digestOf(descriptor: JsonObject): Digest | undefined {
  return parseDigest(textAt(descriptor, 'digest'));
}
