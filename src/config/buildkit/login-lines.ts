import { parseEcrHost, type EcrRegistry } from '../../domain/ecr-registry';
import { Fault } from '../fault';
import type { Reading, Value } from '../reading';
import { attributeLines, unknownKey, type AttributeLine } from './attributes';
import { parseRegistryHost } from './registry-host';
import { withoutTwice } from './twice';

/** A registry and who may read it, by the name of the variable that holds the password. */
export type LoginLine = { readonly where: string; readonly host: string; readonly from: Value } & (
  | { readonly kind: 'password'; readonly username: string; readonly variable: string }
  | { readonly kind: 'ecr'; readonly registry: EcrRegistry }
);

const KEYS = ['user', 'password-env'];
const FORM = 'a line is docker.io user=NAME password-env=VARIABLE, or the host of an ECR registry';
const REFUSED: ReadonlyMap<string, string> = new Map([
  [
    'password',
    'holds a password, which everybody can read there: put it in a secure variable of the job and name that, password-env=VARIABLE',
  ],
  ['role', 'has role, which is not supported: an ECR registry is read with the identity of this task'],
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
  if (others.length > 0) return new Fault(`has more than a host, user= and password-env=; ${FORM}`);
  const host = parseRegistryHost(from.text);
  if (host instanceof Fault) {
    const shown = from.text.includes('@') ? '' : `names ${reading.quote(from.text)}, which `;
    return new Fault(`${shown}${host.message}`);
  }
  const [username, variable] = [pairs.get('user')?.text, pairs.get('password-env')?.text];
  const registry = parseEcrHost(host);
  if (registry && username === undefined && variable === undefined) return { where, from, host, kind: 'ecr', registry };
  if (username === undefined || variable === undefined) return new Fault(incomplete(host, username, variable));
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(variable)) {
    return new Fault('has a password-env that is not the name of a variable: letters, digits, `_`, `.` and `-`');
  }
  return { where, from, host, kind: 'password', username, variable };
}

function incomplete(host: string, username: string | undefined, variable: string | undefined): string {
  if (host === 'public.ecr.aws') return 'names public.ecr.aws, which everybody may read: leave the line out';
  const missing = [username === undefined ? 'user=NAME' : '', variable === undefined ? 'password-env=VARIABLE' : ''];
  return `names ${host} without ${missing.filter((each) => each !== '').join(' and ')}; only an ECR registry stands alone`;
}
