import { StepError } from '../../domain/errors';
import type { ImageId } from '../../domain/image-ref';
import type { Ledger } from '../ledger';
import type { Docker, Report } from '../ports';

/** Removes the refs that this run made on the daemon, and nothing else. A failure here is told, and changes no result. */
export async function cleanup(
  ledger: Ledger,
  imageId: ImageId | undefined,
  kept: readonly string[],
  docker: Docker,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const removed: string[] = [];
  const removeOwn = async (ref: string): Promise<void> => {
    try {
      if (!(await isStillOurs(ref, imageId, docker, signal))) return;
      if (await docker.remove(ref, signal)) removed.push(ref);
    } catch (error) {
      report({ type: 'cleanup-failed', ref, reason: error instanceof StepError ? error.message : String(error) });
    }
  };
  await Promise.all([...ledger.ownRefs].map(removeOwn));
  report({ type: 'refs-removed', refs: removed, kept: [...ledger.foreignRefs, ...kept] });
}

/** Another job may have moved a shared tag meanwhile: then it is theirs, and their push needs it. */
async function isStillOurs(
  ref: string,
  imageId: ImageId | undefined,
  docker: Docker,
  signal: AbortSignal,
): Promise<boolean> {
  if (imageId === undefined) return true; // nothing was built, so the only ref is the run's own, unique one
  const image = await docker.inspect(ref, signal);
  return image?.id === imageId;
}
