import { parseEcrHost, type EcrRegistry } from '../domain/ecr-registry';
import type { FieldKey } from './fields';
import { parseImage } from './image-text';
import type { Value } from './reading';

/** One text that others can read: what it is in its field, and who they are. */
export interface PublicText {
  readonly field: FieldKey;
  /** Behind the field's name; `''` where the field is this text alone. */
  readonly what: string;
  readonly value: Value;
  readonly to: string;
  /** The account that the text has to name: its id may be anything's value. */
  readonly account?: Account | undefined;
}

export interface Account {
  /** undefined: any number that an account's id could be. */
  readonly id: string | undefined;
  /** The part of the text that may hold it, in small letters; undefined: all of it. */
  readonly within: string | undefined;
  /** What shows it then. */
  readonly shownBy: 'address' | 'ARN' | 'policy';
}

export const PULLERS = 'whoever may pull the image';
export const CACHE_READERS = 'whoever may read that registry';
export const LOG_READERS = 'whoever reads the log';
export const SETTINGS_READERS = 'whoever may look at the repository';

export function accountOf(registry: EcrRegistry | undefined): Account | undefined {
  if (registry?.accountId === undefined) return undefined;
  return { id: registry.accountId, within: registry.host, shownBy: 'address' };
}

/** Of the registry that a reference names. */
export function accountIn(reference: string): Account | undefined {
  return accountOf(parseEcrHost(parseImage(reference)?.host ?? ''));
}

/** Of a role: its ARN without its name. */
export function accountOfRole(arn: string): Account | undefined {
  const [within, id] = /^arn:[a-z-]+:iam::(\d{12}):/.exec(arn) ?? [];
  return within === undefined ? undefined : { id, within, shownBy: 'ARN' };
}

/** Policies name accounts anywhere. */
export const ANY_ACCOUNT: Account = { id: undefined, within: undefined, shownBy: 'policy' };

/** True where the text shows the secret because it names the account there, and nowhere else. */
export function showsAccountAlone(secret: string, { id, within }: Account, text: string): boolean {
  if (id === undefined ? !/^\d{12}$/.test(secret) : secret !== id) return false;
  if (within === undefined) return true;
  const at = text.toLowerCase().indexOf(within);
  return at >= 0 && !`${text.slice(0, at)}\n${text.slice(at + within.length)}`.includes(secret);
}
