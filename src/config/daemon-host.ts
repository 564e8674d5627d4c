import { describeOrigin, type Origin } from '../domain/origin';
import { contextOrigin, type DockerContext } from './docker-context';
import type { DaemonSources } from './daemon-sources';
import { ofLevel } from './defaults';
import { parseDockerHost, type DockerHost } from './docker-host';
import { Fault } from './fault';
import type { Finding } from './finding';

/** An address, and who has named it. */
export interface Located {
  readonly host: DockerHost;
  readonly origin: Origin;
  /** Of an origin that is a docker context. */
  readonly context?: DockerContext;
}

type Found = Located | { readonly problem: Finding };

const BUILT_IN = '/var/run/docker.sock';

/**
 * First match wins: field, job variable, the agent's file, its environment, its docker context, the server's properties,
 * and the built-in socket where the agent allows that.
 */
export function findHost(sources: DaemonSources): Found {
  const { task, job, agent, defaults } = sources;
  if (task.dockerHost) return { host: task.dockerHost.value, origin: { kind: 'field', name: 'DockerHost' } };
  const fromDefault = (level: 'settings-file' | 'server-property'): Found | undefined => {
    const [found] = ofLevel(defaults.dockerHost, level);
    return found && { host: found.value, origin: found.origin };
  };
  return (
    fromVariable('job-variable', job, sources) ??
    fromDefault('settings-file') ??
    fromVariable('agent-environment', agent, sources) ??
    fromContext(sources) ??
    fromDefault('server-property') ??
    builtIn(sources)
  );
}

function fromVariable(
  kind: 'job-variable' | 'agent-environment',
  variables: ReadonlyMap<string, string>,
  { quote }: DaemonSources,
): Found | undefined {
  const text = variables.get('DOCKER_HOST')?.trim() ?? '';
  if (text === '') return undefined;
  const origin: Origin = { kind, name: 'DOCKER_HOST' };
  const host = parseDockerHost(text);
  if (!(host instanceof Fault)) return { host, origin };
  return { problem: { field: 'DOCKER_HOST', message: `${quote(text)} (${describeOrigin(origin)}) ${host.message}` } };
}

/** A name in a context would be one of this plugin's settings, which docker does not know. */
function fromContext({ context, quote }: DaemonSources): Found | undefined {
  if (context === undefined) return undefined;
  if ('problem' in context) return { problem: { field: 'DOCKER_CONTEXT', message: context.problem } };
  const host = parseDockerHost(context.host);
  const isAddress = !(host instanceof Fault) && host.kind !== 'name';
  if (isAddress) return { host, origin: contextOrigin(context.name), context };
  const fault = host instanceof Fault ? host.message : 'is no address of a daemon';
  const message = `docker context ${context.name} (${context.namedBy}) has the address ${quote(context.host)}, which ${fault}`;
  return { problem: { field: 'DOCKER_CONTEXT', message } };
}

function builtIn({ settings }: DaemonSources): Found {
  const { daemonRequired } = settings;
  if (daemonRequired === undefined)
    return { host: { kind: 'unix', socketPath: BUILT_IN }, origin: { kind: 'built-in' } };
  const message = `is blank, and this agent has no daemon of its own: ${describeOrigin(daemonRequired)} is true. Name one, by its address or by a name from the agent's settings`;
  return { problem: { field: 'DockerHost', message } };
}
