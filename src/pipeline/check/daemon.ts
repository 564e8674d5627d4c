import type { DaemonInfo, DiskUse, LocalImage } from '../../domain/daemon-info';
import { StepError } from '../../domain/errors';
import { describeOrigin } from '../../domain/origin';
import type { DaemonTarget } from '../../domain/plan';
import type { Docker } from '../ports';
import type { RunTools } from '../run-tools';
import { inspectSource } from '../steps/source';
import type { HopName, Hops, Telling, Tried } from './hops';

export interface CheckedDaemon {
  readonly docker: Tried<Docker>;
  readonly info: Tried<DaemonInfo>;
}

const hop = (name: string): HopName => ({ name, hop: 'agent-daemon' });

/** Does anything listen; what is it; how is it set up. */
export async function checkDaemon(hops: Hops, tools: RunTools): Promise<CheckedDaemon> {
  const docker = await hops.try(hop('endpoint'), (telling) => reach(tools, telling));
  const info = await hops.try(hop('version'), (telling) => describe(tools, docker.get(), telling));
  await hops.try(hop('info'), async ({ report }) => {
    const [daemon, from] = [docker.get(), info.get()];
    const { value, origin } = tools.plan.daemon.display;
    const use = await diskUse(daemon, tools.signal);
    report({ type: 'daemon-described', info: from, endpoint: value, origin: describeOrigin(origin) });
    report({ type: 'disk-described', use });
    for (const text of from.warnings) report({ type: 'note', text: `the daemon warns: ${text}` });
  });
  return { docker, info };
}

async function reach(tools: RunTools, telling: Telling): Promise<Docker> {
  const { plan, ports, signal } = tools;
  const { value, origin } = plan.daemon.display;
  telling.farEnd = value;
  telling.facts.push(`${value} (${describeOrigin(origin)})${transportText(plan.daemon)}`);
  const docker = await ports.openDocker(plan, ports.mask);
  tools.docker = docker;
  await docker.reach(signal);
  return docker;
}

function transportText(daemon: DaemonTarget): string {
  if (daemon.kind !== 'tcp') return '';
  if (daemon.tls === undefined) return ', without TLS';
  const { verify, certPath } = daemon.tls;
  const files =
    certPath === undefined ? '' : `, certificates of ${certPath.value} (${describeOrigin(certPath.origin)})`;
  return `, ${verify ? 'verified TLS' : 'TLS that is not verified'}${files}`;
}

async function describe(
  { plan, ports, signal, ledger }: RunTools,
  docker: Docker,
  telling: Telling,
): Promise<DaemonInfo> {
  const info = await docker.describe(signal);
  const engine = `${info.product === 'Docker' ? 'Engine' : info.product} ${info.engineVersion}`;
  telling.farEnd = `${plan.daemon.display.value} (${engine})`;
  ledger.daemonProven = telling.farEnd;
  telling.facts.push(
    `${engine}, API ${info.apiVersion} (from ${info.minApiVersion}), ${info.os}/${info.arch}`,
    `client: gocd-ecr-task ${ports.version}; it asks without a version, and the daemon speaks its newest`,
  );
  return info;
}

/** Where there is much, a daemon counts for long; nothing fails for that. */
async function diskUse(docker: Docker, signal: AbortSignal): Promise<DiskUse | undefined> {
  try {
    return await docker.diskUse(signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof StepError)) throw error;
    return undefined;
  }
}

/** Which builder would build; with field Source, the image that is there instead, which is what is answered. */
export async function checkMaker(
  hops: Hops,
  tools: RunTools,
  { docker, info }: CheckedDaemon,
): Promise<Tried<LocalImage>> {
  const { plan, signal } = tools;
  const { source } = plan;
  if (source !== undefined) {
    return hops.try(hop('source'), async ({ report }) => {
      info.get();
      return inspectSource(source, docker.get(), report, signal);
    });
  }
  return hops.try<never>(hop('builder'), async ({ report }) => {
    info.get();
    await docker.get().chooseBuilder(plan.build, report, signal);
    return undefined as never;
  });
}
