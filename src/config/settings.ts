import { ConfigError, type Problem } from '../domain/errors';
import type { Origin, Sourced } from '../domain/origin';
import type { Secret } from '../domain/secret';
import { PLAIN_PORT, tcpUrl } from './docker-host';
import type { NamedDaemon } from './named-daemon';
import { readLevel, type Level, type LevelSettings } from './settings-level';

export type { NamedDaemon } from './named-daemon';

/** What the agent decides: the settings file first, then the properties that the server sends. */
export interface Settings {
  readonly daemons: readonly NamedDaemon[];
  /** Where it is said that no build runs in the network of the daemon's machine; undefined: nowhere. */
  readonly noHostNetwork: Origin | undefined;
  /** Whether a repository's policy may let everybody in; undefined: nobody says so, hence not. */
  readonly publicPolicy: Sourced<boolean> | undefined;
  /** `default.<Field>` by field; its origin tells the level: the file goes before the agent's environment, a property after it. */
  readonly defaults: ReadonlyMap<string, Sourced<string>>;
  /** Where it is said that no daemon is built in: `daemon.required`; undefined: nowhere. */
  readonly daemonRequired: Origin | undefined;
  /** `allow.registries` of each level that says so: a host must be in all of them. Hosts in lower case. */
  readonly allowedRegistries: readonly Sourced<readonly string[]>[];
  /** `allow.daemons` of each level: names from the settings, or addresses. */
  readonly allowedDaemons: readonly Sourced<readonly string[]>[];
  /** What the label of a run's image is signed with (security.md 19); of the file alone. */
  readonly reuseKey: Secret | undefined;
}

export const emptySettings: Settings = {
  daemons: [],
  noHostNetwork: undefined,
  publicPolicy: undefined,
  defaults: new Map(),
  daemonRequired: undefined,
  allowedRegistries: [],
  allowedDaemons: [],
  reuseKey: undefined,
};

/** The agent's settings file: one JSON object whose keys are the settings. Nothing of its text is quoted but addresses. */
export function parseSettings(text: string, path: string): Settings {
  const level: Level = {
    origin: (name) => ({ kind: 'settings-file', name }),
    show: (key) => `${key} in ${path}`,
    keyMaterial: 'holds a key or a certificate: name the folder that they are in, in daemon.<name>.certs',
    noKey: undefined,
  };
  const { entries, problems } = readEntries(text, path, level);
  const { daemons, hostNetwork, publicPolicy, reuseKey } = readLevel(entries, level, problems);
  return { ...emptySettings, daemons, noHostNetwork: forbidden(hostNetwork), publicPolicy, reuseKey };
}

/** Adds the `gocd.ecr.*` properties below what is there; a daemon that is already named stays as it is. */
export function mergeServerProperties(settings: Settings, properties: ReadonlyMap<string, string>): Settings {
  const level: Level = {
    origin: (name) => ({ kind: 'server-property', name }),
    show: (key) => `gocd.ecr.${key}`,
    keyMaterial:
      'holds a key or a certificate, which the process list shows: put it in a file and name its folder in daemon.<name>.certs',
    noKey: 'is a secret, which the process list shows: put it in the file that GOCD_ECR_SETTINGS names',
  };
  const names = new Set(settings.daemons.map(({ name }) => name));
  const below = readLevel(properties, level, []);
  const added = below.daemons.filter(({ name }) => !names.has(name));
  // What one level forbids the other one can't allow.
  return {
    ...settings,
    daemons: [...settings.daemons, ...added],
    noHostNetwork: settings.noHostNetwork ?? forbidden(below.hostNetwork),
    publicPolicy: narrower(settings.publicPolicy, below.publicPolicy),
  };
}

function forbidden(allowed: LevelSettings['hostNetwork']): Origin | undefined {
  return allowed?.value === false ? allowed.origin : undefined;
}

function narrower(one: Settings['publicPolicy'], other: Settings['publicPolicy']): Settings['publicPolicy'] {
  return other?.value === false && one?.value !== false ? other : (one ?? other);
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
