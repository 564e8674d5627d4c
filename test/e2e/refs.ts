import { engineApi } from '../lab/client';
import type { Scene } from './scene';

/** What names images on the daemon for a run of ours, or for this scene. */
export async function ownRefs(scene: Scene): Promise<string[]> {
  const images = JSON.parse((await engineApi().request('GET', '/images/json')).body) as { RepoTags: string[] | null }[];
  return images
    .flatMap((image) => image.RepoTags ?? [])
    .filter((ref) => ref.includes('/run:') || ref.includes(scene.scope.prefix));
}
