import { describeOrigin, type Origin, type Sourced } from '../domain/origin';
import type { TlsPlan } from '../domain/plan';
import type { DaemonSources } from './daemon-sources';
import { sideOf, type Side } from './daemon-side';
import { contextOrigin, type DockerContext } from './docker-context';
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
  const tls = wanted.on ? { certPath, ...(side.pem && { pem: side.pem }), verify: wanted.verify } : undefined;
  const display: Sourced<string> = { value: url, origin };
  const halves = halfTls(display, port, wanted, certPath, side);
  const problems = halves.length > 0 ? halves : exposed(address.host, display, wanted, side, sources);
  return { host: address.host, port, url, tls, problems };
}

/** Non-empty is what counts: DOCKER_TLS_VERIFY=0 switches TLS on in the docker CLI too. */
function wantedTls({ kind, variables, verify }: Side): Wanted {
  if (verify !== undefined) return { on: verify.value, verify: true, by: verify.origin };
  for (const name of ['DOCKER_TLS_VERIFY', 'DOCKER_TLS']) {
    if ((variables.get(name) ?? '') !== '')
      return { on: true, verify: name === 'DOCKER_TLS_VERIFY', by: { kind, name } };
  }
  return { on: false, verify: false, by: undefined };
}

/** As the docker CLI: DOCKER_CERT_PATH, else its configuration's folder, which DOCKER_CONFIG names; only the agent has one. */
function certPathOf({ kind, variables, certPath, pem }: Side, wanted: Wanted): Sourced<string> | undefined {
  if (certPath !== undefined || pem !== undefined) return certPath;
  const variable = variables.get('DOCKER_CERT_PATH') ?? '';
  if (variable !== '') return { value: variable, origin: { kind, name: 'DOCKER_CERT_PATH' } };
  if (kind === 'job-variable' || !wanted.on || !wanted.verify) return undefined;
  const config = variables.get('DOCKER_CONFIG') ?? '';
  if (config !== '') return { value: config, origin: { kind, name: 'DOCKER_CONFIG' } };
  const home = variables.get('HOME') ?? '';
  return home === '' ? undefined : { value: `${home}/.docker`, origin: { kind: 'built-in' } };
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
  const pem = side.pem?.ca ?? side.pem?.cert;
  if (pem) {
    const field = side.pem?.ca === undefined ? 'TlsCert' : 'TlsCa';
    return [{ field, message: `${describeOrigin(pem.origin)} holds a certificate for ${daemon}, and ${off}` }];
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
  const on = daemon.certs !== undefined || daemon.pem !== undefined || address.port === TLS_PORT;
  const port = address.port ?? (on ? TLS_PORT : PLAIN_PORT);
  const display: Sourced<string> = { value: tcpUrl(address.host, port), origin: daemon.url.origin };
  const found = on ? undefined : plaintextFinding('DockerHost', address.host, display, settings, '');
  const tls = on ? { certPath: daemon.certs, ...(daemon.pem && { pem: daemon.pem }), verify: true } : undefined;
  return { host: address.host, port, url: display.value, tls, problems: found ? [found] : [] };
}

/** A docker context: TLS where it has certificates, and where its port is the one for TLS. */
export function contextTls(address: Address, context: DockerContext, sources: DaemonSources): TcpDaemon {
  const on = context.tlsFolder !== undefined || context.skipTlsVerify || address.port === TLS_PORT;
  const port = address.port ?? (on ? TLS_PORT : PLAIN_PORT);
  const origin = contextOrigin(context.name);
  const display: Sourced<string> = { value: tcpUrl(address.host, port), origin };
  const certPath = context.tlsFolder === undefined ? undefined : { value: context.tlsFolder, origin };
  const verify = !context.skipTlsVerify;
  const advice = `make that context anew with its certificates (docker context update ${context.name})`;
  const found = on
    ? unverifiedFinding('DOCKER_CONTEXT', address.host, display, verify, advice)
    : plaintextFinding('DOCKER_CONTEXT', address.host, display, sources.settings, advice);
  const tls = on ? { certPath, verify } : undefined;
  return { host: address.host, port, url: display.value, tls, problems: found ? [found] : [] };
}
