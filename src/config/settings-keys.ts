import { isDaemonName } from './docker-host';
import { FIELDS, fieldNamed, type FieldKey } from './fields';
import { nearNames } from './near';

/** What a setting of one daemon is about; `url` is `daemon.<name>` itself. */
export type Part = 'url' | (typeof PARTS)[number];
export type Switch = (typeof SWITCHES)[number];
export type AllowList = (typeof ALLOW_LISTS)[number];

/** A setting's key; `node` is for the bridge, which reads it itself. */
export type Key =
  | { readonly kind: 'node' }
  | { readonly kind: 'switch'; readonly what: Switch }
  | { readonly kind: 'allow-list'; readonly what: AllowList }
  | { readonly kind: 'default'; readonly field: FieldKey }
  | { readonly kind: 'reuse-key' }
  | { readonly kind: 'daemon'; readonly name: string; readonly part: Part };

const PARTS = ['certs', 'ca', 'cert', 'key', 'platform', 'plaintext'] as const;
const SWITCHES = ['allow.host-network', 'allow.public-policy', 'daemon.required'] as const;
const ALLOW_LISTS = ['allow.registries', 'allow.daemons'] as const;
export const REUSE_KEY = 'reuse.key';

const DAEMON = new RegExp(`^daemon\\.(.+?)(?:\\.(${PARTS.join('|')}))?$`);
const ADDRESS = /^tcp:\/\/./;

/** undefined: no setting of this version. */
export function readKey(key: string): Key | undefined {
  if (key === 'node') return { kind: 'node' };
  if (key === REUSE_KEY) return { kind: 'reuse-key' };
  const what = SWITCHES.find((one) => one === key);
  if (what !== undefined) return { kind: 'switch', what };
  const list = ALLOW_LISTS.find((one) => one === key);
  if (list !== undefined) return { kind: 'allow-list', what: list };
  const field = key.startsWith('default.') ? fieldNamed(key.slice('default.'.length)) : undefined;
  if (field !== undefined) return { kind: 'default', field: field.key };
  const [, name = '', part] = DAEMON.exec(key) ?? [];
  if (isDaemonName(name)) return { kind: 'daemon', name, part: (part as Part | undefined) ?? 'url' };
  return ADDRESS.test(name) && part === 'plaintext' ? { kind: 'daemon', name, part } : undefined;
}

/** The key of a part of a daemon's settings. */
export function keyOf(name: string, part: Part): string {
  return part === 'url' ? `daemon.${name}` : `daemon.${name}.${part}`;
}

const OF_A_DAEMON = `daemon.<name> (alone, and with ${PARTS.map((part) => `.${part}`).join(', ')})`;
const OTHERS = ['default.<Field>', ...ALLOW_LISTS, ...SWITCHES, REUSE_KEY];
const KNOWN = `${OF_A_DAEMON}, ${OTHERS.join(', ')} and node`;

/** A sentence without the key. */
export function unknownKey(key: string): string {
  const near = nearest(key);
  const advice = near === key ? 'a name has letters, digits, `_` and `-`' : `did you mean ${near ?? ''}?`;
  return `is not a setting of this version, which has ${KNOWN}${near === undefined ? '' : `; ${advice}`}`;
}

function nearest(key: string): string | undefined {
  const [, field] = /^default\.(.+)$/.exec(key) ?? [];
  if (field !== undefined) {
    const [near] = nearNames(
      field,
      FIELDS.map((one) => one.key),
    );
    return near && `default.${near}`;
  }
  const name = key.split('.')[1] ?? '<name>';
  const daemon = (['url', ...PARTS] as const).map((part) => keyOf(name, part));
  return nearNames(key, ['node', ...ALLOW_LISTS, ...SWITCHES, REUSE_KEY, ...daemon])[0];
}
