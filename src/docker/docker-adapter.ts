import type { Plan } from '../domain/plan';
import type { Docker, Mask } from '../pipeline/ports';
import { Builders, type RunContextJob } from './builders';
import { describe } from './describe';
import { diskUse } from './disk-use';
import { remoteDigest } from './distribution';
import { openEndpoint } from './endpoint';
import { inspectImage, removeRef, tagImage } from './images';
import { LIMITS } from './limits';
import { login } from './login';
import { push } from './push';

/**
 * The daemon of the plan; nothing has been sent to it yet. Every method throws a StepError, but when its signal aborts:
 * then it throws the signal's reason, at once, and the request is gone from the daemon.
 */
export async function openDocker(
  plan: Pick<Plan, 'daemon' | 'files' | 'run'>,
  mask: Mask,
  run: RunContextJob,
  limits = LIMITS,
): Promise<Docker> {
  const endpoint = await openEndpoint(plan, limits);
  const builders = new Builders({ endpoint, plan, mask, run });
  return {
    describe: (signal) => describe(endpoint, signal),
    reach: async (signal) => void (await endpoint.connect(signal)).destroy(),
    diskUse: (signal) => diskUse(endpoint, signal),
    login: (credentials, signal) => login(endpoint, credentials, signal),
    chooseBuilder: (build, report, signal) => builders.choose(build, report, signal),
    inspect: (ref, signal) => inspectImage(endpoint, ref, signal),
    tag: (image, ref, signal) => tagImage(endpoint, image, ref, signal),
    push: (target, credentials, report, signal) => push(endpoint, target, credentials, mask, report, signal),
    remoteDigest: (target, credentials, signal) => remoteDigest(endpoint, target, credentials, mask, signal),
    remove: (ref, signal) => removeRef(endpoint, ref, signal),
    close: () => {
      builders.close();
      endpoint.close();
    },
  };
}
