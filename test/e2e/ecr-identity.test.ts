import { describeWithLab, lab, labClient } from '../lab/client';
import { PUSH_POLICY } from '../lab/policies';
import { expectDone, expectFailed, operations, sized } from './ecr';
import { Scene, startE2eAgent, type E2eAgent } from './scene';
import { until } from './processes';

jest.setTimeout(120_000);

const HOME = '123456789012';
const NO_KEYS = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };

describeWithLab('who pushes', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('AWS’s push policy and nothing more is enough for tags and floating tags', async () => {
    const scene = await Scene.open(agent, sized('minimal\n'));
    await scene.scope.allow(PUSH_POLICY);
    const log = expectDone(await scene.execute({ Tags: '1,2', FloatingTags: 'latest' }), 'PUSHED');
    expect(log).toContain('ecr:DescribeRepositories is denied');
    expect((await scene.pushed('latest'))?.digest).toBe((await scene.pushed('1'))?.digest);
  });

  test('a role with an external id; what its policy lacks is named with the resource', async () => {
    const scene = await Scene.open(agent, sized('role\n'));
    await scene.scope.allow(['sts:AssumeRole']);
    const role = await scene.scope.role('push', { account: HOME, externalId: 'agreed', allowed: PUSH_POLICY });
    const wrong = expectFailed(await scene.execute({ AssumeRole: role, ExternalId: 'other' }), /^AWS_DENIED: /);
    expect(wrong).toContain(`AWS denies sts:AssumeRole on ${role}`);
    expect(await operations(scene)).not.toContain('GetAuthorizationToken');
    const fields = { AssumeRole: role, ExternalId: 'agreed' };
    const who = `aws      eu-west-1 ${HOME} role ${scene.scope.prefix}-push (field AssumeRole, with job variables)`;
    expectDone(await scene.execute(fields), who);
    const calls = (await scene.scope.awsRequests()).filter(({ service }) => service === 'ecr');
    expect(new Set(calls.map(({ arn }) => arn))).toEqual(
      new Set([`arn:aws:sts::${HOME}:assumed-role/${scene.scope.prefix}-push/gocd-${scene.scope.prefix}-7`]),
    );

    const allowed = PUSH_POLICY.filter((action) => action !== 'ecr:InitiateLayerUpload');
    await scene.scope.role('push', { account: HOME, externalId: 'agreed', allowed });
    scene.write({ content: 'denied\n' });
    const denied = expectFailed(await scene.execute({ ...fields, Tags: '2' }), /^PUSH_DENIED: /);
    const resource = `arn:aws:ecr:${lab().registry.region}:${HOME}:repository/${scene.scope.name('app')}`;
    expect(denied).toContain(
      `Allow ecr:InitiateLayerUpload on ${resource} for the identity that the token was issued to`,
    );
  });

  test('a role and a token that expire in the middle of a push are both renewed', async () => {
    const scene = await Scene.open(agent, sized(`expires ${Date.now()}\n`));
    const { scope } = scene;
    const role = await scope.role('push', { account: HOME });
    const match = { method: 'POST', path: '/blobs/uploads/' };
    await scope.fault({ on: 'registry', match, times: 'always', action: { delayMs: 500 } });
    const job = scene.execute({ AssumeRole: role, Tags: '1,2' });
    await until('the push has begun', async () =>
      (await scope.registryRequests()).some(({ method }) => method === 'POST'),
    );
    await Promise.all([scope.expireSessions(), scope.expireTokens()]);
    expectDone(await job, 'PUSHED');
    expect((await operations(scene)).filter((operation) => operation === 'AssumeRole')).toHaveLength(2);
    expect((await scene.pushed('2'))?.digest).toBe((await scene.pushed('1'))?.digest);
  });

  test('AwsProfile chooses among the profiles of the job’s own file', async () => {
    const scene = await Scene.open(agent, sized('profile\n'));
    const { accessKeyId, secretAccessKey } = scene.scope;
    const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
    scene.write({ '.aws': `[default]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n[release]\n${keys}` });
    const variables = { ...NO_KEYS, AWS_SHARED_CREDENTIALS_FILE: `${scene.folder}/.aws` };
    expectDone(await scene.execute({ AwsProfile: 'release' }, { variables }), 'profile release', 'field AwsProfile');
    expect((await scene.scope.awsRequests()).length).toBeGreaterThan(0);
  });
});

const AGENT_KEY = { AWS_ACCESS_KEY_ID: 'AKIAAGENTAGENTAGENT1', AWS_SECRET_ACCESS_KEY: 'the-agents-own-secret' };

// security.md 18 in short: what belongs together comes from one side.
describeWithLab('credentials, endpoints and files of mixed origin', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent({ env: { AWS_ENDPOINT_URL: lab().awsUrl, ...AGENT_KEY } })));
  afterAll(() => agent.end());

  test.each([
    ['the agent’s credentials and the job’s endpoint', { ...NO_KEYS, AWS_ENDPOINT_URL: 'AWS' }, 'AWS_ENDPOINT_URL'],
    ['the agent’s credentials and the job’s STS', { ...NO_KEYS, AWS_ENDPOINT_URL_STS: 'AWS' }, 'AWS_ENDPOINT_URL_STS'],
    ['the agent’s credentials and the job’s CA', { ...NO_KEYS, AWS_CA_BUNDLE: '/tmp/ca.pem' }, 'AWS_CA_BUNDLE'],
    [
      'the agent’s key and the job’s session token',
      { ...NO_KEYS, AWS_SESSION_TOKEN: 'of-the-job' },
      'AWS_SESSION_TOKEN',
    ],
    ['a role without a token file', { ...NO_KEYS, AWS_ROLE_ARN: `arn:aws:iam::${HOME}:role/x` }, 'AWS_ROLE_ARN'],
    [
      'the job’s container credentials',
      { ...NO_KEYS, AWS_CONTAINER_CREDENTIALS_FULL_URI: 'AWS' },
      'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    ],
    [
      'the job’s token file and the job’s STS',
      {
        ...NO_KEYS,
        AWS_ROLE_ARN: `arn:aws:iam::${HOME}:role/x`,
        AWS_WEB_IDENTITY_TOKEN_FILE: '/tmp/token',
        AWS_ENDPOINT_URL_STS: 'AWS',
      },
      'AWS_ENDPOINT_URL_STS',
    ],
  ])('%s: refused, and nobody is asked', async (_what, variables, named) => {
    const scene = await Scene.open(agent);
    const asked = (await labRequests()).length;
    const filled = Object.entries(variables).map(([name, value]) => [name, value === 'AWS' ? lab().awsUrl : value]);
    const done = await scene.execute({}, { variables: Object.fromEntries(filled) as Record<string, string> });
    const log = expectFailed(done, /^CONFIG_INVALID: /);
    expect(log).toContain(named);
    expect((await labRequests()).length).toBe(asked);
  });

  test('each side’s own: the job’s key at the agent’s endpoint, the job’s key at the job’s, the agent’s at its own', async () => {
    const scene = await Scene.open(agent, sized('sides\n'));
    expectDone(await scene.execute({ Mode: 'check' }), 'job variable');
    const own = { variables: { AWS_ENDPOINT_URL: lab().awsUrl } };
    expectDone(await scene.execute({ Mode: 'check' }, own));
    const before = (await scene.scope.awsRequests()).length;
    expect(before).toBeGreaterThan(0);
    expectDone(await scene.execute({ Mode: 'check' }, { variables: NO_KEYS }), 'agent environment');
    expect((await scene.scope.awsRequests()).length).toBe(before);
    expect((await labRequests()).length).toBeGreaterThan(0);
  });

  /** Of this agent's key. */
  async function labRequests() {
    const all = await labClient.requests();
    return all.filter((record) => record.on === 'aws' && record.accessKeyId === AGENT_KEY.AWS_ACCESS_KEY_ID);
  }
});
