import type { Origin, Sourced } from '../domain/origin';
import { describeOrigin } from '../domain/origin';
import type { DaemonTarget } from '../domain/plan';
import { findHost, type Located } from './daemon-host';
import type { DaemonSources } from './daemon-sources';
import { onSsh } from './daemon-ssh';
import { contextTls, decideTls, namedTls, type TcpDaemon } from './daemon-tls';
import { losers } from './daemon-losers';
import type { Finding } from './finding';
import { nearNames } from './near';
import { daemonNamed, type NamedDaemon } from './settings';

/** undefined: there are problems. */
export interface DaemonDecision {
  readonly target: DaemonTarget | undefined;
  /** The daemon of the agent's settings that was named. */
  readonly named?: NamedDaemon;
  readonly problems: readonly Finding[];
  readonly notes: readonly string[];
}

/** Host and TLS come from whoever named the address, and from nobody else. */
export function daemonTarget(sources: DaemonSources): DaemonDecision {
  const found = findHost(sources);
  if ('problem' in found) return { target: undefined, problems: [found.problem], notes: [] };
  const { host, origin, context } = found;
  if (host.kind === 'name') return named(sources, host.name, found);
  const notes = losers(sources, found, origin);
  if (host.kind === 'unix') return onSocket(sources, host.socketPath, origin, notes);
  if (host.kind === 'ssh') return onSsh(sources, host, origin, notes);
  const daemon = context === undefined ? decideTls(host, origin, sources) : contextTls(host, context, sources);
  return onTcp(sources, daemon, origin, notes);
}

function named(sources: DaemonSources, name: string, found: Located): DaemonDecision {
  const daemon = daemonNamed(sources.settings, name);
  if (!daemon) return { target: undefined, problems: [noSuchName(sources, name, found.origin)], notes: [] };
  const { origin } = daemon.url;
  const notes = losers(sources, found, origin);
  const decide = (): DaemonDecision => {
    if (daemon.host.kind === 'unix') return onSocket(sources, daemon.host.socketPath, origin, notes);
    if (daemon.host.kind === 'ssh') return onSsh(sources, daemon.host, origin, notes);
    return onTcp(sources, namedTls(daemon, daemon.host, sources), origin, notes);
  };
  return { ...decide(), named: daemon };
}

function noSuchName({ settings, quote }: DaemonSources, name: string, origin: Origin): Finding {
  const names = settings.daemons.map((daemon: NamedDaemon) => daemon.name);
  const [near] = nearNames(name, names);
  const known = names.length > 0 ? `they name ${names.join(', ')}` : 'they name none';
  const advice = near === undefined ? `add daemon.${name} there, or write tcp://host:port` : `did you mean ${near}?`;
  const message = `${quote(name)} (${describeOrigin(origin)}) is not a daemon in the agent's settings: ${known}; ${advice}`;
  return { field: fieldOf(origin), message };
}

function onSocket(
  sources: DaemonSources,
  socketPath: string,
  origin: Origin,
  notes: readonly string[],
): DaemonDecision {
  const display: Sourced<string> = { value: `unix://${socketPath}`, origin };
  const problems = foreignTls(sources, undefined, display);
  return { target: problems.length > 0 ? undefined : { kind: 'unix', socketPath, display }, problems, notes };
}

function onTcp(sources: DaemonSources, daemon: TcpDaemon, origin: Origin, notes: readonly string[]): DaemonDecision {
  const display: Sourced<string> = { value: daemon.url, origin };
  const problems = [...daemon.problems, ...foreignTls(sources, daemon, display)];
  const { host, port, tls } = daemon;
  return { target: problems.length > 0 ? undefined : { kind: 'tcp', host, port, tls, display }, problems, notes };
}

/** The task's TLS fields with a daemon that is not the task's: they may agree with it, never change it. */
function foreignTls({ task }: DaemonSources, daemon: TcpDaemon | undefined, display: Sourced<string>): Finding[] {
  const { kind } = display.origin;
  if (kind === 'field' || kind === 'job-variable') return [];
  const where = `${display.value} (${describeOrigin(display.origin)})`;
  const problems: Finding[] = [];
  if (task.tlsVerify !== undefined && task.tlsVerify !== (daemon?.tls?.verify ?? false)) {
    const message = `${task.tlsVerify} is not how ${where} is reached: its TLS is set where its address is, or set DockerHost too`;
    problems.push({ field: 'TlsVerify', message });
  }
  const oneSide = `is the task's, and the daemon is ${where}: an address and its certificates come from one side, so set DockerHost too`;
  if (task.certPath !== undefined) problems.push({ field: 'CertPath', message: `${task.certPath} ${oneSide}` });
  for (const [field, variable] of task.tlsPem) problems.push({ field, message: `job variable ${variable} ${oneSide}` });
  return problems;
}

function fieldOf(origin: Origin): string {
  return 'name' in origin ? origin.name : 'DockerHost';
}
