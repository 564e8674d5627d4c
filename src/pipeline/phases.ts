import type { Phase } from '../domain/phase';
import type { Outcome } from '../domain/outcome';
import type { Plan } from '../domain/plan';
import { refName, type Repository, type TaggedRef } from '../domain/image-ref';
import { cleanUpAhead } from './clean-up-run';
import type { BuildRequest, Docker } from './ports';
import { preflight, type Preflight } from './preflight';
import { cacheRefOf, newRunRef, phase, type RunTools } from './run-tools';
import { build, type BuiltImage } from './steps/build';
import { Pusher } from './steps/push';
import { verify } from './steps/verify';

export function phasesOf(plan: Plan): readonly Phase[] {
  switch (plan.mode) {
    case 'push':
      return ['preflight', 'login', 'build', 'push', 'verify', 'cleanup'];
    case 'build':
      return ['preflight', 'login', 'build', 'cleanup'];
    case 'check':
      return ['preflight', 'login'];
  }
}

export async function runPhases(tools: RunTools): Promise<Outcome> {
  const { plan, signal, report } = tools;
  const found = await phase('preflight', tools, () => preflight(tools));
  const repository = await phase('login', tools, () => login(tools, found));
  if (plan.mode === 'check') return { kind: 'checked' };
  const targets = plan.tags.map((tag) => ({ repository, tag }));
  const pusher = plan.mode === 'push' ? pusherOf(tools, found) : undefined;
  const built = await phase('build', tools, () =>
    buildImage(tools, found, () => targets.slice(0, 1).forEach((target) => pusher?.claimAhead(target, signal))),
  );
  const result = {
    ...built,
    builder: found.builder.name,
    daemon: found.info,
    endpoint: plan.daemon.display.value,
  };
  if (pusher === undefined)
    return { kind: 'built', result, refs: await keepTags(found.docker, targets, built, signal) };
  await phase('push', tools, async () => {
    // One after another: the daemon parallelises layers, and parallel pushes of a fresh image fail on some registries.
    for (const target of targets) await pusher.push(target, built.imageId, signal);
  });
  cleanUpAhead(tools); // beside the looks at the registry
  await phase('verify', tools, () => verify(tools.ledger.pushed, pusher.looks, report, signal));
  return { kind: 'pushed', result, pushed: tools.ledger.pushed };
}

async function login(tools: RunTools, { registry, logins }: Preflight): Promise<Repository> {
  const { plan, ledger } = tools;
  const { path } = plan.repository;
  registry?.held.tell();
  const held = await registry?.login;
  if (held !== undefined) {
    ledger.registry = held.host;
    ledger.registryProven = true;
  }
  await logins.ready(tools.report);
  return { host: held?.host ?? plan.repository.host ?? '', path };
}

function pusherOf({ ports, report, ledger }: RunTools, { docker, registry }: Preflight): Pusher | undefined {
  return registry && new Pusher({ docker, tokens: registry.tokens, clock: ports.clock, report, ledger });
}

async function buildImage(tools: RunTools, found: Preflight, beside: () => void): Promise<BuiltImage> {
  const { plan, report, signal, ledger } = tools;
  const { docker, builder, registry, logins, source } = found;
  const ref = newRunRef(tools);
  const held = await registry?.tokens.current(signal); // a queue before us may have eaten the token's time
  const request: BuildRequest = {
    ref,
    cacheRef: cacheRefOf(plan),
    plan: plan.build,
    source,
    jobFolder: plan.files.jobFolder,
    outputs: plan.files.outputs,
    login: (host) => logins.find(host, held),
  };
  ledger.claim(ref, false);
  report({ type: 'build-started', builder: builder.name, context: plan.build.context });
  const built = await build(request, builder, docker, report, signal, beside);
  tools.built = built;
  if (builder.name === 'classic') tools.cacheRef = request.cacheRef;
  return built;
}

/** Mode=build: the image stays under the names that it would have been pushed as. */
async function keepTags(
  docker: Docker,
  targets: readonly TaggedRef[],
  { imageId }: BuiltImage,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const refs = targets.map(refName);
  await Promise.all(refs.map((ref) => docker.tag(imageId, ref, signal)));
  return refs;
}
