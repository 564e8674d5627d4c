import { describeOrigin, type Sourced } from '../../../src/domain/origin';
import type { AwsPlan } from '../../../src/domain/plan';
import { planOf, problemsOf, type Given } from './given';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const JOB_KEYS = { AWS_ACCESS_KEY_ID: 'AKIAJOBJOBJOB', AWS_SECRET_ACCESS_KEY: 'job-secret' };
const AGENT_KEYS = { AWS_ACCESS_KEY_ID: 'AKIAAGENTAGENT', AWS_SECRET_ACCESS_KEY: 'agent-secret' };

function aws(given: Given): AwsPlan {
  return planOf(given).aws;
}

function shown(sourced: Sourced<string> | undefined): string | undefined {
  return sourced && `${sourced.value} (${describeOrigin(sourced.origin)})`;
}

describe('region and account', () => {
  test.each<[Given, string | undefined]>([
    [{}, undefined],
    [{ agent: { AWS_DEFAULT_REGION: 'eu-north-1' } }, 'eu-north-1 (agent environment AWS_DEFAULT_REGION)'],
    [
      { agent: { AWS_DEFAULT_REGION: 'eu-north-1', AWS_REGION: 'eu-west-2' } },
      'eu-west-2 (agent environment AWS_REGION)',
    ],
    [
      { job: { AWS_DEFAULT_REGION: 'us-east-2' }, agent: { AWS_REGION: 'eu-west-2' } },
      'us-east-2 (job variable AWS_DEFAULT_REGION)',
    ],
    [
      { fields: { Repository: `${HOST}/app` }, job: { AWS_REGION: 'us-east-2' } },
      'eu-west-1 (host in field Repository)',
    ],
    [{ fields: { Repository: `${HOST}/app`, Region: 'eu-west-1' } }, 'eu-west-1 (field Region)'],
    [{ fields: { Region: '${R}' }, job: { R: 'cn-north-1' } }, 'cn-north-1 (field Region)'],
  ])('%j: region %s', (given, region) => {
    expect(shown(aws(given).region)).toBe(region);
  });

  test.each<[Given, string | undefined]>([
    [{}, undefined],
    [{ fields: { RegistryId: '999999999999' } }, '999999999999 (field RegistryId)'],
    [{ fields: { Repository: `${HOST}/app` } }, '123456789012 (host in field Repository)'],
  ])('%j: account %s', (given, account) => {
    expect(shown(aws(given).registryId)).toBe(account);
  });

  test('an environment value that loses is only mentioned', () => {
    const given = {
      fields: { Repository: `${HOST}/app` },
      job: { AWS_REGION: 'us-east-2' },
      agent: { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'ap-south-1' },
    };
    expect(planOf(given).notes).toEqual([
      'job variable AWS_REGION "us-east-2" is not used: the region is eu-west-1 (host in field Repository)',
      'agent environment AWS_DEFAULT_REGION "ap-south-1" is not used: the region is eu-west-1 (host in field Repository)',
    ]);
  });

  test('a region that is none is refused, for it becomes a host name', () => {
    expect(problemsOf({ job: { AWS_REGION: 'evil.io/#' } })).toEqual([
      'AWS_REGION: "evil.io/#" (job variable AWS_REGION) is not an AWS region: it looks like eu-west-1 or us-gov-east-1',
    ]);
  });
});

describe('the side that the credentials come from', () => {
  test('is the agent, with its variables and the job’s names', () => {
    const { side, environment } = aws({
      job: { AWS_PROFILE: 'ci', AWS_USE_FIPS_ENDPOINT: 'true', PATH: '/x', AWS_EXECUTION_ENV: 'x' },
      agent: {
        ...AGENT_KEYS,
        AWS_PROFILE: 'agent',
        HOME: '/home/go',
        AWS_CA_BUNDLE: '/ca.pem',
        PATH: '/bin',
        AWS_X: 'x',
      },
    });
    expect(side).toBe('agent');
    expect(Object.fromEntries(environment)).toEqual({
      ...AGENT_KEYS,
      AWS_PROFILE: 'ci',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_CA_BUNDLE: '/ca.pem',
      HOME: '/home/go',
    });
  });

  test('is the job as soon as it names any credential, and then nothing of the agent’s identity is left', () => {
    const { side, environment } = aws({
      job: JOB_KEYS,
      agent: {
        AWS_SESSION_TOKEN: 'agent-session',
        AWS_PROFILE: 'agent',
        AWS_ROLE_ARN: 'arn:aws:iam::1:role/agent',
        AWS_WEB_IDENTITY_TOKEN_FILE: '/agent/token',
        AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/x',
        AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1',
        HOME: '/home/go',
        AWS_ENDPOINT_URL_ECR: 'https://ecr.internal',
      },
    });
    expect(side).toBe('job');
    expect(Object.fromEntries(environment)).toEqual({ ...JOB_KEYS, AWS_ENDPOINT_URL_ECR: 'https://ecr.internal' });
  });

  test.each<[string, Record<string, string>]>([
    ['AWS_SHARED_CREDENTIALS_FILE', { AWS_SHARED_CREDENTIALS_FILE: 'aws/credentials' }],
    ['AWS_CONFIG_FILE', { AWS_CONFIG_FILE: '/job/config', AWS_PROFILE: 'ci' }],
    [
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      { AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: 'arn', AWS_ROLE_SESSION_NAME: 's' },
    ],
    ['AWS_SESSION_TOKEN', { ...JOB_KEYS, AWS_SESSION_TOKEN: 'session' }],
  ])('is the job by %s', (_name, job) => {
    const plan = aws({ job, agent: AGENT_KEYS });
    expect([plan.side, Object.fromEntries(plan.environment)]).toEqual(['job', job]);
  });

  test('an empty variable is not set', () => {
    expect(aws({ job: { AWS_ACCESS_KEY_ID: '' }, agent: AGENT_KEYS }).side).toBe('agent');
  });

  test('what does not count is told', () => {
    expect(planOf({ job: JOB_KEYS, agent: { ...AGENT_KEYS, AWS_PROFILE: 'x' } }).notes).toEqual([
      "agent environment AWS_ACCESS_KEY_ID is not used: the credentials are the job's (job variable AWS_ACCESS_KEY_ID)",
      "agent environment AWS_SECRET_ACCESS_KEY is not used: the credentials are the job's (job variable AWS_ACCESS_KEY_ID)",
      "agent environment AWS_PROFILE is not used: the credentials are the job's (job variable AWS_ACCESS_KEY_ID)",
    ]);
    expect(planOf({ job: { AWS_PROFILE: 'a' }, agent: { AWS_PROFILE: 'b' } }).notes).toEqual([
      'agent environment AWS_PROFILE is not used: job variable AWS_PROFILE goes before it',
    ]);
  });
});

describe('half an identity', () => {
  test.each<[Given, string]>([
    [
      { job: { AWS_ACCESS_KEY_ID: 'AKIAJOBJOBJOB' }, agent: AGENT_KEYS },
      'AWS_ACCESS_KEY_ID: is set by the job, and the job sets no AWS_SECRET_ACCESS_KEY: half a key is not completed from elsewhere',
    ],
    [
      { job: { AWS_SECRET_ACCESS_KEY: 'job-secret' }, agent: AGENT_KEYS },
      'AWS_SECRET_ACCESS_KEY: is set by the job, and the job sets no AWS_ACCESS_KEY_ID: half a key is not completed from elsewhere',
    ],
    [
      { job: { AWS_SESSION_TOKEN: 'job-session' }, agent: AGENT_KEYS },
      'AWS_SESSION_TOKEN: is set by the job, and the job sets no AWS_ACCESS_KEY_ID: a session token belongs to a key',
    ],
    [
      { agent: { AWS_ACCESS_KEY_ID: 'AKIAAGENTAGENT' } },
      "AWS_ACCESS_KEY_ID: is set by the agent's environment, and the agent's environment sets no AWS_SECRET_ACCESS_KEY: half a key is not completed from elsewhere",
    ],
    [
      { job: { ...JOB_KEYS, AWS_ROLE_ARN: 'arn' }, agent: { AWS_WEB_IDENTITY_TOKEN_FILE: '/agent/token' } },
      'AWS_ROLE_ARN: is set by the job, and the job sets no AWS_WEB_IDENTITY_TOKEN_FILE: nobody could assume that role',
    ],
    [
      { job: { AWS_ROLE_ARN: 'arn' } },
      "AWS_ROLE_ARN: is set by the job, and the agent's environment sets no AWS_WEB_IDENTITY_TOKEN_FILE: nobody could assume that role",
    ],
    [
      { job: { AWS_WEB_IDENTITY_TOKEN_FILE: '/t' }, agent: { AWS_ROLE_ARN: 'arn' } },
      'AWS_WEB_IDENTITY_TOKEN_FILE: is set by the job, and the job sets no AWS_ROLE_ARN: a web identity is for a role',
    ],
    [
      { job: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials' } },
      "AWS_CONTAINER_CREDENTIALS_FULL_URI: is set by the job, and a container's credentials are the agent's: give the job keys, a token file or AWS files",
    ],
  ])('%j', (given, problem) => {
    expect(problemsOf(given)).toEqual([problem]);
  });

  test('a role that the job names goes with the agent’s token file: it is a name', () => {
    const plan = aws({
      job: { AWS_ROLE_ARN: 'arn:job' },
      agent: { AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: 'arn:agent' },
    });
    expect(plan.environment.get('AWS_ROLE_ARN')).toBe('arn:job');
  });
});

describe('endpoints', () => {
  test.each<[Given, boolean, Record<string, string>]>([
    [{ agent: {} }, false, {}],
    [{ agent: { AWS_ENDPOINT_URL: 'https://a' } }, true, { AWS_ENDPOINT_URL: 'https://a' }],
    [{ agent: { AWS_ENDPOINT_URL_STS: 'https://a' } }, false, { AWS_ENDPOINT_URL_STS: 'https://a' }],
    [{ agent: { AWS_ENDPOINT_URL_ECR: 'http://127.0.0.1:1' } }, true, { AWS_ENDPOINT_URL_ECR: 'http://127.0.0.1:1' }],
    [{ agent: { AWS_ENDPOINT_URL_ECR: 'http://[::1]:1' } }, true, { AWS_ENDPOINT_URL_ECR: 'http://[::1]:1' }],
    [
      {
        job: { ...JOB_KEYS, AWS_ENDPOINT_URL_ECR: 'https://j' },
        agent: { AWS_ENDPOINT_URL: 'https://a', AWS_CA_BUNDLE: '/a' },
      },
      true,
      { ...JOB_KEYS, AWS_ENDPOINT_URL: 'https://a', AWS_CA_BUNDLE: '/a', AWS_ENDPOINT_URL_ECR: 'https://j' },
    ],
    [
      {
        job: { ...JOB_KEYS, AWS_ENDPOINT_URL: 'https://j' },
        agent: { AWS_ENDPOINT_URL_ECR: 'https://a', AWS_CA_BUNDLE: '/a' },
      },
      true,
      { ...JOB_KEYS, AWS_CA_BUNDLE: '/a', AWS_ENDPOINT_URL: 'https://j' },
    ],
  ])('%j', (given, custom, environment) => {
    const plan = aws(given);
    expect([plan.customEndpoint, Object.fromEntries(plan.environment)]).toEqual([custom, environment]);
  });

  const BETWEEN = 'is set by the job and would stand between AWS and';
  const ADVICE = 'set it on the agent, or give the job credentials of its own';
  test.each<[Given, string[]]>([
    [
      {
        job: { AWS_ENDPOINT_URL_STS: 'https://evil' },
        agent: { AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: 'arn' },
      },
      [
        `AWS_ENDPOINT_URL_STS: ${BETWEEN} the agent's credentials (agent environment AWS_WEB_IDENTITY_TOKEN_FILE): ${ADVICE}`,
      ],
    ],
    [
      { job: { AWS_ENDPOINT_URL: 'https://evil', AWS_CA_BUNDLE: 'ca.pem' } },
      [
        `AWS_ENDPOINT_URL: ${BETWEEN} the agent's own credentials: ${ADVICE}`,
        `AWS_CA_BUNDLE: ${BETWEEN} the agent's own credentials: ${ADVICE}`,
      ],
    ],
    [
      { job: { AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: 'arn', AWS_ENDPOINT_URL_STS: 'https://evil' } },
      [
        "AWS_ENDPOINT_URL_STS: is set by the job and would receive the file that job variable AWS_WEB_IDENTITY_TOKEN_FILE names: such a file goes to AWS or to the agent's endpoints only",
      ],
    ],
    [
      { agent: { AWS_ENDPOINT_URL: 'http://localstack:4566' } },
      [
        'AWS_ENDPOINT_URL: "http://localstack:4566" is another machine without TLS: the registry\'s token would cross the network in plain text',
      ],
    ],
    [{ agent: { AWS_ENDPOINT_URL: 'localhost:4566' } }, ['AWS_ENDPOINT_URL: "localhost:4566" is not an https:// URL']],
    [
      { agent: { AWS_ENDPOINT_URL_ECR: 'https://a:hunter2@b' } },
      ['AWS_ENDPOINT_URL_ECR: "https://****@b" holds a user: AWS has none'],
    ],
  ])('%j is refused', (given, problems) => {
    expect(problemsOf(given)).toEqual(problems);
  });

  test('the agent’s endpoint may receive the job’s token file', () => {
    const job = { AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: 'arn' };
    expect(aws({ job, agent: { AWS_ENDPOINT_URL_STS: 'https://a' } }).environment.get('AWS_ENDPOINT_URL_STS')).toBe(
      'https://a',
    );
  });
});

describe('a host outside ECR', () => {
  const fields = { Repository: 'registry.example.com/app' };
  test('gets no token', () => {
    expect(problemsOf({ fields })).toEqual([
      'Repository: names the host registry.example.com, which is not an ECR registry: a token for ECR is not sent there',
    ]);
    expect(problemsOf({ fields: { Repository: `${HOST}.evil.io/app` } })).toEqual([
      `Repository: names the host ${HOST}.evil.io, which is not an ECR registry: a token for ECR is not sent there`,
    ]);
  });

  test('is fine where all of AWS is a stand-in, or nothing is pushed', () => {
    expect(planOf({ fields, agent: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } }).repository).toEqual({
      host: 'registry.example.com',
      path: 'app',
      registry: undefined,
    });
    expect(planOf({ fields: { ...fields, Mode: 'build' } }).repository.host).toBe('registry.example.com');
  });
});
