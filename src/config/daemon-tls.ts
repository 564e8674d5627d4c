import { describeOrigin, type Origin, type Sourced } from '../domain/origin';
import type { TlsPlan } from '../domain/plan';
import type { DaemonSources } from './daemon-sources';
import { PLAIN_PORT, TLS_PORT, tcpUrl } from './docker-host';
import type { Finding } from './finding';
import { isAbsolute } from './path-text';
import { plaintextFinding, unverifiedFinding } from './plaintext';
import type { NamedDaemon } from './settings';

/** A daemon on tcp:// once its TLS is decided: the default port depends on it. */
export interface TcpDaemon {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly tls: TlsPlan | undefined;
  readonly problems: readonly Finding[];
}

interface Address {
  readonly host: string;
  readonly port: number | undefined;
}

/** The side that named the address; the other one has no say in its TLS. */
interface Side {
  readonly kind: 'job-variable' | 'agent-environment';
  readonly variables: ReadonlyMap<string, string>;
  readonly verify: boolean | undefined;
  readonly certPath: string | undefined;
  /** How TLS is switched on there. */
  readonly advice: string;
}

interface Wanted {
  readonly on: boolean;
  readonly verify: boolean;
  readonly by: Origin | undefined;
}

/** TLS as the docker CLI decides it, from the side that named the address. */
export function decideTls(address: Address, origin: Origin, sources: DaemonSources): TcpDaemon {
  const side = sideOf(origin, sources);
  const wanted = wantedTls(side);
  const certPath = certPathOf(side, wanted);
  const port = address.port ?? (wanted.on ? TLS_PORT : PLAIN_PORT);
  const url = tcpUrl(address.host, port);
  const tls = wanted.on ? { certPath, verify: wanted.verify } : undefined;
  const display: Sourced<string> = { value: url, origin };
  const halves = halfTls(display, port, wanted, certPath, side);
  const problems = halves.length > 0 ? halves : exposed(address.host, display, wanted, side, sources);
  return { host: address.host, port, url, tls, problems };
}

function sideOf(origin: Origin, { task, job, agent }: DaemonSources): Side {
  if (origin.kind === 'field' || origin.kind === 'job-variable') {
    const { tlsVerify: verify, certPath } = task;
    return { kind: 'job-variable', variables: job, verify, certPath, advice: 'set TlsVerify=true' };
  }
  const advice = "set DOCKER_TLS_VERIFY=1 in the agent's environment";
  return { kind: 'agent-environment', variables: agent, verify: undefined, certPath: undefined, advice };
}

/** Non-empty is what counts: DOCKER_TLS_VERIFY=0 switches TLS on in the docker CLI too. */
function wantedTls({ kind, variables, verify }: Side): Wanted {
  if (verify !== undefined) return { on: verify, verify: true, by: { kind: 'field', name: 'TlsVerify' } };
  for (const name of ['DOCKER_TLS_VERIFY', 'DOCKER_TLS']) {
    if ((variables.get(name) ?? '') !== '')
      return { on: true, verify: name === 'DOCKER_TLS_VERIFY', by: { kind, name } };
  }
  return { on: false, verify: false, by: undefined };
}

function certPathOf({ kind, variables, certPath }: Side, wanted: Wanted): Sourced<string> | undefined {
  if (certPath !== undefined) return { value: certPath, origin: { kind: 'field', name: 'CertPath' } };
  const variable = variables.get('DOCKER_CERT_PATH') ?? '';
  if (variable !== '') return { value: variable, origin: { kind, name: 'DOCKER_CERT_PATH' } };
  const home = variables.get('HOME') ?? '';
  if (kind === 'job-variable' || !wanted.on || !wanted.verify || home === '') return undefined;
  return { value: `${home}/.docker`, origin: { kind: 'built-in' } };
}

/** What says TLS where nothing switches it on: dockerode would speak plain HTTP here without a word. */
function halfTls(
  { value: url, origin }: Sourced<string>,
  port: number,
  wanted: Wanted,
  certPath: Sourced<string> | undefined,
  side: Side,
): Finding[] {
  if (certPath && side.kind === 'agent-environment' && !isAbsolute(certPath.value)) {
    return [
      {
        field: nameOf(certPath.origin),
        message: `${certPath.value} (${describeOrigin(certPath.origin)}) is not an absolute path`,
      },
    ];
  }
  if (wanted.on) return [];
  const daemon = `${url} (${describeOrigin(origin)})`;
  const off = wanted.by ? `TLS is off (${describeOrigin(wanted.by)})` : `nothing switches TLS on: ${side.advice}`;
  if (certPath) {
    const message = `${certPath.value} (${describeOrigin(certPath.origin)}) holds certificates for ${daemon}, and ${off}`;
    return [{ field: nameOf(certPath.origin), message }];
  }
  return port === TLS_PORT ? [{ field: nameOf(origin), message: `${daemon} is on the port for TLS, and ${off}` }] : [];
}

function exposed(
  host: string,
  display: Sourced<string>,
  wanted: Wanted,
  side: Side,
  { settings }: DaemonSources,
): Finding[] {
  const field = nameOf(display.origin);
  const found = wanted.on
    ? unverifiedFinding(field, host, display, wanted.verify, side.advice)
    : plaintextFinding(field, host, display, settings, side.advice);
  return found ? [found] : [];
}

function nameOf(origin: Origin): string {
  return 'name' in origin ? origin.name : 'DockerHost';
}

/** A daemon of the agent's settings: TLS iff they name its certificates or its port is the one for TLS. */
export function namedTls(daemon: NamedDaemon, address: Address, { settings }: DaemonSources): TcpDaemon {
  const on = daemon.certs !== undefined || address.port === TLS_PORT;
  const port = address.port ?? (on ? TLS_PORT : PLAIN_PORT);
  const display: Sourced<string> = { value: tcpUrl(address.host, port), origin: daemon.url.origin };
  const found = on ? undefined : plaintextFinding('DockerHost', address.host, display, settings, '');
  const tls = on ? { certPath: daemon.certs, ...(daemon.pem && { pem: daemon.pem }), verify: true } : undefined;
  return { host: address.host, port, url: display.value, tls, problems: found ? [found] : [] };
}
