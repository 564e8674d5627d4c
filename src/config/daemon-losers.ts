import { describeOrigin, type Origin } from '../domain/origin';
import type { Located } from './daemon-host';
import type { DaemonSources } from './daemon-sources';

const TLS_VARIABLES = ['DOCKER_TLS_VERIFY', 'DOCKER_TLS', 'DOCKER_CERT_PATH'];

/** What is set and does not count, because the address came from elsewhere. */
export function losers(sources: DaemonSources, { host, origin }: Located, by: Origin): string[] {
  const { job, agent } = sources;
  const winner = by.kind === 'built-in' ? 'the built-in socket' : describeOrigin(by);
  const isNotUsed = `is not used: the daemon and its TLS come from ${winner}`;
  const lost = (variables: ReadonlyMap<string, string>, names: readonly string[], side: string): string[] =>
    names.filter((name) => (variables.get(name) ?? '') !== '').map((name) => `${side} ${name} ${isNotUsed}`);
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
    ...lost(job, [...names(hostOfJob, tlsOfJob), 'DOCKER_CONTEXT'], 'job variable'),
    ...lost(agent, names(hostOfAgent, tlsOfAgent), 'agent environment'),
    ...lostDefaults(sources, origin).map((where) => `${where} ${isNotUsed}`),
  ];
}

/** A default of the daemon goes with `default.DockerHost` of its level, and alone with nothing. */
function lostDefaults({ defaults }: DaemonSources, origin: Origin): string[] {
  return [defaults.tlsVerify, defaults.certPath].flatMap((found) =>
    found === undefined || found.origin.kind === origin.kind ? [] : [describeOrigin(found.origin)],
  );
}
