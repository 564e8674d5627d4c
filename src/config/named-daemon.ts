import type { Sourced } from '../domain/origin';
import type { PemPlan } from '../domain/plan';
import { parseDockerHost, TLS_PORT, type DockerHost } from './docker-host';
import { Fault } from './fault';
import { isAbsolute } from './path-text';
import { quote } from './quote';

/** A daemon that the agent names. Its address and its TLS are of one level: never a file's with a property's. */
export interface NamedDaemon {
  /** What a task writes in DockerHost; `tcp://host:port` itself where only `.plaintext` is set for that address. */
  readonly name: string;
  readonly host: Exclude<DockerHost, { kind: 'name' }>;
  /** As it was written. */
  readonly url: Sourced<string>;
  /** Absolute path of a folder with ca.pem, cert.pem and key.pem. */
  readonly certs: Sourced<string> | undefined;
  /** `.ca`, `.cert`, `.key` of the settings file: never beside `certs`. */
  readonly pem: PemPlan | undefined;
  /** `.platform`: what field Platform is when it is blank and this daemon builds. */
  readonly platform: Sourced<string> | undefined;
  readonly plaintext: boolean;
}

/** The settings of one daemon: `daemon.<name>`, `.certs` and `.plaintext`. */
export interface DaemonParts {
  url?: string;
  certs?: string;
  plaintext?: string;
}

/** What is wrong with one of the settings of a daemon. */
export interface PartFault {
  readonly part: keyof DaemonParts;
  readonly message: string;
}

type Source = (key: string, value: string) => Sourced<string>;

export function readDaemon(name: string, parts: DaemonParts, source: Source): NamedDaemon | readonly PartFault[] {
  const url = parts.url ?? (name.includes('://') ? name : undefined);
  const part = parts.certs === undefined ? 'plaintext' : 'certs';
  if (url === undefined) return [{ part, message: `has no daemon.${name} beside it, which names the address` }];
  const host = parseDockerHost(url);
  if (host instanceof Fault) return [{ part: 'url', message: `${quote(url)} ${host.message}` }];
  if (host.kind === 'name')
    return [{ part: 'url', message: `${quote(url)} is none of unix:///path, tcp://host:port and ssh://user@host` }];
  const faults = [...valueFaults(parts), ...contradictions(host, parts)];
  if (faults.length > 0) return faults;
  return {
    name,
    host,
    url: source(`daemon.${name}`, url),
    certs: parts.certs === undefined ? undefined : source(`daemon.${name}.certs`, parts.certs),
    pem: undefined,
    platform: undefined,
    plaintext: parts.plaintext === 'true',
  };
}

function valueFaults({ certs, plaintext }: DaemonParts): PartFault[] {
  const faults: PartFault[] = [];
  if (certs !== undefined && !isAbsolute(certs)) {
    faults.push({ part: 'certs', message: `${quote(certs)} is not an absolute path` });
  }
  if (plaintext !== undefined && plaintext !== 'true' && plaintext !== 'false') {
    faults.push({ part: 'plaintext', message: `${quote(plaintext)} is not one of true, false` });
  }
  return faults;
}

function contradictions(host: NamedDaemon['host'], { certs, plaintext }: DaemonParts): PartFault[] {
  if (host.kind !== 'tcp') {
    const why = host.kind === 'unix' ? 'a socket crosses no network' : 'ssh has keys and a protection of its own';
    const message = `is for a daemon on tcp://: ${why}`;
    const parts = [
      ...(certs === undefined ? [] : ['certs' as const]),
      ...(plaintext === 'true' ? ['plaintext' as const] : []),
    ];
    return parts.map((part) => ({ part, message }));
  }
  if (plaintext !== 'true') return [];
  if (certs !== undefined) return [{ part: 'plaintext', message: 'contradicts .certs: certificates are for TLS' }];
  const message = `contradicts port ${TLS_PORT}, which is for TLS`;
  return host.port === TLS_PORT ? [{ part: 'plaintext', message }] : [];
}
