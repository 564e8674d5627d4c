import type { LocalImage } from '../domain/daemon-info';
import { repositoryName, type ImageId, type Repository } from '../domain/image-ref';
import { sameContent, type ImageConfig, type RegistryImage } from '../domain/registry-image';

/** The daemon's id is the manifest's digest on the containerd store, and the config's on the classic one. */
export function hasId(image: RegistryImage, id: ImageId): boolean {
  const name: string = id;
  return image.digest === name || image.config === name;
}

/** The same, and what the daemon itself remembers to have pushed to the repository or pulled from it. */
export function isImage(image: RegistryImage, local: LocalImage, repository: Repository | undefined): boolean {
  if (hasId(image, local.id)) return true;
  return repository !== undefined && local.repoDigests.includes(`${repositoryName(repository)}@${image.digest}`);
}

/** Equal layers and settings though the digests differ: compressed anew, or built at another time. */
export function isLikeImage(config: ImageConfig | 'unreadable' | undefined, local: LocalImage): boolean | undefined {
  if (config === 'unreadable') return undefined;
  return config !== undefined && sameContent(config.content, local.content);
}
