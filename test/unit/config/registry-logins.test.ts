import { normalHost } from '../../../src/domain/registry-host';
import { planOf, problemsOf, type Given } from './given';

const OWN = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const ROLE = 'arn:aws:iam::210987654321:role/gocd-pull';
const OTHER = '210987654321.dkr.ecr.us-east-1.amazonaws.com';

describe('RegistryLogins', () => {
  function logins(text: string, given: Given = {}): string[] {
    const job = { HUB_TOKEN: 'hub-123456', HUB_USER: 'shop team', ...given.job };
    const { build } = planOf({ ...given, fields: { ...given.fields, RegistryLogins: text }, job });
    return build.logins.map((login) =>
      login.kind === 'ecr'
        ? `${login.host} ecr ${login.registry.accountId ?? ''} ${login.registry.region}`
        : `${login.host} ${login.username} ${login.password.reveal()}`,
    );
  }

  test.each<[string, string[]]>([
    ['docker.io user=u password-env=HUB_TOKEN', ['docker.io u hub-123456']],
    ['Index.Docker.IO  user=${HUB_USER}\tpassword-env=HUB_TOKEN', ['docker.io shop team hub-123456']],
    ['https://index.docker.io/v1/ user=u password-env=HUB_TOKEN', ['docker.io u hub-123456']],
    ['password-env=HUB_TOKEN user=u Registry.Example.com.:443', ['registry.example.com u hub-123456']],
    ['localhost:5000 user=u password-env=HUB_TOKEN', ['localhost:5000 u hub-123456']],
    ['[fd00::7]:5000 user=u password-env=HUB_TOKEN', ['[fd00::7]:5000 u hub-123456']],
    [OTHER.toUpperCase(), [`${OTHER} ecr 210987654321 us-east-1`]],
    [`${OTHER} user=AWS password-env=HUB_TOKEN`, [`${OTHER} AWS hub-123456`]],
    [
      'a.io user=u password-env=HUB_TOKEN\nb.io user=v password-env=HUB_TOKEN',
      ['a.io u hub-123456', 'b.io v hub-123456'],
    ],
  ])('%j', (text, found) => {
    expect(logins(text)).toEqual(found);
  });

  test('an ECR registry may be read by a role of its own, with the external id of the task', () => {
    const fields = { RegistryLogins: `${OTHER} role=${ROLE}`, ExternalId: 'shop-7' };
    const [login] = planOf({ fields }).build.logins;
    expect(login?.kind === 'ecr' && login.role).toEqual({
      arn: { value: ROLE, origin: { kind: 'field', name: 'RegistryLogins' } },
      externalId: 'shop-7',
      sessionName: 'gocd-cart-42',
    });
  });

  test.each([OWN, `${OWN} user=AWS password-env=NONE`])('the registry that is pushed to needs none: %s', (line) => {
    const given = { fields: { Repository: `${OWN}/app`, RegistryLogins: line } };
    expect(planOf(given)).toMatchObject({
      build: { logins: [] },
      notes: [`RegistryLogins: ${OWN} is left out: the login of the registry that is pushed to needs no line`],
    });
  });

  test('the registry that is pushed to is known by any spelling of its host', () => {
    const fields = {
      Mode: 'build',
      Repository: 'Registry.example.com:443/app',
      RegistryLogins: 'registry.example.com user=u password-env=NONE',
    };
    expect(planOf({ fields }).build.logins).toEqual([]);
  });

  test('a name of the user may be kept as a secret', () => {
    expect(logins('docker.io user=${HUB_USER} password-env=HUB_TOKEN', { secure: ['HUB_USER'] })).toEqual([
      'docker.io shop team hub-123456',
    ]);
  });

  test('a password that is too short to be masked is told', () => {
    const given = { fields: { RegistryLogins: 'a.io user=u password-env=PW' }, job: { PW: 'pw' } };
    expect(planOf(given).notes).toEqual([
      'RegistryLogins: the value of job variable PW has fewer than 6 characters, too few to be masked',
    ]);
  });

  const FORM =
    'a line is docker.io user=NAME password-env=VARIABLE, or the host of an ECR registry, with role=ARN or without';
  test.each<[string, string]>([
    ['user=u password-env=HUB_TOKEN', `line 1 has no host; ${FORM}`],
    ['docker.io u s3cr3t-word', `line 1 has more than a host, user=, password-env= and role=; ${FORM}`],
    [
      'docker.io',
      'line 1 names docker.io without user=NAME and password-env=VARIABLE; only an ECR registry stands alone',
    ],
    ['docker.io user=u', 'line 1 names docker.io without password-env=VARIABLE; only an ECR registry stands alone'],
    [`${OTHER} password-env=HUB_TOKEN`, `line 1 names ${OTHER} without user=NAME; only an ECR registry stands alone`],
    ['public.ecr.aws', 'line 1 names public.ecr.aws, which everybody may read: leave the line out'],
    [
      'docker.io user=u password=s3cr3t-word',
      'line 1 holds a password, which everybody can read there: put it in a secure variable of the job and name that, password-env=VARIABLE',
    ],
    ['docker.io username=u password-env=HUB_TOKEN', 'line 1 has username, which is written user=NAME'],
    [
      `${OTHER} role=gocd-pull`,
      'line 1 has role="gocd-pull", which is not the ARN of a role, such as arn:aws:iam::123456789012:role/gocd-push',
    ],
    [
      `${OTHER} role=arn:aws-cn:iam::210987654321:role/x`,
      "line 1: arn:aws-cn:iam::210987654321:role/x is a role of partition aws-cn, and the registry's region us-east-1 is of partition aws",
    ],
    [`docker.io role=${ROLE}`, 'line 1 names docker.io with role=, which is for an ECR registry'],
    [
      `${OTHER} user=AWS password-env=HUB_TOKEN role=${ROLE}`,
      `line 1 names ${OTHER} with user= or password-env=, and with role=: an ECR registry needs a role or nothing`,
    ],
    ['ecr-public.aws.com', 'line 1 names ecr-public.aws.com, which everybody may read: leave the line out'],
    ['docker.io user=u pass=x', 'line 1 has "pass", which is not understood; there are user, password-env and role'],
    [
      'u:s3cr3t-word@docker.io',
      'line 1 names a user before its host: write the host, user=NAME and password-env=VARIABLE',
    ],
    [
      'https://a.io user=u password-env=HUB_TOKEN',
      'line 1 names "https://a.io", which is a URL: write the host without its scheme',
    ],
    ['a.io/team user=u password-env=HUB_TOKEN', 'line 1 names "a.io/team", which has a path: write the host alone'],
    [
      'registry user=u password-env=HUB_TOKEN',
      'line 1 names "registry", which is not the host of a registry, such as docker.io or registry.example.com:5000',
    ],
    [
      `${'a.'.repeat(200)}io user=u password-env=HUB_TOKEN`,
      `line 1 names "${'a.'.repeat(50)}…", which is not the host of a registry, such as docker.io or registry.example.com:5000`,
    ],
    [
      'a.io user=u password-env=$HUB_TOKEN',
      'line 1 has a password-env that is not the name of a variable: letters, digits, `_`, `.` and `-`',
    ],
    ['a.io user=u password-env=HUB_TOKN', 'line 1 (a.io): the job has no variable HUB_TOKN; there is HUB_TOKEN'],
    ['a.io user=u password-env=EMPTY', 'line 1 (a.io): job variable EMPTY is empty'],
    [
      'a.io user=u password-env=AGENT',
      "line 1 (a.io): the job has no variable AGENT; the agent's is not used, because secrets come from the job",
    ],
    [
      'docker.io user=u password-env=HUB_TOKEN\nindex.docker.io user=v password-env=HUB_TOKEN',
      'line 2 names "docker.io", and so does line 1',
    ],
  ])('%j: %s', (text, problem) => {
    const given = {
      fields: { RegistryLogins: text },
      job: { HUB_TOKEN: 'hub-123456', EMPTY: '' },
      agent: { AGENT: 'x' },
    };
    expect(problemsOf(given)).toEqual([`RegistryLogins: ${problem}`]);
    expect(problem).not.toContain('s3cr3t-word');
  });
});

test.each([
  ['Docker.io', 'docker.io'],
  ['registry-1.docker.io', 'docker.io'],
  ['registry-1.docker.io:443', 'docker.io'],
  ['a.io.', 'a.io'],
  ['a.io.:5000', 'a.io:5000'],
  [`${OWN}.evil.io`, `${OWN}.evil.io`],
  ['hub.docker.com', 'hub.docker.com'],
  ['a.io:4430', 'a.io:4430'],
])('host %s is %s', (host, normal) => {
  expect(normalHost(host)).toBe(normal);
});
