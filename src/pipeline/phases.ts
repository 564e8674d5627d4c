import type { Phase } from '../domain/phase';
import type { Outcome } from '../domain/outcome';
import type { Plan } from '../domain/plan';
import { refName, type Repository } from '../domain/image-ref';
import type { Ledger } from './ledger';
import type { Builder, BuildRequest, Docker, Ports, Report, SourceFacts } from './ports';
import { authenticate, TokenKeeper } from './steps/authenticate';
import { build, type BuiltImage } from './steps/build';
import { checkPlatform } from './steps/platform';
import { inspectAws, inspectDaemon, needsAws } from './steps/preflight';
import { pushTag } from './steps/push';
import { verify } from './steps/verify';
import type { DaemonInfo } from '../domain/daemon-info';

/** What the phases of one run share. `docker` and `built` appear as the run gets to them; clean-up needs what is there. */
export interface RunTools {
  readonly plan: Plan;
  readonly ports: Ports;
  readonly ledger: Ledger;
  readonly report: Report;
  readonly signal: AbortSignal;
  docker: Docker | undefined;
  built: BuiltImage | undefined;
}

interface Preflight {
  readonly docker: Docker;
  readonly info: DaemonInfo;
  readonly builder: Builder;
  readonly source: SourceFacts;
  readonly tokens: TokenKeeper | undefined;
}

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
  const { plan } = tools;
  const found = await phase('preflight', tools, () => preflight(tools));
  const repository = await phase('login', tools, () => login(tools, found));
  if (plan.mode === 'check') return { kind: 'checked' };
  const built = await phase('build', tools, () => buildImage(tools, found));
  const result = {
    ...built,
    builder: found.builder.name,
    daemon: found.info,
    endpoint: plan.daemon.display.value,
  };
  if (plan.mode === 'build') return { kind: 'built', result, refs: await keepTags(tools, found, repository, built) };
  await phase('push', tools, () => push(tools, found, repository, built));
  await phase('verify', tools, () => verifyPushed(tools, found));
  return { kind: 'pushed', result, pushed: tools.ledger.pushed };
}

export async function phase<T>(name: Phase, tools: RunTools, work: () => Promise<T>): Promise<T> {
  tools.signal.throwIfAborted();
  tools.report({ type: 'phase-started', phase: name });
  try {
    const value = await work();
    tools.report({ type: 'phase-ended', phase: name, ok: true });
    return value;
  } catch (error) {
    tools.report({ type: 'phase-ended', phase: name, ok: false });
    throw error;
  }
}

async function preflight(tools: RunTools): Promise<Preflight> {
  const { plan, ports, report, signal, ledger } = tools;
  // The job's own files first: what is wrong there needs no daemon and no AWS to be told.
  const source = await ports.sources.inspect(plan.build, plan.files.jobFolder, signal);
  const docker = await ports.openDocker(plan, ports.mask);
  tools.docker = docker;
  const ecr = needsAws(plan, source) ? await ports.openEcr(plan.aws, plan.repository, ports.mask) : undefined;
  const tokens = ecr && new TokenKeeper(ecr, ports.clock, report);
  tokens?.prepare(signal); // beside the look-ups: it needs none of their answers
  const [daemon, builder, cloud] = await Promise.allSettled([
    inspectDaemon(plan, docker, report, signal),
    docker.chooseBuilder(plan.build, report, signal),
    ecr === undefined ? undefined : inspectAws(plan, ecr, report, signal),
  ]);
  // Both lines are tried before either error is thrown, so that the drawing shows what is proven.
  if (daemon.status === 'fulfilled') {
    ledger.daemonProven = `${plan.daemon.display.value} (Engine ${daemon.value.engineVersion})`;
  }
  if (cloud.status === 'fulfilled') ledger.awsProven = cloud.value?.identity;
  if (daemon.status === 'rejected') throw daemon.reason;
  if (builder.status === 'rejected') throw builder.reason;
  if (cloud.status === 'rejected') throw cloud.reason;
  await checkPlatform(plan, daemon.value, source, docker, report, signal);
  const host = plan.repository.host ?? cloud.value?.repository?.host;
  for (const [tag, digest] of cloud.value?.previous ?? []) ledger.previous.set(tag, digest);
  ledger.registry = host;
  tokens?.nameHost(host);
  return { docker, info: daemon.value, builder: builder.value, source, tokens };
}

async function login(tools: RunTools, found: Preflight): Promise<Repository> {
  const { plan, ports, report, signal, ledger } = tools;
  const { path } = plan.repository;
  if (found.tokens === undefined) return { host: plan.repository.host ?? '', path };
  const held = await authenticate(found.tokens, found.docker, ports.clock, report, signal);
  ledger.registry = held.host;
  ledger.registryProven = true;
  return { host: held.host, path };
}

async function buildImage(tools: RunTools, found: Preflight): Promise<BuiltImage> {
  const { plan, report, signal, ledger } = tools;
  const ref = `gocd-ecr-task/run:${plan.run.taskKey}-${uniquePart(tools)}`;
  await found.tokens?.current(signal); // a queue before us may have eaten the token's time
  const request: BuildRequest = {
    ref,
    cacheRef: cacheRefOf(plan),
    plan: plan.build,
    source: found.source,
    jobFolder: plan.files.jobFolder,
    outputs: plan.files.outputs,
    login: (host) => (found.tokens?.held?.host === host ? found.tokens.held : undefined),
  };
  ledger.claim(ref, false);
  report({ type: 'build-started', builder: found.builder.name, context: plan.build.context });
  const built = await build(request, found.builder, found.docker, report, signal);
  tools.built = built;
  return built;
}

export function cacheRefOf(plan: Plan): string {
  return `gocd-ecr-task/cache:${plan.run.taskKey}`;
}

/** Two runs of one task on one daemon at the same moment must not share a ref. */
function uniquePart({ ports: { clock } }: RunTools): string {
  const chance = Math.floor(clock.random() * 2 ** 40).toString(36);
  return `${clock.now().toString(36)}-${chance}`;
}

/** Mode=build: the image stays under the names that it would have been pushed as. */
async function keepTags(
  tools: RunTools,
  found: Preflight,
  repository: Repository,
  built: BuiltImage,
): Promise<readonly string[]> {
  const refs = tools.plan.tags.map((tag) => refName({ repository, tag }));
  for (const ref of refs) await found.docker.tag(built.imageId, ref, tools.signal);
  return refs;
}

async function push(tools: RunTools, found: Preflight, repository: Repository, built: BuiltImage): Promise<void> {
  const { plan, ports, report, signal, ledger } = tools;
  if (found.tokens === undefined) return;
  const pushTools = { docker: found.docker, tokens: found.tokens, clock: ports.clock, report, ledger };
  // One after another: the daemon parallelises layers, and parallel pushes of a fresh image fail on some registries.
  for (const tag of plan.tags) await pushTag({ repository, tag }, built.imageId, pushTools, signal);
}

async function verifyPushed(tools: RunTools, found: Preflight): Promise<void> {
  if (found.tokens === undefined) return;
  const held = await found.tokens.current(tools.signal);
  await verify(tools.ledger.pushed, held, found.docker, tools.report, tools.signal);
}
