import { ConfigError, type Problem } from '../domain/errors';
import type { Origin } from '../domain/origin';
import { PLAIN_PORT, tcpUrl } from './docker-host';
import { Fault } from './fault';
import { parseSwitch } from './grammar';
import { readDaemon, type DaemonParts, type NamedDaemon } from './named-daemon';
import { quote } from './quote';
import { keyOf, readKey, unknownKey } from './settings-keys';

export type { NamedDaemon } from './named-daemon';

/** What the agent decides: the settings file first, then the properties that the server sends. */
export interface Settings {
  readonly daemons: readonly NamedDaemon[];
  /** Where it is said that no build runs in the network of the daemon's machine; undefined: nowhere. */
  readonly noHostNetwork: Origin | undefined;
}

export const emptySettings: Settings = { daemons: [], noHostNetwork: undefined };

/** The agent's settings file: one JSON object whose keys are the settings. Nothing of its text is quoted but addresses. */
export function parseSettings(text: string, path: string): Settings {
  const level: Level = {
    origin: (name) => ({ kind: 'settings-file', name }),
    show: (key) => `${key} in ${path}`,
    keyMaterial: 'holds a key or a certificate: name the folder that they are in, in daemon.<name>.certs',
  };
  const { entries, problems } = readEntries(text, path, level);
  return readLevel(entries, level, problems);
}

/** Adds the `gocd.ecr.*` properties below what is there; a daemon that is already named stays as it is. */
export function mergeServerProperties(settings: Settings, properties: ReadonlyMap<string, string>): Settings {
  const level: Level = {
    origin: (name) => ({ kind: 'server-property', name }),
    show: (key) => `gocd.ecr.${key}`,
    keyMaterial:
      'holds a key or a certificate, which the process list shows: put it in a file and name its folder in daemon.<name>.certs',
  };
  const names = new Set(settings.daemons.map(({ name }) => name));
  const below = readLevel(properties, level, []);
  const added = below.daemons.filter(({ name }) => !names.has(name));
  return {
    daemons: [...settings.daemons, ...added],
    // What one level forbids the other one can't allow.
    noHostNetwork: settings.noHostNetwork ?? below.noHostNetwork,
  };
}

interface Level {
  origin(key: string): Origin;
  /** How a problem names the key. */
  show(key: string): string;
  /** What is said of PEM, which is never quoted. */
  readonly keyMaterial: string;
}

function readEntries(text: string, path: string, level: Level): { entries: Map<string, string>; problems: Problem[] } {
  const json = parseJson(text);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    // The parser's own message quotes the text, which may hold keys.
    throw new ConfigError([{ field: path, message: 'is not a JSON object of settings' }]);
  }
  const entries = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(json as Record<string, unknown>)) {
    if (key === '$schema') continue;
    if (typeof value === 'string' || typeof value === 'boolean') entries.set(key, String(value));
    else problems.push({ field: level.show(key), message: 'is neither a text nor true or false' });
  }
  return { entries, problems };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

// PEM, and the beginning of PEM in base64.
const KEY_MATERIAL = /-----BEGIN|LS0tLS1CRUdJTi/;

function readLevel(entries: ReadonlyMap<string, string>, level: Level, before: readonly Problem[]): Settings {
  const problems = [...before];
  const parts = new Map<string, DaemonParts>();
  let noHostNetwork: Origin | undefined;
  for (const [key, value] of entries) {
    const known = readKey(key);
    if (!known) problems.push({ field: level.show(key), message: unknownKey(key) });
    else if (KEY_MATERIAL.test(value)) problems.push({ field: level.show(key), message: level.keyMaterial });
    else if (known.kind === 'daemon') {
      parts.set(known.name, { ...parts.get(known.name), [known.part]: value.trim() });
    } else if (known.kind === 'host-network') {
      const allowed = parseSwitch(value.trim());
      if (allowed instanceof Fault)
        problems.push({ field: level.show(key), message: `${quote(value)} ${allowed.message}` });
      if (allowed === false) noHostNetwork = level.origin(key);
    }
  }
  const daemons: NamedDaemon[] = [];
  for (const [name, each] of parts) {
    const daemon = readDaemon(name, each, (key, value) => ({ value, origin: level.origin(key) }));
    if ('name' in daemon) daemons.push(daemon);
    else problems.push(...daemon.map(({ part, message }) => ({ field: level.show(keyOf(name, part)), message })));
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { daemons, noHostNetwork };
}

/** The daemon of that name. */
export function daemonNamed(settings: Settings, name: string): NamedDaemon | undefined {
  return settings.daemons.find((daemon) => daemon.name === name);
}

/** True where the agent says that plain TCP to that address is meant. */
export function isPlaintext(settings: Settings, url: string): boolean {
  return settings.daemons.some(
    ({ host, plaintext }) => plaintext && host.kind === 'tcp' && tcpUrl(host.host, host.port ?? PLAIN_PORT) === url,
  );
}
