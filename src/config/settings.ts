import { ConfigError, type Problem } from '../domain/errors';
import type { Origin, Sourced } from '../domain/origin';
import type { NamedSecret } from '../domain/plan';
import type { Secret } from '../domain/secret';
import { PLAIN_PORT, tcpUrl } from './docker-host';
import type { FieldKey } from './fields';
import type { NamedDaemon } from './named-daemon';
import { keyOf, REUSE_KEY, type AllowList } from './settings-keys';
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
  readonly defaults: ReadonlyMap<FieldKey, Sourced<string>>;
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
    keyMaterial:
      'holds a key or a certificate: these belong into daemon.<name>.ca, .cert and .key, or into the folder that daemon.<name>.certs names',
    noKey: undefined,
  };
  const { entries, problems } = readEntries(text, path, level);
  return merged(emptySettings, readLevel(entries, level, problems));
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
  return merged(settings, readLevel(properties, level, []));
}

/** A level below those that are there: it adds, and what one of them forbids the other can't allow. */
function merged(above: Settings, { daemons, switches, allowed, defaults, reuseKey }: LevelSettings): Settings {
  const names = new Set(above.daemons.map(({ name }) => name));
  const list = (what: AllowList): Sourced<readonly string[]>[] => {
    const own = allowed.get(what);
    return own === undefined ? [] : [own];
  };
  return {
    daemons: [...above.daemons, ...daemons.filter(({ name }) => !names.has(name))],
    noHostNetwork: above.noHostNetwork ?? said(switches.get('allow.host-network'), false),
    publicPolicy: narrower(above.publicPolicy, switches.get('allow.public-policy')),
    defaults: new Map([...defaults, ...above.defaults]),
    daemonRequired: above.daemonRequired ?? said(switches.get('daemon.required'), true),
    allowedRegistries: [...above.allowedRegistries, ...list('allow.registries')],
    allowedDaemons: [...above.allowedDaemons, ...list('allow.daemons')],
    reuseKey: above.reuseKey ?? reuseKey,
  };
}

function said(allowed: Sourced<boolean> | undefined, what: boolean): Origin | undefined {
  return allowed?.value === what ? allowed.origin : undefined;
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

/** What must never be shown of it. */
export function secretsIn({ reuseKey, daemons }: Settings): NamedSecret[] {
  const keys = daemons.flatMap(({ name, pem }) =>
    pem?.key === undefined ? [] : [{ name: keyOf(name, 'key'), value: pem.key.value }],
  );
  return [...(reuseKey ? [{ name: REUSE_KEY, value: reuseKey }] : []), ...keys];
}
