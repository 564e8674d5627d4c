import { ConfigError, type Problem } from '../domain/errors';
import type { Origin, Sourced } from '../domain/origin';
import { Secret } from '../domain/secret';
import { Fault } from './fault';
import { parseSwitch } from './grammar';
import { readDaemon, type DaemonParts, type NamedDaemon } from './named-daemon';
import { quote } from './quote';
import { keyOf, readKey, unknownKey, type Key } from './settings-keys';

/** Where settings are written: the file, or the properties that the server sends. */
export interface Level {
  origin(key: string): Origin;
  /** How a problem names the key. */
  show(key: string): string;
  /** What is said of PEM, which is never quoted. */
  readonly keyMaterial: string;
  /** Why no key of ours may stand there; undefined: it may. */
  readonly noKey: string | undefined;
}

/** What one level says. */
export interface LevelSettings {
  readonly daemons: readonly NamedDaemon[];
  readonly hostNetwork: Sourced<boolean> | undefined;
  readonly publicPolicy: Sourced<boolean> | undefined;
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
  const parts = new Map<string, DaemonParts>();
  const allowed = new Map<string, Sourced<boolean>>();
  let reuseKey: Secret | undefined;
  const tell = (key: string, message: string): number => problems.push({ field: level.show(key), message });
  for (const [key, value] of entries) {
    const known = readKey(key);
    const fault = faultOf(key, known, value, level);
    if (fault !== undefined) tell(key, fault);
    else if (known?.kind === 'daemon') {
      parts.set(known.name, { ...parts.get(known.name), [known.part]: value.trim() });
    } else if (known?.kind === 'reuse-key') reuseKey = new Secret(value);
    else if (known?.kind === 'allow') {
      const origin = level.origin(key);
      allowed.set(known.what, { value: value.trim() === 'true', origin });
    }
  }
  const daemons = daemonsOf(parts, level, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    daemons,
    hostNetwork: allowed.get('host-network'),
    publicPolicy: allowed.get('public-policy'),
    reuseKey,
  };
}

// An HMAC's key that can be guessed proves nothing; 16 letters are as many as a generated password has.
const SHORTEST_KEY = 16;

function faultOf(key: string, known: Key | undefined, value: string, level: Level): string | undefined {
  if (!known) return unknownKey(key);
  if (known.kind === 'reuse-key') {
    if (level.noKey !== undefined) return level.noKey;
    const isShort = value.trim().length < SHORTEST_KEY;
    return isShort ? `has fewer than ${SHORTEST_KEY} characters: a key that can be guessed proves nothing` : undefined;
  }
  if (KEY_MATERIAL.test(value)) return level.keyMaterial;
  if (known.kind !== 'allow') return undefined;
  const allowed = parseSwitch(value.trim());
  return allowed instanceof Fault ? `${quote(value)} ${allowed.message}` : undefined;
}

function daemonsOf(parts: ReadonlyMap<string, DaemonParts>, level: Level, problems: Problem[]): NamedDaemon[] {
  return [...parts].flatMap(([name, each]) => {
    const daemon = readDaemon(name, each, (key, value) => ({ value, origin: level.origin(key) }));
    if ('name' in daemon) return [daemon];
    problems.push(...daemon.map(({ part, message }) => ({ field: level.show(keyOf(name, part)), message })));
    return [];
  });
}
