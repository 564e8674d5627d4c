import { createHash } from 'node:crypto';
import type { Digest, Tag } from '../../../src/domain/image-ref';

/** An image as a registry keeps it: config blob, manifest, digest of each. */
export interface StoredImage {
  readonly config: string;
  readonly configDigest: Digest;
  readonly manifest: string;
  readonly digest: Digest;
  readonly mediaType: string;
}

export const OCI = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';
export const tag = (text: string): Tag => text as Tag;

export function digestOf(text: string | Buffer): Digest {
  return `sha256:${createHash('sha256').update(text).digest('hex')}` as Digest;
}

export function image(labels: Readonly<Record<string, string>>): StoredImage {
  const config = JSON.stringify({
    os: 'linux',
    architecture: 'arm64',
    variant: 'v8',
    created: '2026-11-24T10:00:00Z',
    config: { Env: ['PATH=/bin'], Cmd: ['sh'], Labels: labels, Entrypoint: null },
    rootfs: { type: 'layers', diff_ids: [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`] },
  });
  const configDigest = digestOf(config);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', size: config.length, digest: configDigest },
    layers: [
      { size: 1_000, digest: `sha256:${'c'.repeat(64)}` },
      { size: 200, digest: `sha256:${'d'.repeat(64)}` },
    ],
  });
  return { config, configDigest, manifest, digest: digestOf(manifest), mediaType: OCI };
}

/** An index, its attestation first. */
export function index(of: StoredImage | undefined): { readonly manifest: string; readonly digest: Digest } {
  const attestation = { digest: `sha256:${'e'.repeat(64)}`, platform: { os: 'unknown', architecture: 'unknown' } };
  const member = { digest: of?.digest, platform: { os: 'linux', architecture: 'arm64' } };
  const manifests = of === undefined ? [attestation] : [attestation, member];
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests });
  return { manifest, digest: digestOf(manifest) };
}

/** One entry of BatchGetImage's `images`. */
export function entry(stored: Pick<StoredImage, 'digest' | 'manifest'>, imageTag?: string, mediaType = OCI): unknown {
  return {
    registryId: '111122223333',
    repositoryName: 'team/app',
    imageId: { imageDigest: stored.digest, ...(imageTag === undefined ? {} : { imageTag }) },
    imageManifest: stored.manifest,
    imageManifestMediaType: mediaType,
  };
}

/** One entry of BatchGetImage's `failures`. */
export function free(imageTag: string): unknown {
  return { imageId: { imageTag }, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' };
}
