import { MOST_SECRET_BYTES } from '../../../src/domain/plan';
import { secretsOf } from '../../../src/config/secrets';
import { planOf, problemsOf, surroundings, type Given } from './given';

/** `id: source` of each secret; values are shown, as a test may. */
function secrets(text: string, job: Record<string, string> = {}): string[] {
  const { build } = planOf({ fields: { Secrets: text }, job });
  return build.secrets.map(({ id, from }) =>
    from.kind === 'file' ? `${id}: file ${from.path}` : `${id}: ${from.variable}=${from.value.reveal()}`,
  );
}

describe('Secrets', () => {
  const job = {
    NPM_TOKEN: 'npm-123456',
    'my.key-1': 'line 1\nline 2\n',
    NAME: 'NPM_TOKEN',
    WHERE: 'a,src=/etc/shadow',
  };

  test.each<[string, string[]]>([
    ['id=npm,env=NPM_TOKEN', ['npm: NPM_TOKEN=npm-123456']],
    ['type=env,id=npm,env=NPM_TOKEN', ['npm: NPM_TOKEN=npm-123456']],
    ['type=env,id=npm,src=NPM_TOKEN', ['npm: NPM_TOKEN=npm-123456']],
    ['type=env,id=NPM_TOKEN', ['NPM_TOKEN: NPM_TOKEN=npm-123456']],
    ['id=NPM_TOKEN', ['NPM_TOKEN: NPM_TOKEN=npm-123456']],
    ['ID = npm , Env = ${NAME}', ['npm: NPM_TOKEN=npm-123456']],
    ['id=k,env=my.key-1', ['k: my.key-1=line 1\nline 2\n']],
    ['id=npmrc,src=.npmrc', ['npmrc: file .npmrc']],
    ['id=npmrc,source=config/${NAME}', ['npmrc: file config/NPM_TOKEN']],
    ['type=file,id=a/b:c@d,src=/etc/ssl/key.pem', ['a/b:c@d: file /etc/ssl/key.pem']],
    ['id=x,src=${WHERE}', ['x: file a,src=/etc/shadow']],
    ['\n id=a,src=a,\n\n  id=b,src=b\n', ['a: file a', 'b: file b']],
  ])('%j', (text, found) => {
    expect(secrets(text, job)).toEqual(found);
  });

  test('a line that an expansion leaves empty is left out, and told', () => {
    const given = { fields: { Secrets: 'id=npm,env=NPM_TOKEN\n${MORE:-}' }, job: { NPM_TOKEN: 'npm-123456' } };
    const { build, notes } = planOf(given);
    expect([build.secrets.length, notes]).toEqual([1, ['Secrets: line 2 is empty and is left out']]);
  });

  const FORM = 'a line is id=npm,env=NPM_TOKEN or id=npmrc,src=.npmrc';
  const PART = `has a part that is not key=value; ${FORM}`;
  const MOUNT = 'which is said in the Dockerfile: RUN --mount=type=secret,id=…';
  test.each<[string, string]>([
    ['env=NPM_TOKEN', `line 1 has no id; ${FORM}`],
    ['NPM_TOKEN', `line 1 ${PART}`],
    ['id=npm,NPM_TOKEN', `line 1 ${PART}`],
    ['${LINE}', `line 1 ${PART}`],
    ['id=a b,env=NPM_TOKEN', 'line 1 has the id "a b", which has other signs than letters, digits and _ . : / @ -'],
    ['id=npm,env=', 'line 1 leaves env empty'],
    ['id=npm,env=${NONE:-}', 'line 1 leaves env empty'],
    ['id=npm,id=x', 'line 1 gives id twice'],
    ['id=npm,src=a,source=b', 'line 1 gives src twice'],
    ['id=npm,env=NPM_TOKEN,src=a', 'line 1 names a variable and a file: one of env and src'],
    ['id=npm,type=file,env=NPM_TOKEN', 'line 1 has type=file and names a variable: a file is named by src'],
    ['id=npm,type=file', 'line 1 has type=file and no src'],
    ['id=npm,type=vault', 'line 1 has the type "vault"; there are env and file'],
    ['id=npm,env=a b', 'line 1 has an env that is not the name of a variable: letters, digits, `_`, `.` and `-`'],
    ['id=a/b', 'line 1 says neither env=VARIABLE nor src=FILE, and its id is not the name of a variable'],
    ['\n\nid=npm,target=/x', `line 3 has target, ${MOUNT},target=…`],
    ['id=npm,required=true', `line 1 has required, ${MOUNT},required=…`],
    ['npm=hunter22', `line 1 has "npm", which is not understood; there are id, env, src and type; ${FORM}`],
    [
      '"id=npm,env=NPM_TOKEN"',
      'line 1 begins a part with a quote: parts are not quoted; a comma within a value comes from a variable',
    ],
    ['id=npm,src=~/.npmrc', 'line 1 names "~/.npmrc": only a shell knows ~, so write the whole path'],
    ['id=npm,src=../x', 'line 1 names "../x", which leads out of the job\'s working directory'],
    ['id=npm,src=https://x/y', 'line 1 names "https://x/y", which is not a path: only files of the job are built from'],
    [
      'id=npm,src=${HOME}/.npmrc',
      'line 1 names "${HOME}/.npmrc", which becomes an absolute path by expansion: only a path that is typed as it is may be absolute',
    ],
    ['id=npm,env=NPM_TOKEN\nid=npm,src=a', 'line 2 names "npm", and so does line 1'],
    ['id=npm,src=a\u0007', '"a\\u0007" holds the control character U+0007'],
    ['id=npm,env=NPM_TOKN', 'line 1 (npm): the job has no variable NPM_TOKN; there is NPM_TOKEN'],
    ['id=npm,env=OTHER', 'line 1 (npm): the job has no variable OTHER'],
    ['id=AWS', "line 1 (AWS): the job has no variable AWS; the agent's is not used, because secrets come from the job"],
    ['id=npm,env=EMPTY', 'line 1 (npm): job variable EMPTY is empty'],
    ['id=npm,env=BIG', `line 1 (npm): job variable BIG has more than 512000 bytes, the most that BuildKit takes`],
  ])('%j: %s', (text, problem) => {
    const given: Given = {
      fields: { Secrets: text },
      job: {
        NPM_TOKEN: 'npm-123456',
        EMPTY: ' \n',
        HOME: '/home/go',
        LINE: 'id=npm,env=NPM_TOKEN',
        BIG: 'x'.repeat(MOST_SECRET_BYTES + 1),
      },
      agent: { AWS: 'of the agent' },
    };
    expect(problemsOf(given)).toEqual([`Secrets: ${problem}`]);
  });

  test('all problems of all lines come at once', () => {
    expect(problemsOf({ fields: { Secrets: 'id=a\nid=b,x=1\nenv=c', Target: '!' } })).toHaveLength(4);
  });

  test('a value that is too short to be masked is told', () => {
    expect(planOf({ fields: { Secrets: 'id=pin,env=PIN' }, job: { PIN: '1234' } }).notes).toEqual([
      'Secrets: the value of job variable PIN has fewer than 6 characters, too few to be masked',
    ]);
  });
});

describe('what a field names as a secret', () => {
  const given = {
    fields: {
      Secrets: 'id=a,env=ONE\nid=TWO\ntype=env,id=b,src=THREE\nid=c,src=FOUR\nid=!,env=FIVE,x=1',
      RegistryLogins: 'docker.io user=${USER} password-env=SIX\nnowhere.example.com password-env=SEVEN',
    },
    job: Object.fromEntries(
      ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE', 'SIX', 'SEVEN', 'USER'].map((name) => [name, `value-of-${name}`]),
    ),
  };

  test('is known to the mask, whatever its name, also where its line is wrong', () => {
    expect(secretsOf(surroundings(given)).map(({ name, certain }) => [name, certain])).toEqual(
      ['ONE', 'TWO', 'THREE', 'FIVE', 'SIX', 'SEVEN'].map((name) => [name, true]),
    );
  });

  test('is in no public field', () => {
    const fields = { Secrets: 'id=a,env=ONE', Tags: 'x-${ONE}' };
    expect(problemsOf({ fields, job: given.job })).toEqual([
      'Tags: tag "x-${ONE}" would show the value of variable ONE, which is a secret, to whoever may pull the image',
    ]);
  });

  test('is in no message', () => {
    expect(problemsOf(given).join('\n')).not.toContain('value-of-');
  });
});
