import { looksSecret, secretsOf } from '../../../src/config/secrets';
import { planOf, problemsOf, surroundings, type Given } from './given';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const OTHER = '210987654321.dkr.ecr.us-east-1.amazonaws.com';

describe('names that look secret', () => {
  test.each([
    'PASSWORD',
    'DB_PASSWORD',
    'DB_PASSWORD_PROD',
    'db.password',
    'dbPassword',
    'npm_token',
    'NPM_TOKEN',
    'npmToken',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_ACCESS_KEY_ID',
    'API_KEY',
    'APIKEY',
    'SSH_PRIVATE_KEY',
    'GO_EA_AUTO_REGISTER_KEY',
    'SIGNING_KEY_PASSPHRASE',
    'CLIENT_SECRET',
    'SECRETS',
    'CREDENTIALS',
    'DB_PASS',
    'DB_PWD',
    'NPM_AUTH',
    'KEY',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  ])('%s', (name) => {
    expect(looksSecret(name)).toBe(true);
  });

  test.each([
    'PATH',
    'HOME',
    'PWD',
    'OLDPWD',
    'MONKEY',
    'KEYBOARD',
    'TOKENIZER',
    'COMPASS',
    'BYPASS',
    'GO_REVISION_TOKEN',
    'GO_MATERIAL_URL_SECRET_STORE',
    'GO_PIPELINE_LABEL',
    'GO_TO_REVISION_KEY',
    'SECRET_NAME',
    'SECRETS_PROVIDER',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'TOKEN_TTL',
    'SSH_AUTH_SOCK',
    'PASSWORD_FILE',
    'TOKEN_ENDPOINT',
    'AUTHOR',
    'KEY_ID',
  ])('not %s', (name) => {
    expect(looksSecret(name)).toBe(false);
  });
});

describe('what is masked', () => {
  function found(given: Given): (string | boolean)[][] {
    return secretsOf(surroundings(given)).map(({ name, value, certain }) => [name, value.reveal(), certain]);
  }

  test('what GoCD marks secure, what looks secret, on both sides, and passwords in URLs', () => {
    expect(
      found({
        job: { VAULT: 'from-gocd', NPM_TOKEN: 'npm-123456', PLAIN: 'visible', DB: 'postgres://app:p%40ssw0rd@db/x' },
        agent: { AWS_SECRET_ACCESS_KEY: 'agent-key', HTTPS_PROXY: 'http://me:proxypass@proxy:1' },
        secure: ['VAULT'],
      }),
    ).toEqual([
      ['VAULT', 'from-gocd', true],
      ['NPM_TOKEN', 'npm-123456', false],
      ['DB', 'p%40ssw0rd', false],
      ['DB', 'p@ssw0rd', false],
      ['AWS_SECRET_ACCESS_KEY', 'agent-key', false],
      ['HTTPS_PROXY', 'proxypass', false],
    ]);
  });

  test('from six characters on, without blanks around, once, the certain name first', () => {
    expect(
      found({
        job: { A_TOKEN: '12345', B_TOKEN: ' 123456\n', C: '123456', D_TOKEN: '123456', E: 'https://u:%E0%A4%A@h' },
        secure: ['C'],
      }),
    ).toEqual([
      ['C', '123456', true],
      ['E', '%E0%A4%A', false],
    ]);
  });

  test('is in the plan, where it prints as ****', () => {
    const { secrets } = planOf({ job: { NPM_TOKEN: 'npm-123456' } });
    expect(JSON.stringify(secrets)).toBe('[{"name":"NPM_TOKEN","value":"****"}]');
    expect(secrets[0]?.value.reveal()).toBe('npm-123456');
  });
});

describe('a secret in a public field', () => {
  const WHO = 'which is a secret, to whoever may pull the image';
  test.each<[Given, string]>([
    [
      { fields: { Tags: 'v-${VAULT}' }, job: { VAULT: 'hidden-1' }, secure: ['VAULT'] },
      `Tags: tag "v-\${VAULT}" would show the value of variable VAULT, ${WHO}`,
    ],
    [
      { fields: { Tags: 'hidden-1' }, job: { VAULT: 'hidden-1' }, secure: ['VAULT'] },
      `Tags: tag "****" would show the value of variable VAULT, ${WHO}`,
    ],
    [
      { fields: { Tags: 'v-${NPM_TOKEN}' }, job: { NPM_TOKEN: 'hidden-1' } },
      `Tags: tag "v-\${NPM_TOKEN}" would show the value of variable NPM_TOKEN, ${WHO}`,
    ],
    [
      { fields: { Tags: '${COPY}' }, job: { COPY: 'x-hidden-1' }, agent: { NPM_TOKEN: 'hidden-1' } },
      `Tags: tag "\${COPY}" would show the value of variable NPM_TOKEN, ${WHO}`,
    ],
    [
      { fields: { Labels: 'a=${VAULT}' }, job: { VAULT: 'hidden-1' }, secure: ['VAULT'] },
      `Labels: label "a" would show the value of variable VAULT, ${WHO}`,
    ],
    [
      { fields: { Labels: '${VAULT}=a' }, job: { VAULT: 'hidden-1' }, secure: ['VAULT'] },
      `Labels: label "\${VAULT}" would show the value of variable VAULT, ${WHO}`,
    ],
    [
      { fields: { Repository: 'shop/${VAULT}' }, job: { VAULT: 'hidden-1' }, secure: ['VAULT'] },
      `Repository: would show the value of variable VAULT, ${WHO}`,
    ],
  ])('%j', (given, problem) => {
    expect(problemsOf(given)).toEqual([problem]);
  });

  const LOG = 'which is a secret, to whoever reads the log';
  const vault = (VAULT: string): Given => ({ job: { VAULT }, secure: ['VAULT'] });
  test.each<[Record<string, string>, string]>([
    [{ FloatingTags: 'b-${VAULT}' }, `FloatingTags: tag "b-\${VAULT}" would show the value of variable VAULT, ${WHO}`],
    [{ Source: 'cart:${VAULT}' }, `Source: would show the value of variable VAULT, ${LOG}`],
    [
      { AlsoPushTo: `${OTHER}/xx\n${OTHER}/\${VAULT}` },
      `AlsoPushTo: line 2, "${OTHER}/\${VAULT}", would show the value of variable VAULT, ${WHO}`,
    ],
    [
      { AlsoPushTo: `${OTHER}/xx role=arn:aws:iam::210987654321:role/\${VAULT}` },
      `AlsoPushTo: line 1, role, would show the value of variable VAULT, ${LOG}`,
    ],
    [
      { RegistryLogins: `${OTHER} role=arn:aws:iam::210987654321:role/\${VAULT}` },
      `RegistryLogins: line 1, role, would show the value of variable VAULT, ${LOG}`,
    ],
    [
      { AssumeRole: 'arn:aws:iam::123456789012:role/${VAULT}' },
      `AssumeRole: would show the value of variable VAULT, ${LOG}`,
    ],
    [
      { AssumeRole: 'arn:aws:iam::123456789012:role/x', ExternalId: '${VAULT}' },
      `ExternalId: would show the value of variable VAULT, ${LOG}`,
    ],
  ])('%j', (fields, problem) => {
    expect(problemsOf({ fields, ...vault('hidden-1') })).toEqual([problem]);
  });

  test('an account id in a role or in the address of a target is only mentioned', () => {
    const fields = { AlsoPushTo: `${OTHER}/xx role=arn:aws:iam::210987654321:role/x` };
    const WHAT = 'its account id is the value of variable VAULT, which is a secret';
    expect(planOf({ fields, ...vault('210987654321') }).notes).toEqual([
      `AlsoPushTo: ${WHAT}; the address shows it`,
      `AlsoPushTo: ${WHAT}; the ARN shows it`,
    ]);
    const other = { AssumeRole: 'arn:aws:iam::210987654321:role/x210987654321' };
    expect(problemsOf({ fields: other, ...vault('210987654321') })).toEqual([
      `AssumeRole: would show the value of variable VAULT, ${LOG}`,
    ]);
  });

  test('what only looks secret and is typed in the field is none', () => {
    expect(planOf({ fields: { Tags: 'latest' }, job: { SERVICE_KEY: 'latest' } }).tags).toEqual(['latest']);
  });

  test('an account id in the host is only mentioned', () => {
    const given = { fields: { Repository: `${HOST}/app` }, job: { ACCOUNT: '123456789012' }, secure: ['ACCOUNT'] };
    expect(planOf(given).notes).toEqual([
      'Repository: its account id is the value of variable ACCOUNT, which is a secret; the address shows it',
    ]);
    expect(problemsOf({ ...given, fields: { Repository: `${HOST}/x123456789012` } })).toEqual([
      `Repository: would show the value of variable ACCOUNT, ${WHO}`,
    ]);
  });

  test('in a build argument it is warned about', () => {
    const given = {
      fields: { BuildArgs: 'A=x${VAULT}\nNPM_TOKEN\nB=1' },
      job: { VAULT: 'hidden-1', NPM_TOKEN: 'npm-123456' },
      secure: ['VAULT'],
    };
    expect(planOf(given).notes).toEqual([
      "BuildArgs: A holds the value of variable VAULT, which is a secret: it ends up in the image's history; the field Secrets hands it to a step without that",
      "BuildArgs: NPM_TOKEN holds the value of variable NPM_TOKEN, which is a secret: it ends up in the image's history; the field Secrets hands it to a step without that",
    ]);
  });

  test('a label of ours that would show one is left out', () => {
    const plan = planOf({ job: { NPM_TOKEN: 'hidden-1', GO_MATERIAL_URL: 'https://git.example.com/hidden-1/x' } });
    expect(plan.build.labels.has('org.opencontainers.image.source')).toBe(false);
    expect(plan.notes).toEqual([
      'label org.opencontainers.image.source is left out: it would show the value of variable NPM_TOKEN, which is a secret',
    ]);
  });

  test('no message shows one, whole or cut', () => {
    const token = 'hidden-value-1';
    const given = {
      fields: {
        Tags: `\${T}/x,${'y'.repeat(90)}/\${T}`,
        Target: '${T} x',
        DockerHost: 'a b ${T}',
        Mode: token,
        [token]: 'x',
      },
      job: { T: token, DOCKER_HOST: token, AWS_REGION: token, AWS_ENDPOINT_URL: `ftp://${token}` },
      secure: ['T'],
    };
    const problems = problemsOf(given);
    expect(problems).toHaveLength(8);
    expect(problems.join('\n')).not.toMatch(/hidden/);
  });
});
