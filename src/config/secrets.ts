import type { NamedSecret } from '../domain/plan';
import { Secret } from '../domain/secret';
import { declaredSecrets } from './buildkit/declared-secrets';
import type { Surroundings } from './surroundings';

/** A value that must not be shown, and whether that is known or guessed by the variable's name. */
export interface FoundSecret extends NamedSecret {
  readonly certain: boolean;
}

// Shorter values occur by chance: a job whose every `dev` is masked can't be read (security.md 20).
export const LEAST = 6;

// Parts of a variable's name that say secret wherever they stand, and those that say so at the end. A part at the end
// that says what is only about a secret (a file, a name, a time) takes it back.
const ANYWHERE =
  /(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRETS?|TOKENS?|CREDENTIALS?|APIKEY|(?:API|ACCESS|PRIVATE|SIGNING|ENCRYPTION|MASTER|DEPLOY|AUTH)_KEY)(?:_|$)/;
const AT_END = /(?:^|_)(?:KEY|AUTH|PGPASS)$|_(?:PASS|PWD)$/;
const ABOUT =
  /_(?:FILE|PATH|DIR|FOLDER|NAME|USER|USERNAME|ID|ARN|URL|URI|HOST|PORT|ENDPOINT|ENABLED|TYPE|PROVIDER|TTL|EXPIRY|SECONDS|VERSION|ALIAS|ISSUER|AUDIENCE|HEADER|SOCK)$/;
// Its name ends in ID, and it is half of a key.
const ALWAYS: ReadonlySet<string> = new Set(['AWS_ACCESS_KEY_ID']);

// What GoCD tells about a run: a material called `token` makes GO_REVISION_TOKEN, which is a commit.
const OF_THE_RUN =
  /^GO_(?:REVISION|TO_REVISION|FROM_REVISION|MATERIAL|SCM|PACKAGE|DEPENDENCY|PIPELINE|STAGE|JOB|TRIGGER)_/;

export function looksSecret(name: string): boolean {
  if (ALWAYS.has(name)) return true;
  if (OF_THE_RUN.test(name)) return false;
  const normal = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
  return !ABOUT.test(normal) && (ANYWHERE.test(normal) || AT_END.test(normal));
}

/** To be known before anything is said: also where no plan comes of it. */
export function secretsOf(
  surroundings: Pick<Surroundings, 'fields' | 'jobVariables' | 'agentEnvironment' | 'secureNames'>,
): FoundSecret[] {
  const declared = declaredSecrets(surroundings);
  const found = new Map<string, FoundSecret>();
  const add = (name: string, text: string, certain: boolean): void => {
    const value = text.trim();
    if (value.length < LEAST || found.get(value)?.certain === true) return;
    if (certain || !found.has(value)) found.set(value, { name, value: new Secret(value), certain });
  };
  for (const [name, value] of surroundings.jobVariables) {
    const certain = surroundings.secureNames.has(name) || declared.has(name);
    if (certain || looksSecret(name)) add(name, value, certain);
    addPassword(name, value, add);
  }
  for (const [name, value] of surroundings.agentEnvironment) {
    if (looksSecret(name)) add(name, value, false);
    addPassword(name, value, add);
  }
  return [...found.values()];
}

/** `scheme://user:password@host`, as in DATABASE_URL: the password alone, as it is written and as it is meant. */
function addPassword(name: string, value: string, add: (name: string, text: string, certain: boolean) => void): void {
  const [, password] = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#\s:@]*:([^/?#\s]+)@/.exec(value) ?? [];
  if (password === undefined) return;
  add(name, password, false);
  add(name, decoded(password), false);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
