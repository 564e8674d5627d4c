import { Fault } from '../fault';
import { absoluteByExpansion, ABSOLUTE_BY_EXPANSION, parsePath } from '../path-text';
import type { Reading } from '../reading';
import { attributeLines, unknownKey, type AttributeLine } from './attributes';
import { withoutTwice } from './twice';

/** A build secret as its line names it: where its value is, not yet the value. */
export interface SecretLine {
  readonly where: string;
  readonly id: string;
  readonly from:
    { readonly kind: 'variable'; readonly name: string } | { readonly kind: 'file'; readonly path: string };
}

const KEYS = ['id', 'env', 'src', 'type'];
// Keys of the instruction that uses the secret (BuildKit's Dockerfile reference, RUN --mount=type=secret).
const OF_THE_MOUNT: ReadonlySet<string> = new Set(['target', 'dst', 'destination', 'required', 'mode', 'uid', 'gid']);
const FORM = 'a line is id=npm,env=NPM_TOKEN or id=npmrc,src=.npmrc';

/** The lines as they are read, also where one of them is no secret. */
export function secretAttributes(reading: Reading): AttributeLine[] {
  return attributeLines(reading, {
    field: 'Secrets',
    separator: ',',
    aliases: new Map([['source', 'src']]),
    refuse(key) {
      if (OF_THE_MOUNT.has(key))
        return `has ${key}, which is said in the Dockerfile: RUN --mount=type=secret,id=…,${key}=…`;
      return KEYS.includes(key) ? undefined : `${unknownKey(key, KEYS, reading)}; ${FORM}`;
    },
  });
}

/** As `docker build --secret` has them, but a value never comes from the agent's environment. */
export function readSecrets(reading: Reading): SecretLine[] {
  const secrets = secretAttributes(reading).flatMap((line) => {
    const secret = line.whole ? secretOf(line, reading) : undefined;
    if (secret instanceof Fault) reading.problem('Secrets', `${line.where} ${secret.message}`);
    return secret === undefined || secret instanceof Fault ? [] : [secret];
  });
  return withoutTwice(reading, 'Secrets', secrets, ({ id }) => id);
}

const ID = /^[A-Za-z0-9_][A-Za-z0-9_.:/@-]{0,255}$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

function secretOf(line: AttributeLine, reading: Reading): SecretLine | Fault {
  const text = (key: string): string => line.pairs.get(key)?.text ?? '';
  const id = text('id');
  // Not quoted: a value may have been typed where its name belongs.
  if (line.words.length > 0) return new Fault(`has a part that is not key=value; ${FORM}`);
  if (id === '') return new Fault(`has no id; ${FORM}`);
  if (!ID.test(id))
    return new Fault(`has the id ${reading.quote(id)}, which has other signs than letters, digits and _ . : / @ -`);
  const from = sourceOf(line, id, reading);
  return from instanceof Fault ? from : { where: line.where, id, from };
}

function sourceOf({ pairs }: AttributeLine, id: string, reading: Reading): SecretLine['from'] | Fault {
  const [type, env, src] = [pairs.get('type')?.text, pairs.get('env'), pairs.get('src')];
  if (type !== undefined && type !== 'env' && type !== 'file') {
    return new Fault(`has the type ${reading.quote(type)}; there are env and file`);
  }
  if (env && src) return new Fault('names a variable and a file: one of env and src');
  if (env && type === 'file') return new Fault('has type=file and names a variable: a file is named by src');
  const variable = env ?? (type === 'env' ? src : undefined);
  if (variable || (!src && type !== 'file')) return variableOf(variable?.text ?? id, variable !== undefined);
  if (!src) return new Fault(`has type=file and no src`);
  return fileOf(src, reading);
}

/** `id=NAME` alone names the variable too. */
function variableOf(name: string, typed: boolean): SecretLine['from'] | Fault {
  if (VARIABLE.test(name)) return { kind: 'variable', name };
  return new Fault(
    typed
      ? 'has an env that is not the name of a variable: letters, digits, `_`, `.` and `-`'
      : 'says neither env=VARIABLE nor src=FILE, and its id is not the name of a variable',
  );
}

function fileOf(
  src: NonNullable<ReturnType<AttributeLine['pairs']['get']>>,
  reading: Reading,
): SecretLine['from'] | Fault {
  if (src.text.startsWith('~')) {
    return new Fault(`names ${reading.quote(src.text)}: only a shell knows ~, so write the whole path`);
  }
  if (absoluteByExpansion(src)) return new Fault(`names ${reading.quote(src.typed)}, which ${ABSOLUTE_BY_EXPANSION}`);
  const path = parsePath(src.text);
  if (path instanceof Fault) return new Fault(`names ${reading.quote(src.text)}, which ${path.message}`);
  return { kind: 'file', path };
}
