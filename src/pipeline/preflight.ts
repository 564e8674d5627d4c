import type { DaemonInfo } from '../domain/daemon-info';
import { ahead, HeldReport } from './ahead';
import type { Builder, Docker, Ecr, RegistryLogin, SourceFacts } from './ports';
import type { RunTools } from './run-tools';
import { authenticate, TokenKeeper } from './steps/authenticate';
import { Logins } from './steps/logins';
import { checkPlatform, findBases, type LocalBases } from './steps/platform';
import {
  inspectAws,
  inspectDaemon,
  needsAws,
  startLookUps,
  type AwsFacts,
  type AwsNeeds,
  type LookUps,
} from './steps/preflight';

/** What a run knows before it builds. */
export interface Preflight {
  readonly docker: Docker;
  readonly info: DaemonInfo;
  readonly builder: Builder;
  readonly source: SourceFacts;
  readonly logins: Logins;
  readonly registry: RegistryEntry | undefined;
}

/** The way into the registry that is pushed to. The daemon tries it beside the look-ups; told in the login's phase. */
export interface RegistryEntry {
  readonly tokens: TokenKeeper;
  readonly login: Promise<RegistryLogin>;
  readonly held: HeldReport;
}

/** Everything that can be asked before the build, side by side: nothing waits but for what it needs. */
export async function preflight(tools: RunTools): Promise<Preflight> {
  const { plan, ports, report, signal, ledger } = tools;
  // The job's own files first: what is wrong there needs no daemon and no AWS to be told.
  const source = await ports.sources.inspect(plan.build, plan.files.jobFolder, signal);
  const needs = needsAws(plan, source);
  const { docker, ecr } = await open(tools, needs);
  const logins = new Logins(plan.build, source, ecr, ports.clock);
  const lookUps = ecr && needs.registry ? startLookUps(plan, ecr, signal) : undefined;
  logins.prepare(signal);
  const daemon = ahead(inspectDaemon(plan, docker, report, signal));
  const registry = ecr && lookUps && enter(tools, docker, ecr, daemon, lookUps);
  const found = await Promise.allSettled([
    daemon,
    docker.chooseBuilder(plan.build, report, signal),
    ecr && lookUps && inspectAws(plan, ecr, lookUps, report),
    findBases(source, docker, signal),
  ]);
  const { info, builder, cloud, bases } = proven(tools, ...found);
  checkPlatform(plan, info, bases, report);
  for (const [tag, digest] of cloud?.previous ?? []) ledger.previous.set(tag, digest);
  ledger.registry = plan.repository.host ?? (await lookUps?.repository)?.host;
  return { docker, info, builder, source, logins, registry };
}

/** Both are opened before an error of either is thrown: what is open must be closed. Nothing is sent yet. */
async function open(
  tools: RunTools,
  needs: AwsNeeds,
): Promise<{ readonly docker: Docker; readonly ecr: Ecr | undefined }> {
  const { plan, ports } = tools;
  const [docker, ecr] = await Promise.allSettled([
    ports.openDocker(plan, ports.mask),
    needs.registry || needs.logins ? ports.openEcr(plan.aws, plan.repository, ports.mask) : undefined,
  ]);
  if (docker.status === 'fulfilled') tools.docker = docker.value;
  if (docker.status === 'rejected') throw docker.reason;
  if (ecr.status === 'rejected') throw ecr.reason;
  return { docker: docker.value, ecr: ecr.value };
}

/** The token is asked for at once, and shown to the daemon as soon as that has proved to be one. */
function enter(tools: RunTools, docker: Docker, ecr: Ecr, daemon: Promise<unknown>, lookUps: LookUps): RegistryEntry {
  const { plan, ports, signal } = tools;
  const held = new HeldReport(tools.report);
  const tokens = new TokenKeeper(ecr, ports.clock, held.report);
  tokens.prepare(signal);
  const logIn = async (): Promise<RegistryLogin> => {
    await daemon;
    const repository = await lookUps.repository; // where there is none, there is nothing to log in for
    tokens.nameHost(plan.repository.host ?? repository?.host);
    return authenticate(tokens, docker, ports.clock, held.report, signal);
  };
  return { tokens, held, login: ahead(logIn()) };
}

/** Both lines are tried before either error is thrown, so that the drawing shows what is proven. */
function proven(
  { plan, ledger }: RunTools,
  daemon: PromiseSettledResult<DaemonInfo>,
  builder: PromiseSettledResult<Builder>,
  cloud: PromiseSettledResult<AwsFacts | undefined>,
  bases: PromiseSettledResult<LocalBases>,
): { info: DaemonInfo; builder: Builder; cloud: AwsFacts | undefined; bases: LocalBases } {
  if (daemon.status === 'fulfilled') {
    ledger.daemonProven = `${plan.daemon.display.value} (Engine ${daemon.value.engineVersion})`;
  }
  if (cloud.status === 'fulfilled') ledger.awsProven = cloud.value?.identity;
  if (daemon.status === 'rejected') throw daemon.reason;
  if (builder.status === 'rejected') throw builder.reason;
  if (cloud.status === 'rejected') throw cloud.reason;
  if (bases.status === 'rejected') throw bases.reason;
  return { info: daemon.value, builder: builder.value, cloud: cloud.value, bases: bases.value };
}
