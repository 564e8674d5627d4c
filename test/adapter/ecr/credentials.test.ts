import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENCE } from '../../../src/ecr/patience';
import { assumed, json, startFakeAws, stsFault } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { HOST, KEYS, SecretKeeper, TOKEN, calm, open, told } from './opening';

const ROLE = 'arn:aws:iam::111122223333:role/gocd-push';
const ISSUED = json({
  authorizationData: [{ authorizationToken: TOKEN, expiresAt: 2e9, proxyEndpoint: `https://${HOST}` }],
});
const STAND_IN = json({
  authorizationData: [{ authorizationToken: TOKEN, expiresAt: 2e9, proxyEndpoint: 'http://127.0.0.1:5000' }],
});

let aws: FakeAws;
let folder: string;
beforeEach(async () => {
  aws = await startFakeAws();
  aws.answer('GetAuthorizationToken', ISSUED);
  folder = mkdtempSync(join(tmpdir(), 'ecr-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await aws.close();
});

function file(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const keysOf = (name: string): string[] => [
  `aws_access_key_id = AKIA${name.toUpperCase()}0000000`,
  `aws_secret_access_key = secret-of-${name}`,
];

/** The access key's id that the last call of an operation was signed with. */
function signer(operation: string): string | undefined {
  const seen = aws.seen.filter((one) => one.operation === operation).at(-1);
  return /Credential=([^/]+)\//.exec(seen?.headers.authorization ?? '')?.[1];
}

/** The agent's side with files of its own, no metadata service, everything at the fake. */
const agent = (environment: Readonly<Record<string, string>> = {}): Parameters<typeof open>[0] => ({
  side: 'agent',
  environment: { HOME: folder, AWS_ENDPOINT_URL: aws.url, AWS_EC2_METADATA_DISABLED: 'true', ...environment },
});

describe('sources', () => {
  it('keys of the job', async () => {
    const ecr = await open({ endpoint: aws.url });
    expect(await ecr.identity(calm)).toBe('access key AKIA…3F2A (job variables)');
    await ecr.authorize(calm);
    expect(signer('GetAuthorizationToken')).toBe(KEYS.AWS_ACCESS_KEY_ID);
  });

  it('keys of the agent, and what is no key of AWS shows less', async () => {
    const ecr = await open(agent({ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test-secret' }));
    expect(await ecr.identity(calm)).toBe('access key te… (agent environment)');
  });

  it('a named profile of the agent goes before its keys', async () => {
    const environment = {
      ...KEYS,
      AWS_PROFILE: 'ci',
      AWS_SHARED_CREDENTIALS_FILE: file('creds', '[ci]', ...keysOf('ci')),
    };
    const ecr = await open(agent(environment));
    expect(await ecr.identity(calm)).toBe("profile ci (agent's AWS files)");
    await ecr.authorize(calm);
    expect(signer('GetAuthorizationToken')).toBe('AKIACI0000000');
  });

  it('a profile of files that the job brings', async () => {
    const environment = { AWS_PROFILE: 'ci', AWS_SHARED_CREDENTIALS_FILE: file('creds', '[ci]', ...keysOf('job')) };
    const ecr = await open({ endpoint: aws.url, environment });
    expect(await ecr.identity(calm)).toBe("profile ci (job's AWS files)");
    await ecr.authorize(calm);
    expect(signer('GetAuthorizationToken')).toBe('AKIAJOB0000000');
  });

  it('a rotated file is read again, also between the opening and the first call', async () => {
    const rotate = (name: string, region: string): string =>
      file('creds', '[default]', ...keysOf(name), `region = ${region}`);
    const opening = { ...agent({ AWS_SHARED_CREDENTIALS_FILE: rotate('old', 'eu-west-1') }), region: null };
    await (await open(opening)).identity(calm);
    rotate('new', 'eu-west-2');
    const ecr = await open(opening);
    expect(ecr.region).toBe('eu-west-2');
    rotate('newest', 'eu-west-2');
    aws.answer('GetAuthorizationToken', STAND_IN);
    await ecr.authorize(calm);
    expect(signer('GetAuthorizationToken')).toBe('AKIANEWEST0000000');
  });

  it('keys of a job go before a profile name that has no file of the job', async () => {
    const ecr = await open({ endpoint: aws.url, environment: { ...KEYS, AWS_PROFILE: 'ci' } });
    expect(await ecr.identity(calm)).toBe('access key AKIA…3F2A (job variables)');
  });

  it('a role by another profile', async () => {
    aws.answer('AssumeRole', assumed('AssumeRole', 'ASIAROLE000000000001'));
    const config = file(
      'config',
      '[profile ci]',
      `role_arn = ${ROLE}`,
      'source_profile = base',
      '[profile base]',
      ...keysOf('base'),
    );
    const mask = new SecretKeeper();
    const ecr = await open(agent({ AWS_PROFILE: 'ci', AWS_CONFIG_FILE: config }), mask);
    expect(await ecr.identity(calm)).toBe("111122223333 role gocd-push (profile ci, agent's AWS files)");
    await ecr.authorize(calm);
    expect([signer('AssumeRole'), signer('GetAuthorizationToken')]).toEqual([
      'AKIABASE0000000',
      'ASIAROLE000000000001',
    ]);
    expect(mask.known.get('AWS secret access key')).toBe('role-secret');
    expect(mask.known.get('AWS session token')).toBe('role-session-ASIAROLE000000000001');
  });

  it('a web identity of the agent', async () => {
    aws.answer('AssumeRoleWithWebIdentity', assumed('AssumeRoleWithWebIdentity', 'ASIAROLE000000000002'));
    const ecr = await open(agent({ AWS_WEB_IDENTITY_TOKEN_FILE: file('token', 'a.b.c'), AWS_ROLE_ARN: ROLE }));
    expect(await ecr.identity(calm)).toBe('111122223333 role gocd-push (web identity, agent environment)');
    await ecr.authorize(calm);
    expect(signer('GetAuthorizationToken')).toBe('ASIAROLE000000000002');
  });

  it('the role of the container', async () => {
    const credentials = {
      AccessKeyId: 'ASIACONTAINER0000003',
      SecretAccessKey: 's',
      Token: 't',
      Expiration: '2036-01-01T00:00:00Z',
    };
    aws.answer('GET /creds', json(credentials));
    const ecr = await open(agent({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${aws.url}/creds` }));
    expect(await ecr.identity(calm)).toBe('container role, access key ASIA…0003 (agent environment)');
  });

  it('the role of the machine', async () => {
    const path = '/latest/meta-data/iam/security-credentials/';
    const credentials = {
      AccessKeyId: 'ASIAINSTANCE00000004',
      SecretAccessKey: 's',
      Token: 't',
      Expiration: '2036-01-01T00:00:00Z',
    };
    aws.answer('PUT /latest/api/token', { status: 200, body: 'metadata-token' });
    aws.answer(`GET ${path}`, { status: 200, body: 'agent-role' });
    aws.answer(`GET ${path}agent-role`, json(credentials));
    const metadata = { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: aws.url };
    const ecr = await open(agent(metadata));
    expect(await ecr.identity(calm)).toBe('instance role, access key ASIA…0004 (instance metadata)');
  });

  it('a program that the agent itself configures', async () => {
    const reply = JSON.stringify({ Version: 1, AccessKeyId: 'AKIAPROGRAM000000005', SecretAccessKey: 's' });
    const config = file('config', '[default]', `credential_process = cat ${file('reply.json', reply)}`);
    const ecr = await open(agent({ AWS_CONFIG_FILE: config }));
    expect(await ecr.identity(calm)).toBe("profile default (agent's AWS files)");
    await ecr.authorize(calm);
    expect(signer('GetAuthorizationToken')).toBe('AKIAPROGRAM000000005');
  });
});

describe('no credentials', () => {
  const none = { code: 'AWS_NO_CREDENTIALS', hop: 'agent-aws', words: undefined, transient: false };
  const hint =
    'Give the agent a role, a profile or keys, or set AWS_ACCESS_KEY_ID and, as a secure variable, AWS_SECRET_ACCESS_KEY for the job';

  it('says where it looked on the agent', async () => {
    expect(await told((await open(agent())).authorize(calm))).toEqual({
      ...none,
      blame: 'environment',
      message:
        "No AWS credentials in the agent's environment and files. Looked at: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (not set); " +
        `profile default in ${folder}/.aws/credentials and ${folder}/.aws/config (not there); ` +
        'AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN (not set); ' +
        'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI (not set); ' +
        "the machine's instance metadata (switched off by AWS_EC2_METADATA_DISABLED)",
      hint,
    });
    expect(aws.operations()).toEqual([]);
  });

  it('says so where the metadata service has no role, and where a profile holds only a region', async () => {
    const config = file('config', '[default]', 'region = eu-west-1');
    const credentials = join(folder, 'none');
    const opening = agent({
      AWS_EC2_METADATA_DISABLED: 'false',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: aws.url,
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: credentials,
    });
    const { message } = await told((await open(opening)).identity(calm));
    expect(message).toBe(
      "No AWS credentials in the agent's environment and files. Looked at: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (not set); " +
        `profile default in ${credentials} and ${config} (holds no credentials); ` +
        'AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN (not set); ' +
        'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI (not set); ' +
        "the machine's instance metadata (no role there)",
    );
  });

  it('looks at nothing of the agent for a job', async () => {
    process.env['HOME'] = folder;
    expect(await told((await open({ endpoint: aws.url, environment: {} })).authorize(calm))).toEqual({
      ...none,
      blame: 'environment',
      message:
        "No AWS credentials in the job's variables. Looked at: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (not set); " +
        "profile default in the job's AWS files (it names none) (not there); " +
        'AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN (not set)',
      hint,
    });
  });

  it.each([
    ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', { AWS_ACCESS_KEY_ID: KEYS.AWS_ACCESS_KEY_ID }],
    ['AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', { AWS_SECRET_ACCESS_KEY: KEYS.AWS_SECRET_ACCESS_KEY }],
  ])('does not complete %s alone from elsewhere', async (there, missing, environment) => {
    expect(await told((await open({ endpoint: aws.url, environment })).authorize(calm))).toEqual({
      ...none,
      blame: 'config',
      message: `${there} is set in the job's variables, ${missing} is not: half a key is not completed from elsewhere`,
      hint: `Set ${missing} beside it, or remove ${there}`,
    });
    const { message } = await told((await open(agent(environment))).authorize(calm));
    expect(message).toBe(
      `${there} is set in the agent's environment, ${missing} is not: half a key is not completed from elsewhere`,
    );
  });

  it('does not go on where a named profile is not there', async () => {
    const config = file('config', '[profile empty]', 'region = eu-west-1');
    const environment = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'), ...KEYS };
    expect(await told((await open(agent({ ...environment, AWS_PROFILE: 'ci' }))).authorize(calm))).toEqual({
      ...none,
      blame: 'config',
      message: `Profile ci, named by AWS_PROFILE, is not in ${join(folder, 'none')} and ${config}`,
      hint: 'Add the profile to one of these files, or correct or remove AWS_PROFILE',
    });
    const { message } = await told((await open(agent({ ...environment, AWS_PROFILE: 'empty' }))).authorize(calm));
    expect(message).toBe(
      `Profile empty, named by AWS_PROFILE, holds no credentials in ${join(folder, 'none')} and ${config}`,
    );
    const job = await open({ endpoint: aws.url, environment: { AWS_PROFILE: 'constructor' } });
    expect((await told(job.authorize(calm))).message).toBe(
      "Profile constructor, named by AWS_PROFILE, is not in the job's AWS files (it names none)",
    );
  });

  it('does not go on where a configured source fails', async () => {
    const path = join(folder, 'no-token');
    const opening = agent({ AWS_WEB_IDENTITY_TOKEN_FILE: path, AWS_ROLE_ARN: ROLE });
    expect(await told((await open(opening)).authorize(calm))).toEqual({
      ...none,
      blame: 'environment',
      message: `No AWS credentials could be had from web identity, role ${ROLE} (agent environment)`,
      hint: 'What is configured there must work: no other source is tried',
      words: `ENOENT: no such file or directory, open '${path}'`,
    });
    expect(aws.operations()).toEqual([]);
  });

  it('never shows what a program printed', async () => {
    const script = file('fail.sh', 'echo leaked-by-the-program >&2', 'exit 3');
    const config = file(
      'config',
      '[default]',
      'role_arn = x',
      'source_profile = p',
      '[profile p]',
      `credential_process = sh ${script} --key hidden`,
    );
    expect(await told((await open(agent({ AWS_CONFIG_FILE: config }))).authorize(calm))).toEqual({
      ...none,
      blame: 'environment',
      message: "No AWS credentials could be had from profile default, role x (agent's AWS files)",
      hint: 'Run its credential_process by hand as the agent',
    });
  });

  it('waits for a program only so long', async () => {
    const reply = file('reply.json', JSON.stringify({ Version: 1, AccessKeyId: 'AKIASLOW', SecretAccessKey: 's' }));
    const config = file('config', '[default]', `credential_process = sleep 0.5; cat ${reply}`);
    const within = (credentialsMs: number): ReturnType<typeof open> =>
      open({ ...agent({ AWS_CONFIG_FILE: config }), patience: { ...PATIENCE, credentialsMs } });
    expect((await told((await within(50)).identity(calm))).message).toBe(
      "No AWS credentials could be had from profile default (agent's AWS files)",
    );
    expect(await (await within(30_000)).identity(calm)).toBe("profile default (agent's AWS files)");
  });

  it('tells a role that may not be assumed', async () => {
    const words = 'User: arn:aws:iam::111122223333:user/base is not authorized to perform: sts:AssumeRole';
    aws.answer('AssumeRole', stsFault('AccessDenied', words));
    const config = file(
      'config',
      '[default]',
      `role_arn = ${ROLE}`,
      'source_profile = base',
      '[profile base]',
      ...keysOf('base'),
    );
    expect(await told((await open(agent({ AWS_CONFIG_FILE: config }))).authorize(calm))).toEqual({
      code: 'AWS_DENIED',
      hop: 'agent-aws',
      blame: 'environment',
      message: `AWS denies sts:AssumeRole on ${ROLE} to profile default, role ${ROLE} (agent's AWS files)`,
      hint: `Add to its IAM policy: {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"${ROLE}"}; the role's trust policy must name it too`,
      words,
      transient: false,
    });
  });

  it('tells a web identity that STS does not take', async () => {
    const environment = { AWS_WEB_IDENTITY_TOKEN_FILE: file('token', 'a.b.c'), AWS_ROLE_ARN: ROLE };
    aws.answer('AssumeRoleWithWebIdentity', stsFault('AccessDenied', 'Not authorized'));
    const { code, hint: advice } = await told((await open(agent(environment))).authorize(calm));
    expect([code, advice]).toEqual([
      'AWS_DENIED',
      "The role's trust policy must allow sts:AssumeRoleWithWebIdentity for the issuer, audience and subject of this token",
    ]);
    aws.answer('AssumeRoleWithWebIdentity', stsFault('InvalidIdentityToken', 'No OpenIDConnect provider found'));
    expect(await told((await open(agent(environment))).authorize(calm))).toEqual({
      code: 'AWS_CREDENTIALS_REJECTED',
      hop: 'agent-aws',
      blame: 'environment',
      message: `AWS rejects the credentials at sts:AssumeRoleWithWebIdentity: the web identity token is not accepted; they are web identity, role ${ROLE} (agent environment)`,
      hint: 'Check the identity provider in IAM: its issuer, its audience and how old a token may be',
      words: 'No OpenIDConnect provider found',
      transient: false,
    });
  });
});
