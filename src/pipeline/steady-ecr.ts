import type { Clock, Ecr, Report } from './ports';
import { AWS_BLIP, reasonOf, retry } from './retry';

/** The same questions, asked again where a fault may pass by itself. All of them may be: none does more the second time. */
export function steadyEcr(ecr: Ecr, clock: Clock, report: Report): Ecr {
  const steadily = <T>(what: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T> =>
    retry(ask, AWS_BLIP, clock, signal, ({ error, ...rest }) =>
      report({ type: 'retrying', what, ...rest, reason: reasonOf(error) }),
    );
  return {
    region: ecr.region,
    identity: (signal) => steadily('sign-in to AWS', signal, () => ecr.identity(signal)),
    authorize: (signal) => steadily('authorization token', signal, () => ecr.authorize(signal)),
    authorizeFor: (registry, role, signal) =>
      steadily(`authorization token for ${registry.host}`, signal, () => ecr.authorizeFor(registry, role, signal)),
    describeRepository: (path, signal) =>
      steadily(`look-up of repository ${path}`, signal, () => ecr.describeRepository(path, signal)),
    createRepository: (path, settings, signal) =>
      steadily(`creation of repository ${path}`, signal, () => ecr.createRepository(path, settings, signal)),
    compareRepository: (path, settings, signal) =>
      steadily(`comparison of repository ${path}`, signal, () => ecr.compareRepository(path, settings, signal)),
    findImages: (path, names, signal) =>
      steadily(`look-up of tags in ${path}`, signal, () => ecr.findImages(path, names, signal)),
    readConfig: (path, image, signal) =>
      steadily(`look-up of labels in ${path}`, signal, () => ecr.readConfig(path, image, signal)),
    pushedAt: (path, digest, signal) =>
      steadily(`look-up of an image's age in ${path}`, signal, () => ecr.pushedAt(path, digest, signal)),
    putTag: (path, image, tag, signal) =>
      steadily(`tag ${tag} in ${path}`, signal, () => ecr.putTag(path, image, tag, signal)),
  };
}
