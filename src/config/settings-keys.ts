import { isDaemonName } from './docker-host';
import { nearNames } from './near';

/** A setting's key; `node` is for the bridge, which reads it itself. */
export type Key =
  | { readonly kind: 'node' }
  | { readonly kind: 'allow'; readonly what: 'host-network' | 'public-policy' }
  | { readonly kind: 'reuse-key' }
  | { readonly kind: 'daemon'; readonly name: string; readonly part: 'url' | 'certs' | 'plaintext' };

const ALLOW = /^allow\.(host-network|public-policy)$/;
export const REUSE_KEY = 'reuse.key';
const DAEMON = /^daemon\.(.+?)(?:\.(certs|plaintext))?$/;
const ADDRESS = /^tcp:\/\/./;

/** undefined: no setting of this version. */
export function readKey(key: string): Key | undefined {
  if (key === 'node') return { kind: 'node' };
  if (key === REUSE_KEY) return { kind: 'reuse-key' };
  const [, what] = ALLOW.exec(key) ?? [];
  if (what !== undefined) return { kind: 'allow', what: what as 'host-network' | 'public-policy' };
  const [, name = '', part] = DAEMON.exec(key) ?? [];
  if (isDaemonName(name)) return { kind: 'daemon', name, part: (part as 'certs' | 'plaintext' | undefined) ?? 'url' };
  return ADDRESS.test(name) && part === 'plaintext' ? { kind: 'daemon', name, part } : undefined;
}

/** The key of a part of a daemon's settings. */
export function keyOf(name: string, part: 'url' | 'certs' | 'plaintext'): string {
  return part === 'url' ? `daemon.${name}` : `daemon.${name}.${part}`;
}

const KNOWN =
  'daemon.<name>, daemon.<name>.certs, daemon.<name>.plaintext, allow.host-network, allow.public-policy, reuse.key and node';

/** A sentence without the key. */
export function unknownKey(key: string): string {
  const name = key.split('.')[1] ?? '<name>';
  const daemon = [`daemon.${name}`, `daemon.${name}.certs`, `daemon.${name}.plaintext`];
  const candidates = ['node', 'allow.host-network', 'allow.public-policy', REUSE_KEY, ...daemon];
  const [near] = nearNames(key, candidates);
  const advice = near === key ? 'a name has letters, digits, `_` and `-`' : `did you mean ${near ?? ''}?`;
  return `is not a setting of this version, which has ${KNOWN}${near === undefined ? '' : `; ${advice}`}`;
}
