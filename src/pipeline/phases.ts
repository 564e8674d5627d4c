import type { BuildResult, Outcome } from '../domain/outcome';
import type { ImageId } from '../domain/image-ref';
import type { Phase } from '../domain/phase';
import type { Plan } from '../domain/plan';
import { check } from './check/check';
import { cleanUpAhead } from './clean-up-run';
import { buildImage, holdSource, keepNames, sourceImage } from './image';
import { logIn, needsLogin } from './log-in';
import { preflight } from './preflight';
import { askAhead, pushAll, pushJobs, verifyAll, type PushJob } from './push-all';
import { reusedImage } from './reused-image';
import { phase, type RunTools } from './run-tools';
import { throwFailed } from './targets';

export function phasesOf({ mode, source }: Plan): readonly Phase[] {
  const building: readonly Phase[] = source === undefined ? ['build'] : [];
  switch (mode) {
    case 'push':
      return ['preflight', 'login', ...building, 'push', 'verify', 'cleanup'];
    case 'build':
      return ['preflight', 'login', ...building, 'cleanup'];
    case 'check':
      return []; // hops instead
  }
}

/** Only the phases that have something to do are told. */
export async function runPhases(tools: RunTools): Promise<Outcome> {
  const { plan, signal } = tools;
  if (plan.mode === 'check') return check(tools);
  const found = await phase('preflight', tools, () => preflight(tools));
  const { daemon, targets } = found;
  const jobs = pushJobs(tools, targets, daemon?.docker);
  if (daemon === undefined)
    return push(tools, jobs, await reusedImage(tools, found), () => pushAll(tools, jobs, undefined));
  if (needsLogin(plan, targets)) await phase('login', tools, () => logIn(tools, found));
  const { maker } = daemon;
  const claim = (imageId: ImageId): void => askAhead(jobs, imageId, signal);
  const { local, result } =
    maker.kind === 'source'
      ? sourceImage(plan, daemon, maker.local)
      : await phase('build', tools, () => buildImage(tools, found, daemon, maker.builder, claim));
  tools.imageId = local.id;
  if (plan.mode === 'build') return { kind: 'built', result, refs: await keepNames(tools, found, daemon, local.id) };
  return push(tools, jobs, result, async () => {
    if (maker.kind === 'source') await holdSource(tools, daemon.docker, local);
    await pushAll(tools, jobs, local);
  });
}

async function push(
  tools: RunTools,
  jobs: readonly PushJob[],
  result: BuildResult,
  work: () => Promise<void>,
): Promise<Outcome> {
  await phase('push', tools, work);
  cleanUpAhead(tools); // beside the looks at the registry
  await phase('verify', tools, () => verifyAll(tools, jobs));
  throwFailed(tools);
  return { kind: 'pushed', result, pushed: tools.ledger.state().pushed };
}
