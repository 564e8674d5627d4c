import type { Sourced } from '../domain/origin';
import type { PemPlan } from '../domain/plan';
import { parseDockerHost, TLS_PORT, type DockerHost } from './docker-host';
import { Fault } from './fault';
import { isAbsolute } from './path-text';
import type { DaemonParts, PartFault } from './daemon-parts';
import { pemFaults, pemOf } from './pem-parts';
import { quote } from './quote';
import { keyOf, type Part } from './settings-keys';
import { parsePlatform } from './grammar';

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

type Source = <T>(key: string, value: T) => Sourced<T>;

export function readDaemon(name: string, parts: DaemonParts, source: Source): NamedDaemon | readonly PartFault[] {
  const url = parts.url ?? (name.includes('://') ? name : undefined);
  if (url === undefined) {
    const part = PARTS_THAT_NEED_URL.find((one) => parts[one] !== undefined) ?? 'plaintext';
    return [{ part, message: `has no daemon.${name} beside it, which names the address` }];
  }
  const host = parseDockerHost(url);
  if (host instanceof Fault) return [{ part: 'url', message: `${quote(url)} ${host.message}` }];
  if (host.kind === 'name')
    return [{ part: 'url', message: `${quote(url)} is none of unix:///path, tcp://host:port and ssh://user@host` }];
  const faults = [...valueFaults(parts), ...pemFaults(parts), ...contradictions(host, parts)];
  if (faults.length > 0) return faults;
  const given = (part: Part): Sourced<string> | undefined => {
    const text = parts[part];
    return text === undefined ? undefined : source(keyOf(name, part), text);
  };
  return {
    name,
    host,
    url: source(keyOf(name, 'url'), url),
    certs: given('certs'),
    pem: pemOf(parts, (part, value) => source(keyOf(name, part), value)),
    platform: platformOf(given('platform')),
    plaintext: parts.plaintext === 'true',
  };
}

function platformOf(typed: Sourced<string> | undefined): Sourced<string> | undefined {
  const value = typed && parsePlatform(typed.value);
  return typed === undefined || value === undefined || value instanceof Fault ? undefined : { ...typed, value };
}

const PARTS_THAT_NEED_URL = ['certs', 'ca', 'cert', 'key', 'platform', 'plaintext'] as const;

function valueFaults({ certs, plaintext, platform }: DaemonParts): PartFault[] {
  const faults: PartFault[] = [];
  if (certs !== undefined && !isAbsolute(certs)) {
    faults.push({ part: 'certs', message: `${quote(certs)} is not an absolute path` });
  }
  if (plaintext !== undefined && plaintext !== 'true' && plaintext !== 'false') {
    faults.push({ part: 'plaintext', message: `${quote(plaintext)} is not one of true, false` });
  }
  const parsed = platform === undefined ? undefined : parsePlatform(platform);
  if (parsed instanceof Fault) faults.push({ part: 'platform', message: `${quote(platform ?? '')} ${parsed.message}` });
  return faults;
}

const OF_TLS = ['certs', 'ca', 'cert', 'key'] as const;

function contradictions(host: NamedDaemon['host'], parts: DaemonParts): PartFault[] {
  const tls = OF_TLS.filter((part) => parts[part] !== undefined);
  const isPlain = parts.plaintext === 'true';
  if (host.kind !== 'tcp') {
    const why = host.kind === 'unix' ? 'a socket crosses no network' : 'ssh has keys and a protection of its own';
    const message = `is for a daemon on tcp://: ${why}`;
    return [...tls, ...(isPlain ? (['plaintext'] as const) : [])].map((part) => ({ part, message }));
  }
  if (!isPlain) return [];
  const [first] = tls;
  if (first !== undefined) return [{ part: 'plaintext', message: `contradicts .${first}: certificates are for TLS` }];
  const message = `contradicts port ${TLS_PORT}, which is for TLS`;
  return host.port === TLS_PORT ? [{ part: 'plaintext', message }] : [];
}
