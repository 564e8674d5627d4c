import type { DaemonInfo } from '../domain/daemon-info';
import { StepError } from '../domain/errors';
import type { ImageId } from '../domain/image-ref';
import type { Builder, Docker } from './ports';
import { cacheRefOf } from './own-refs';
import type { RunTools } from './run-tools';

/**
 * What the next build of the task is fast by is lost with the last name of the image: the classic builder has no other
 * cache, and the containerd store unpacks all that BuildKit has built, its base included, once more (1 GiB: 1.1 s instead of
 * 0.1 s, measured on 29.8.1).
 */
export function isCachedByName(builder: Builder, { store }: DaemonInfo): boolean {
  return builder.name === 'classic' || store === 'containerd';
}

/** The task's one name for that moves to the new image, which is built: a cache that stays behind costs time, not the run. */
export async function moveCacheRef(tools: RunTools, docker: Docker, imageId: ImageId): Promise<void> {
  const { plan, report, signal } = tools;
  const ref = cacheRefOf(plan);
  try {
    await docker.tag(imageId, ref, signal);
    tools.keptRef = ref;
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof StepError ? error.message : String(error);
    report({ type: 'note', text: `the cache ref ${ref} stays where it was: ${why}` });
  }
}
