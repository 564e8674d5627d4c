import type { LabImage } from './orders';
import type { Site } from './world';

/** Reading and writing images in the real registry behind. */

const manifestTypes = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
];

export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly text: string;
}

export async function readManifest(
  site: Site,
  repository: string,
  reference: string,
): Promise<StoredManifest | undefined> {
  const path = `/v2/${repository}/manifests/${reference}`;
  const answer = await site.upstream.call('GET', path, { accept: manifestTypes.join(', ') });
  if (answer.status !== 200) return undefined;
  const digest = answer.headers['docker-content-digest'];
  const mediaType = answer.headers['content-type'] ?? '';
  return { digest: typeof digest === 'string' ? digest : '', mediaType, text: answer.body.toString() };
}

export async function readTags(site: Site, repository: string): Promise<string[]> {
  const answer = await site.upstream.call('GET', `/v2/${repository}/tags/list`);
  if (answer.status !== 200) return [];
  const { tags } = JSON.parse(answer.body.toString()) as { tags: string[] | null };
  return (tags ?? []).sort();
}

interface ManifestShape {
  readonly config?: { readonly digest: string; readonly size: number };
  readonly layers?: readonly { readonly size: number }[];
}

export function sizeOf(manifest: StoredManifest): number {
  const { config, layers } = JSON.parse(manifest.text) as ManifestShape;
  return (layers ?? []).reduce((sum, layer) => sum + layer.size, config?.size ?? 0);
}

export async function readImage(site: Site, repository: string, reference: string): Promise<LabImage | null> {
  const stored = await readManifest(site, repository, reference);
  if (stored === undefined) return null;
  const manifest = JSON.parse(stored.text) as Record<string, unknown> & ManifestShape;
  const { digest, mediaType } = stored;
  if (manifest.config === undefined) return { digest, mediaType, manifest, config: null };
  const blob = await site.upstream.call('GET', `/v2/${repository}/blobs/${manifest.config.digest}`);
  const config = JSON.parse(blob.body.toString()) as Record<string, unknown>;
  return { digest, mediaType, manifest, config };
}
