import type { Origin, Sourced } from '../domain/origin';
import { describeOrigin } from '../domain/origin';
import type { DaemonTarget } from '../domain/plan';
import type { DaemonSources } from './daemon-sources';
import { onSsh } from './daemon-ssh';
import { decideTls, namedTls, type TcpDaemon } from './daemon-tls';
import { parseDockerHost, type DockerHost } from './docker-host';
import { Fault } from './fault';
import type { Finding } from './finding';
import { nearNames } from './near';
import { daemonNamed, type NamedDaemon } from './settings';

/** undefined: there are problems. */
export interface DaemonDecision {
  readonly target: DaemonTarget | undefined;
  readonly problems: readonly Finding[];
  readonly notes: readonly string[];
}

const BUILT_IN = '/var/run/docker.sock';

/** First match wins: field, job variable, agent's environment, built-in. Host and TLS come from the one that won. */
export function daemonTarget(sources: DaemonSources): DaemonDecision {
  const found = findHost(sources);
  if ('problem' in found) return { target: undefined, problems: [found.problem], notes: [] };
  const { host, origin } = found;
  if (host.kind === 'name') return named(sources, host.name, origin);
  const notes = losers(sources, found, origin);
  if (host.kind === 'unix') return onSocket(sources, host.socketPath, origin, notes);
  if (host.kind === 'ssh') return onSsh(sources, host, origin, notes);
  return onTcp(sources, decideTls(host, origin, sources), origin, notes);
}

interface Located {
  readonly host: DockerHost;
  readonly origin: Origin;
}

function findHost({ task, job, agent, quote }: DaemonSources): Located | { readonly problem: Finding } {
  if (task.dockerHost) return { host: task.dockerHost.value, origin: { kind: 'field', name: 'DockerHost' } };
  const levels = [
    { kind: 'job-variable', variables: job },
    { kind: 'agent-environment', variables: agent },
  ] as const;
  for (const { kind, variables } of levels) {
    const text = variables.get('DOCKER_HOST')?.trim() ?? '';
    if (text === '') continue;
    const origin: Origin = { kind, name: 'DOCKER_HOST' };
    const host = parseDockerHost(text);
    if (!(host instanceof Fault)) return { host, origin };
    return { problem: { field: 'DOCKER_HOST', message: `${quote(text)} (${describeOrigin(origin)}) ${host.message}` } };
  }
  return { host: { kind: 'unix', socketPath: BUILT_IN }, origin: { kind: 'built-in' } };
}

function named(sources: DaemonSources, name: string, from: Origin): DaemonDecision {
  const daemon = daemonNamed(sources.settings, name);
  if (!daemon) return { target: undefined, problems: [noSuchName(sources, name, from)], notes: [] };
  const { origin } = daemon.url;
  const notes = losers(sources, { host: { kind: 'name', name }, origin: from }, origin);
  if (daemon.host.kind === 'unix') return onSocket(sources, daemon.host.socketPath, origin, notes);
  if (daemon.host.kind === 'ssh') return onSsh(sources, daemon.host, origin, notes);
  return onTcp(sources, namedTls(daemon, daemon.host, sources), origin, notes);
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
  if (task.certPath !== undefined) {
    const message = `${task.certPath} is the task's, and the daemon is ${where}: an address and its certificates come from one side, so set DockerHost too`;
    problems.push({ field: 'CertPath', message });
  }
  return problems;
}

const TLS_VARIABLES = ['DOCKER_TLS_VERIFY', 'DOCKER_TLS', 'DOCKER_CERT_PATH'];

/** What is set and does not count, because the address came from elsewhere. */
function losers({ job, agent }: DaemonSources, { host, origin }: Located, by: Origin): string[] {
  const winner = by.kind === 'built-in' ? 'the built-in socket' : describeOrigin(by);
  const lost = (variables: ReadonlyMap<string, string>, names: readonly string[], side: string): string[] =>
    names
      .filter((name) => (variables.get(name) ?? '') !== '')
      .map((name) => `${side} ${name} is not used: the daemon and its TLS come from ${winner}`);
  // A named daemon's TLS is set where the name is; ssh has none.
  const hasTls = host.kind !== 'name' && host.kind !== 'ssh';
  const [hostOfJob, hostOfAgent] = [origin.kind === 'job-variable', origin.kind === 'agent-environment'];
  const tlsOfJob = hasTls && (origin.kind === 'field' || hostOfJob);
  const tlsOfAgent = hasTls && hostOfAgent;
  const names = (ofHost: boolean, ofTls: boolean): string[] => [
    ...(ofHost ? [] : ['DOCKER_HOST']),
    ...(ofTls ? [] : TLS_VARIABLES),
  ];
  return [
    ...lost(job, names(hostOfJob, tlsOfJob), 'job variable'),
    ...lost(agent, names(hostOfAgent, tlsOfAgent), 'agent environment'),
  ];
}

function fieldOf(origin: Origin): string {
  return 'name' in origin ? origin.name : 'DockerHost';
}
