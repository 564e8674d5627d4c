import { StepError } from '../../domain/errors';
import type { ImageId } from '../../domain/image-ref';
import type { Ledger } from '../ledger';
import { isRunRef } from '../own-refs';
import type { Clock, Docker, Report } from '../ports';

export interface Leftovers {
  /** undefined: nothing was built, so the only ref is the run's own, unique one. */
  readonly imageId: ImageId | undefined;
  readonly kept: readonly string[];
  /** Refs that may be made yet, by a daemon that was not told in time; looked for until it must have noticed. */
  readonly late: { readonly refs: readonly string[]; readonly clock: Clock };
}

/** Milliseconds between the looks. An export that has begun is not stopped by every engine (measured on 20.10). */
const LATE_LOOKS = [100, 400, 1_000, 2_500];

/** Removes the refs that this run made on the daemon, and nothing else. A failure here is told, and changes no result. */
export async function cleanup(
  ledger: Ledger,
  { imageId, kept, late }: Leftovers,
  docker: Docker,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const removed: string[] = [];
  const removeOwn = async (ref: string): Promise<boolean> => {
    if (!(await isStillOurs(ref, imageId, docker, signal)) || !(await docker.remove(ref, signal))) return false;
    removed.push(ref);
    return true;
  };
  const look = async (ref: string): Promise<void> => {
    try {
      let done = await removeOwn(ref);
      for (const ms of late.refs.includes(ref) ? LATE_LOOKS : []) {
        if (done) return;
        await late.clock.sleep(ms, signal);
        done = await removeOwn(ref);
      }
    } catch (error) {
      report({ type: 'cleanup-failed', ref, reason: error instanceof StepError ? error.message : String(error) });
    }
  };
  await Promise.all([...ledger.ownRefs].map(look));
  report({ type: 'refs-removed', refs: removed, kept: [...ledger.foreignRefs, ...kept] });
}

/** Another job may have moved a shared tag meanwhile: then it is theirs, and their push needs it. Nobody else has a run's. */
async function isStillOurs(
  ref: string,
  imageId: ImageId | undefined,
  docker: Docker,
  signal: AbortSignal,
): Promise<boolean> {
  if (imageId === undefined || isRunRef(ref)) return true;
  const image = await docker.inspect(ref, signal);
  return image?.id === imageId;
}
