import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assumed, fault, json, startFakeAws } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { HOST, KEYS, TOKEN, calm, open, told } from './opening';
import { startProxy } from './proxy-server';

/** Whatever lies around, the credentials, files and endpoints are those of the plan's side (security: one origin). */
let aws: FakeAws;
let hostile: FakeAws;
let home: string;
const more: (() => Promise<void>)[] = [];
const before = { ...process.env };

beforeEach(async () => {
  [aws, hostile] = await Promise.all([startFakeAws(), startFakeAws()]);
  const issued = json({
    authorizationData: [{ authorizationToken: TOKEN, expiresAt: 2e9, proxyEndpoint: `https://${HOST}` }],
  });
  aws.answer('GetAuthorizationToken', issued);
  hostile.answer('GetAuthorizationToken', issued);
  home = mkdtempSync(join(tmpdir(), 'ecr-home-'));
});

afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
  rmSync(home, { recursive: true });
  await Promise.all([aws.close(), hostile.close(), ...more.splice(0).map((close) => close())]);
});

function write(name: string, ...lines: readonly string[]): string {
  writeFileSync(join(home, name), `${lines.join('\n')}\n`);
  return join(home, name);
}

/** The agent's own AWS files, as they lie in its home. */
function agentFiles(...config: readonly string[]): void {
  mkdirSync(join(home, '.aws'));
  write('.aws/config', ...config);
  write(
    '.aws/credentials',
    '[default]',
    'aws_access_key_id = AKIAAGENT00000000000',
    'aws_secret_access_key = agent-secret',
  );
  process.env['HOME'] = home;
}

const awsNames = (): string[] =>
  Object.keys(process.env)
    .filter((name) => name.startsWith('AWS_'))
    .sort();

describe('what lies around in the process', () => {
  it('never reaches a call of the job', async () => {
    agentFiles(
      '[default]',
      `endpoint_url = ${hostile.url}`,
      'region = us-east-1',
      '[profile evil]',
      'region = us-east-2',
    );
    Object.assign(process.env, {
      AWS_PROFILE: 'evil',
      AWS_ACCESS_KEY_ID: 'AKIAHOSTILE000000000',
      AWS_SECRET_ACCESS_KEY: 'hostile',
      AWS_SESSION_TOKEN: 'hostile-session',
      AWS_ENDPOINT_URL: hostile.url,
      AWS_ENDPOINT_URL_ECR: hostile.url,
      AWS_REGION: 'us-east-1',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_MAX_ATTEMPTS: '99',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/nonexistent',
      aws_profile: 'evil',
    });
    await (await open({ endpoint: aws.url })).authorize(calm);
    expect(hostile.seen).toEqual([]);
    const [{ headers }] = aws.seen as [(typeof aws.seen)[0]];
    expect(headers.authorization).toMatch(/Credential=AKIAEXAMPLEKEY003F2A\/\d{8}\/eu-west-1\/ecr\/aws4_request/);
    expect(headers['x-amz-security-token']).toBeUndefined();
    expect(process.env['aws_profile']).toBeUndefined();
    expect(awsNames()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_CONFIG_FILE',
      'AWS_EC2_METADATA_DISABLED',
      'AWS_ENDPOINT_URL_ECR',
      'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SHARED_CREDENTIALS_FILE',
    ]);
  });

  it("never reaches a call of the agent, whose home is the plan's", async () => {
    agentFiles('[default]', 'region = eu-north-1');
    const elsewhere = mkdtempSync(join(tmpdir(), 'ecr-elsewhere-'));
    Object.assign(process.env, { HOME: elsewhere, AWS_PROFILE: 'evil', AWS_ENDPOINT_URL_ECR: hostile.url });
    const ecr = await open({ side: 'agent', region: null, environment: { HOME: home, AWS_ENDPOINT_URL: aws.url } });
    rmSync(elsewhere, { recursive: true });
    expect(ecr.region).toBe('eu-north-1');
    aws.answer('DescribeRepositories', fault('RepositoryNotFoundException', 'not there'));
    expect((await told(ecr.describeRepository('team/app', calm))).message).toBe(
      'Repository team/app does not exist in the registry of these credentials, region eu-north-1 (profile default)',
    );
    expect(hostile.seen).toEqual([]);
    expect(aws.seen[0]?.headers.authorization).toMatch(/Credential=AKIAAGENT00000000000\/\d{8}\/eu-north-1\//);
  });

  it("does not complete a job's profile from the agent's files", async () => {
    agentFiles('[default]', 'region = eu-west-1');
    const config = write(
      'job-config',
      '[profile ci]',
      'role_arn = arn:aws:iam::999999999999:role/x',
      'source_profile = default',
    );
    const environment = { AWS_PROFILE: 'ci', AWS_CONFIG_FILE: config, AWS_ENDPOINT_URL_STS: hostile.url };
    const { code } = await told((await open({ endpoint: aws.url, environment })).authorize(calm));
    expect(code).toBe('AWS_NO_CREDENTIALS');
    expect([...aws.seen, ...hostile.seen]).toEqual([]);
  });
});

describe('role, profile and proxy', () => {
  const role = {
    arn: { value: 'arn:aws:iam::111122223333:role/x', origin: { kind: 'job-variable', name: 'ROLE' } },
    externalId: undefined,
    sessionName: 's',
  } as const;
  const profile = { value: 'ci', origin: { kind: 'field', name: 'AwsProfile' } } as const;
  const signer = (operation: string): string | undefined =>
    /Credential=([^/]+)\//.exec(aws.seen.find((one) => one.operation === operation)?.headers.authorization ?? '')?.[1];

  it("a role that the job names is assumed with the agent's credentials, at the agent's endpoint", async () => {
    agentFiles('[default]', 'region = eu-north-1');
    Object.assign(process.env, { AWS_ENDPOINT_URL_STS: hostile.url, AWS_ROLE_ARN: 'arn:aws:iam::9:role/evil' });
    aws.answer('AssumeRole', assumed('AssumeRole', 'ASIAROLE000000000001'));
    const environment = { HOME: home, AWS_ENDPOINT_URL: aws.url };
    await (await open({ side: 'agent', environment, role })).authorize(calm);
    expect([signer('AssumeRole'), signer('GetAuthorizationToken')]).toEqual([
      'AKIAAGENT00000000000',
      'ASIAROLE000000000001',
    ]);
    expect(hostile.seen).toEqual([]);
  });

  it("a role is not assumed with the agent's credentials where the job's are missing", async () => {
    agentFiles('[default]', 'region = eu-north-1');
    const environment = { AWS_ENDPOINT_URL: aws.url };
    expect((await told((await open({ environment, role })).authorize(calm))).code).toBe('AWS_NO_CREDENTIALS');
    expect(aws.seen).toEqual([]);
  });

  it("a profile that the field names is one of the agent's where the credentials are the agent's", async () => {
    agentFiles('[default]', 'region = eu-north-1', '[profile ci]', 'aws_access_key_id = AKIACI');
    write('.aws/credentials', '[ci]', 'aws_access_key_id = AKIAOFCI', 'aws_secret_access_key = secret-of-ci');
    const environment = { HOME: home, AWS_PROFILE: 'ci', AWS_ENDPOINT_URL: aws.url };
    await (await open({ side: 'agent', environment, profile })).authorize(calm);
    expect(signer('GetAuthorizationToken')).toBe('AKIAOFCI');
  });

  it("is never passed over for the job's keys, nor looked up in the agent's files for them", async () => {
    agentFiles('[profile ci]', 'aws_access_key_id = AKIACI', 'aws_secret_access_key = secret-of-ci');
    const environment = { ...KEYS, AWS_PROFILE: 'ci' };
    expect(await told((await open({ endpoint: aws.url, environment, profile })).authorize(calm))).toEqual({
      code: 'AWS_NO_CREDENTIALS',
      hop: 'agent-aws',
      blame: 'config',
      message: "Profile ci, named by field AwsProfile, is not in the job's AWS files (it names none)",
      hint: 'Add the profile to one of these files, or correct or remove field AwsProfile',
      words: undefined,
      transient: false,
    });
    expect(aws.seen).toEqual([]);
  });

  it('a proxy that lies around is not asked', async () => {
    const proxy = await startProxy(aws.port);
    more.push(() => proxy.close());
    Object.assign(process.env, { HTTPS_PROXY: proxy.url, https_proxy: proxy.url, NODE_USE_ENV_PROXY: '1' });
    const { code } = await told((await open({ endpoint: 'https://aws.invalid' })).authorize(calm));
    expect([code, proxy.asked]).toEqual(['AWS_UNREACHABLE', []]);
  });
});

describe('what a profile file of the job may not do', () => {
  const refused = async (...lines: readonly string[]): Promise<unknown> => {
    const environment = { AWS_PROFILE: 'ci', AWS_CONFIG_FILE: write('job-config', ...lines) };
    return told((await open({ endpoint: aws.url, environment })).authorize(calm));
  };
  const refusal = (name: string, means: string): unknown => ({
    code: 'AWS_NO_CREDENTIALS',
    hop: 'agent-aws',
    blame: 'config',
    message: `Profile ${name} comes from the job's AWS files and wants ${means}, which works from the agent's own AWS files only`,
    hint: 'Put that profile into the AWS files of the agent and let the job name it, or give the job keys',
    words: undefined,
    transient: false,
  });

  it('run a program', async () => {
    const marker = join(home, 'it-ran');
    expect(await refused('[profile ci]', `credential_process = touch ${marker}`)).toEqual(
      refusal('ci', 'credential_process'),
    );
    expect(existsSync(marker)).toBe(false);
  });

  it('run a program by way of another profile', async () => {
    const marker = join(home, 'it-ran');
    const lines = [
      '[profile ci]',
      'role_arn = x',
      'source_profile = b',
      '[profile b]',
      `credential_process = touch ${marker}`,
    ];
    expect(await refused(...lines)).toEqual(refusal('b', 'credential_process'));
    expect(existsSync(marker)).toBe(false);
  });

  it.each(['sso_session', 'sso_start_url', 'sso_account_id', 'sso_region', 'sso_role_name', 'login_session'])(
    'use the session of the agent: %s',
    async (key) => {
      expect(await refused('[profile ci]', `${key} = x`)).toEqual(refusal('ci', key));
    },
  );

  it.each(['Ec2InstanceMetadata', 'EcsContainer'])('take the role of the machine: %s', async (source) => {
    expect(await refused('[profile ci]', 'role_arn = x', `credential_source = ${source}`)).toEqual(
      refusal('ci', `credential_source=${source}`),
    );
  });

  it("take the job's keys by credential_source is allowed", async () => {
    const lines = ['[profile ci]', `role_arn = arn:aws:iam::111122223333:role/x`, 'credential_source = Environment'];
    const environment = {
      ...KEYS,
      AWS_PROFILE: 'ci',
      AWS_CONFIG_FILE: write('job-config', ...lines),
      AWS_ENDPOINT_URL: aws.url,
    };
    await told((await open({ environment })).authorize(calm));
    const assumed = aws.seen.filter((one) => one.operation === 'AssumeRole');
    expect(assumed[0]?.headers.authorization).toContain('Credential=AKIAEXAMPLEKEY003F2A/');
  });

  it('go round in circles', async () => {
    expect(await refused('[profile ci]', 'role_arn = x', 'source_profile = ci')).toMatchObject({
      code: 'AWS_NO_CREDENTIALS',
      message: "No AWS credentials could be had from profile ci, role x (job's AWS files)",
    });
  });
});

describe('a web identity of the job', () => {
  const role = 'arn:aws:iam::111122223333:role/x';
  const refusal = (what: string, endpoint: string): unknown => ({
    code: 'AWS_NO_CREDENTIALS',
    hop: 'agent-aws',
    blame: 'config',
    message: `The web identity of the job (${what}) is sent to AWS's own STS only, and ${endpoint} names another endpoint`,
    hint: 'Remove one of the two, or give the job keys',
    words: undefined,
    transient: false,
  });
  const tokenProfile = (...more: readonly string[]): string[] => [
    '[profile ci]',
    `role_arn = ${role}`,
    `web_identity_token_file = ${write('token', 'a.b.c')}`,
    ...more,
  ];

  it("goes to the agent's endpoint, which is the only one that the plan lets through", async () => {
    const environment = {
      AWS_WEB_IDENTITY_TOKEN_FILE: write('token', 'a.b.c'),
      AWS_ROLE_ARN: role,
      AWS_ENDPOINT_URL_STS: aws.url,
    };
    await told((await open({ endpoint: aws.url, environment })).authorize(calm));
    expect(aws.operations()).toEqual(['AssumeRoleWithWebIdentity']);
  });

  it.each(['endpoint_url', 'services'])('does not go where %s in a file of the job says', async (key) => {
    const files = { AWS_CONFIG_FILE: write('job-config', '[default]', `${key} = ${hostile.url}`) };
    const environment = { AWS_WEB_IDENTITY_TOKEN_FILE: write('token', 'a.b.c'), AWS_ROLE_ARN: role, ...files };
    expect(await told((await open({ endpoint: aws.url, environment })).authorize(calm))).toEqual(
      refusal('AWS_WEB_IDENTITY_TOKEN_FILE', `${key} in profile default`),
    );
    expect(hostile.seen).toEqual([]);
  });

  it.each(['endpoint_url', 'services'])('in a profile does not go where its %s says', async (key) => {
    const config = write('job-config', ...tokenProfile(`${key} = ${hostile.url}`));
    const environment = { AWS_PROFILE: 'ci', AWS_CONFIG_FILE: config };
    expect(await told((await open({ endpoint: aws.url, environment })).authorize(calm))).toEqual(
      refusal('profile ci', `${key} in profile ci`),
    );
    expect(hostile.seen).toEqual([]);
  });

  it.each(['AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL'])('in a profile does not go where %s says', async (name) => {
    const config = write('job-config', ...tokenProfile());
    const environment = { AWS_PROFILE: 'ci', AWS_CONFIG_FILE: config, [name]: hostile.url };
    expect(await told((await open({ endpoint: aws.url, environment })).authorize(calm))).toEqual(
      refusal('profile ci', name),
    );
    expect(hostile.seen).toEqual([]);
  });
});

describe('region and endpoint', () => {
  it('says which region is missing before anything is sent', async () => {
    const files = { AWS_CONFIG_FILE: '/nonexistent/config', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials' };
    const opening = open({ endpoint: aws.url, region: null, environment: { ...KEYS, ...files } });
    expect(await told(opening)).toEqual({
      code: 'AWS_NO_REGION',
      hop: 'agent-aws',
      blame: 'config',
      message:
        'No AWS region: field Region and the variable AWS_REGION are not set, and profile default in /nonexistent/credentials and /nonexistent/config names none',
      hint: "Set Region or AWS_REGION, or write the registry's host in Repository",
      words: undefined,
      transient: false,
    });
  });

  it('takes no region from a profile that would be another host', async () => {
    const environment = { ...KEYS, AWS_CONFIG_FILE: write('config', '[default]', 'region = evil.io/') };
    const { code, message } = await told(open({ endpoint: aws.url, region: null, environment }));
    expect(code).toBe('AWS_NO_REGION');
    expect(message).toBe(
      `No AWS region: field Region and the variable AWS_REGION are not set, and profile default in ${home}/config names what is no region`,
    );
  });

  it('says the region of the profile', async () => {
    const environment = {
      ...KEYS,
      AWS_CONFIG_FILE: write('config', '[profile ci]', 'region = eu-south-2'),
      AWS_PROFILE: 'ci',
    };
    expect((await open({ endpoint: aws.url, region: null, environment })).region).toBe('eu-south-2');
  });

  it.each([
    [
      'http://localstack:4566',
      'http://localstack:4566 would carry the registry token in plain text: off this host AWS is only called over https',
    ],
    [
      'http://user:pw@10.0.0.7/x',
      'http://10.0.0.7 would carry the registry token in plain text: off this host AWS is only called over https',
    ],
    ['localhost:4566', 'is not an http or https URL'],
    ['nonsense', 'is not an http or https URL'],
  ])('refuses the endpoint %s', async (endpoint, message) => {
    expect(await told(open({ endpoint }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: `AWS_ENDPOINT_URL_ECR: ${message}`,
    });
  });

  it.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1', 'https://ecr.internal:8443'])(
    'takes the endpoint %s',
    async (endpoint) => {
      expect((await open({ endpoint })).region).toBe('eu-west-1');
    },
  );

  it.each([
    ['[profile local]', (url: string) => [`endpoint_url = ${url}`]],
    ['[profile local]', (url: string) => ['services = here', '[services here]', 'ecr =', `  endpoint_url = ${url}`]],
  ])('takes the endpoint that %s of the agent names', async (section, lines) => {
    aws.answer('DescribeRepositories', fault('InvalidParameterException', 'no'));
    const config = write('config', section, 'region = eu-west-1', ...lines(aws.url));
    const environment = { ...KEYS, HOME: home, AWS_CONFIG_FILE: config };
    const ecr = await open({
      side: 'agent',
      environment: {
        ...environment,
        AWS_SHARED_CREDENTIALS_FILE: write('k', '[local]', 'aws_access_key_id = A', 'aws_secret_access_key = bbbbbb'),
        AWS_PROFILE: 'local',
      },
    });
    await told(ecr.describeRepository('team/app', calm));
    expect(aws.operations()).toEqual(['DescribeRepositories']);
  });

  it('refuses plain text off this host from a profile too', async () => {
    const config = write('config', '[default]', 'endpoint_url = http://10.0.0.7');
    const opening = open({ side: 'agent', environment: { ...KEYS, HOME: home, AWS_CONFIG_FILE: config } });
    expect((await told(opening)).message).toBe(
      'endpoint_url: http://10.0.0.7 would carry the registry token in plain text: off this host AWS is only called over https',
    );
  });
});
