import type { Origin, Sourced } from '../domain/origin';
import type { Fault, Parser } from './fault';
import type { FieldKey } from './fields';
import { parseAccount, parseRegion } from './grammar';
import { quote } from './quote';
import { Reading, type ReadingOptions } from './reading';
import { parseProfile } from './role';
import type { Settings } from './settings';

/** `default.<Field>` of the agent's settings. */
export type Defaults = Settings['defaults'];

/**
 * What variables of the job or the repository's host say goes before their default, and what the agent's environment says
 * before that of a property: whoever decides them asks for it in its turn.
 */
const DECIDED_IN_TURN: ReadonlySet<FieldKey> = new Set([
  'DockerHost',
  'TlsVerify',
  'CertPath',
  'Region',
  'RegistryId',
  'AwsProfile',
]);

/** The task's fields with the agent's defaults where they are blank. */
export interface FieldsInEffect {
  readonly fields: ReadonlyMap<string, string>;
  /** Where a field's text is from, of those that are not the task's own. */
  readonly origins: ReadonlyMap<string, Origin>;
}

export function inEffect(fields: ReadonlyMap<string, string>, defaults: Defaults): FieldsInEffect {
  const all = new Map(fields);
  const origins = new Map<string, Origin>();
  for (const [key, { value, origin }] of defaults) {
    if (DECIDED_IN_TURN.has(key) || (fields.get(key)?.trim() ?? '') !== '') continue;
    all.set(key, value);
    origins.set(key, origin);
  }
  return { fields: all, origins };
}

/** As a note: whoever reads a job's log does not see the agent's file. */
export function defaultsNotes({ fields, origins }: FieldsInEffect): string[] {
  return [...origins].map(([key, origin]) => {
    const name = 'name' in origin ? origin.name : key;
    const where = origin.kind === 'server-property' ? `server property gocd.ecr.${name}` : `agent settings ${name}`;
    return `${key} is ${quote(fields.get(key) ?? '')} here: ${where}`;
  });
}

/** Those that are decided in turn, read; what is wrong with one names where it is written. */
export interface DefaultsInTurn {
  readonly region: Sourced<string> | undefined;
  readonly registryId: Sourced<string> | undefined;
  readonly awsProfile: Sourced<string> | undefined;
}

/** Read only where the task's own field is blank. */
export function readInTurn(
  own: ReadonlyMap<string, string>,
  defaults: Defaults,
  options: ReadingOptions,
  tell: (key: FieldKey, origin: Origin, message: string) => void,
): DefaultsInTurn {
  const one = (key: FieldKey, parse: Parser<string>): Sourced<string> | undefined =>
    readDefault(key, own, defaults, options, parse, tell);
  return {
    region: one('Region', parseRegion),
    registryId: one('RegistryId', parseAccount),
    awsProfile: one('AwsProfile', parseProfile),
  };
}

export function readDefault<T>(
  key: FieldKey,
  own: ReadonlyMap<string, string>,
  defaults: Defaults,
  options: ReadingOptions,
  parse: (text: string) => T | Fault,
  tell: (key: FieldKey, origin: Origin, message: string) => void,
): Sourced<T> | undefined {
  const found = defaults.get(key);
  if (found === undefined || (own.get(key)?.trim() ?? '') !== '') return undefined;
  const reading = new Reading(new Map([[key, found.value]]), options);
  const read = reading.one(key, parse);
  for (const { message } of reading.problems) tell(key, found.origin, message);
  return read && { value: read.value, origin: found.origin };
}

/** A default where its level is asked: the file goes before the agent's environment, a property behind it. */
export function ofLevel<T>(found: Sourced<T> | undefined, kind: 'settings-file' | 'server-property'): Sourced<T>[] {
  return found?.origin.kind === kind ? [found] : [];
}
