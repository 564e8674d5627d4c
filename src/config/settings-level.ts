import { ConfigError, type Problem } from '../domain/errors';
import type { Origin, Sourced } from '../domain/origin';
import { Secret } from '../domain/secret';
import { parseAllowList } from './allow-lists';
import { Fault } from './fault';
import type { FieldKey } from './fields';
import { parseSwitch } from './grammar';
import type { DaemonParts } from './daemon-parts';
import { readDaemon, type NamedDaemon } from './named-daemon';
import { quote } from './quote';
import { PEM_FIELDS } from './pem-fields';
import { keyOf, readKey, unknownKey, type AllowList, type Key, type Switch } from './settings-keys';

/** Where settings are written: the file, or the properties that the server sends. */
export interface Level {
  origin(key: string): Origin;
  /** How a problem names the key. */
  show(key: string): string;
  /** What is said of PEM where none belongs; it is never quoted. */
  readonly keyMaterial: string;
  /** Why no key of ours may stand there; undefined: it may. */
  readonly noKey: string | undefined;
}

/** What one level says. */
export interface LevelSettings {
  readonly daemons: readonly NamedDaemon[];
  readonly switches: ReadonlyMap<Switch, Sourced<boolean>>;
  readonly allowed: ReadonlyMap<AllowList, Sourced<readonly string[]>>;
  readonly defaults: ReadonlyMap<FieldKey, Sourced<string>>;
  readonly reuseKey: Secret | undefined;
}

// PEM, and the beginning of PEM in base64.
const KEY_MATERIAL = /-----BEGIN|LS0tLS1CRUdJTi/;

/** Throws a ConfigError with those and its own problems. */
export function readLevel(
  entries: ReadonlyMap<string, string>,
  level: Level,
  before: readonly Problem[],
): LevelSettings {
  const problems = [...before];
  const found = new Found(level);
  for (const [key, value] of entries) {
    const known = readKey(key);
    const fault =
      known === undefined ? unknownKey(key) : (faultOf(known, value, level) ?? found.add(key, known, value));
    if (fault !== undefined) problems.push({ field: level.show(key), message: fault });
  }
  const daemons = daemonsOf(found.parts, level, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  const { switches, allowed, defaults, reuseKey } = found;
  return { daemons, switches, allowed, defaults, reuseKey };
}

/** What has been read of a level. */
class Found {
  readonly parts = new Map<string, DaemonParts>();
  readonly switches = new Map<Switch, Sourced<boolean>>();
  readonly allowed = new Map<AllowList, Sourced<readonly string[]>>();
  readonly defaults = new Map<FieldKey, Sourced<string>>();
  reuseKey: Secret | undefined;

  constructor(private readonly level: Level) {}

  /** Answers what is wrong with the value. */
  add(key: string, known: Key, value: string): string | undefined {
    const origin = this.level.origin(key);
    switch (known.kind) {
      case 'node':
        return undefined;
      case 'reuse-key':
        this.reuseKey = new Secret(value);
        return undefined;
      case 'daemon':
        this.parts.set(known.name, { ...this.parts.get(known.name), [known.part]: value.trim() });
        return undefined;
      case 'default':
        if (value.trim() !== '') this.defaults.set(known.field, { value, origin });
        return undefined;
      case 'switch': {
        const on = parseSwitch(value.trim());
        if (on instanceof Fault) return `${quote(value)} ${on.message}`;
        this.switches.set(known.what, { value: on, origin });
        return undefined;
      }
      case 'allow-list': {
        const list = parseAllowList(known.what, value);
        if (list instanceof Fault) return list.message;
        this.allowed.set(known.what, { value: list, origin });
        return undefined;
      }
    }
  }
}

// An HMAC's key that can be guessed proves nothing; 16 letters are as many as a generated password has.
const SHORTEST_KEY = 16;
const OF_A_JOB: ReadonlySet<FieldKey> = new Set<FieldKey>(PEM_FIELDS);
const PEM_PARTS: readonly string[] = ['ca', 'cert', 'key'];

/** What may not stand there, whatever it says. */
function faultOf(known: Key, value: string, level: Level): string | undefined {
  if (known.kind === 'reuse-key') {
    if (level.noKey !== undefined) return level.noKey;
    const isShort = value.trim().length < SHORTEST_KEY;
    return isShort ? `has fewer than ${SHORTEST_KEY} characters: a key that can be guessed proves nothing` : undefined;
  }
  if (known.kind === 'default' && OF_A_JOB.has(known.field))
    return 'names a variable of a job, which no agent knows: give the daemon a name, and put the PEM into daemon.<name>.ca, .cert and .key';
  if (known.kind === 'daemon' && PEM_PARTS.includes(known.part)) return level.noKey && level.keyMaterial;
  return KEY_MATERIAL.test(value) ? level.keyMaterial : undefined;
}

function daemonsOf(parts: ReadonlyMap<string, DaemonParts>, level: Level, problems: Problem[]): NamedDaemon[] {
  return [...parts].flatMap(([name, each]) => {
    const daemon = readDaemon(name, each, (key, value) => ({ value, origin: level.origin(key) }));
    if ('name' in daemon) return [daemon];
    problems.push(...daemon.map(({ part, message }) => ({ field: level.show(keyOf(name, part)), message })));
    return [];
  });
}
