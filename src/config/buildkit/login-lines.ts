import { parseEcrHost, type EcrRegistry } from '../../domain/ecr-registry';
import { Fault } from '../fault';
import type { Reading, Value } from '../reading';
import { attributeLines, unknownKey, type AttributeLine } from './attributes';
import { roleFault } from '../role';
import { parseRegistryHost } from './registry-host';
import { withoutTwice } from './twice';

/** A registry and who may read it, by the name of the variable that holds the password. */
export type LoginLine = { readonly where: string; readonly host: string; readonly from: Value } & (
  | {
      readonly kind: 'password';
      readonly username: string;
      readonly variable: string;
      readonly registry: undefined;
      readonly role: undefined;
    }
  | { readonly kind: 'ecr'; readonly registry: EcrRegistry; readonly role: Value | undefined }
);

const KEYS = ['user', 'password-env', 'role'];
const FORM =
  'a line is docker.io user=NAME password-env=VARIABLE, or the host of an ECR registry, with role=ARN or without';
const REFUSED: ReadonlyMap<string, string> = new Map([
  [
    'password',
    'holds a password, which everybody can read there: put it in a secure variable of the job and name that, password-env=VARIABLE',
  ],
  ['username', 'has username, which is written user=NAME'],
]);

/** The lines as they are read, also where one of them is no login. */
export function loginAttributes(reading: Reading): AttributeLine[] {
  return attributeLines(reading, {
    field: 'RegistryLogins',
    separator: ' ',
    refuse(key) {
      return REFUSED.get(key) ?? (KEYS.includes(key) ? undefined : unknownKey(key, KEYS, reading));
    },
  });
}

export function readLogins(reading: Reading): LoginLine[] {
  const logins = loginAttributes(reading).flatMap((line) => {
    const login = line.whole ? loginOf(line, reading) : undefined;
    if (login instanceof Fault) reading.problem('RegistryLogins', `${line.where} ${login.message}`);
    return login === undefined || login instanceof Fault ? [] : [login];
  });
  return withoutTwice(reading, 'RegistryLogins', logins, ({ host }) => host);
}

function loginOf({ where, words, pairs }: AttributeLine, reading: Reading): LoginLine | Fault {
  const [from, ...others] = words;
  if (!from) return new Fault(`has no host; ${FORM}`);
  // Not quoted: a password may stand there.
  if (others.length > 0) return new Fault(`has more than a host, user=, password-env= and role=; ${FORM}`);
  const host = parseRegistryHost(from.text);
  if (host instanceof Fault) {
    const shown = from.text.includes('@') ? '' : `names ${reading.quote(from.text)}, which `;
    return new Fault(`${shown}${host.message}`);
  }
  const [username, variable] = [pairs.get('user')?.text, pairs.get('password-env')?.text];
  const registry = parseEcrHost(host);
  if (registry?.kind === 'public') return new Fault(`names ${host}, which everybody may read: leave the line out`);
  const role = pairs.get('role');
  const isEcr = registry && username === undefined && variable === undefined;
  if (isEcr) return (role && roleFault(role, reading)) ?? { where, from, host, kind: 'ecr', registry, role };
  if (role) return new Fault(roleElsewhere(host, registry));
  if (username === undefined || variable === undefined) return new Fault(incomplete(host, username, variable));
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(variable)) {
    return new Fault('has a password-env that is not the name of a variable: letters, digits, `_`, `.` and `-`');
  }
  return { where, from, host, kind: 'password', username, variable, registry: undefined, role: undefined };
}

function roleElsewhere(host: string, registry: EcrRegistry | undefined): string {
  return registry
    ? `names ${host} with user= or password-env=, and with role=: an ECR registry needs a role or nothing`
    : `names ${host} with role=, which is for an ECR registry`;
}

function incomplete(host: string, username: string | undefined, variable: string | undefined): string {
  const missing = [username === undefined ? 'user=NAME' : '', variable === undefined ? 'password-env=VARIABLE' : ''];
  return `names ${host} without ${missing.filter((each) => each !== '').join(' and ')}; only an ECR registry stands alone`;
}
