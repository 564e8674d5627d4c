import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fault, startFakeAws, stsFault } from './fake-aws';
import type { FakeAws, Reply } from './fake-aws';
import { KEYS, calm, open, told } from './opening';

let aws: FakeAws;
let folder: string;
beforeEach(async () => {
  aws = await startFakeAws();
  folder = mkdtempSync(join(tmpdir(), 'ecr-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await aws.close();
});

const caller = (arn: string): Reply => ({
  status: 200,
  body:
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
    `<Arn>${arn}</Arn><UserId>AIDA</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  headers: { 'content-type': 'text/xml' },
});

const environment = (): Record<string, string> => ({ ...KEYS, AWS_ENDPOINT_URL: aws.url });

describe('identity', () => {
  it('is asked of STS by a signed call, once', async () => {
    aws.answer('GetCallerIdentity', caller('arn:aws:iam::111122223333:user/ci'));
    const ecr = await open({ environment: environment() });
    expect(await Promise.all([ecr.identity(calm), ecr.identity(calm)])).toEqual([
      '111122223333 user ci (job variables)',
      '111122223333 user ci (job variables)',
    ]);
    expect(aws.seen.map(({ operation, body }) => [operation, body])).toEqual([
      ['GetCallerIdentity', 'Action=GetCallerIdentity&Version=2011-06-15'],
    ]);
    expect(aws.seen[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLEKEY003F2A\/\d{8}\/eu-west-1\/sts\/aws4_request, SignedHeaders=/,
    );
  });

  it('of a role of the machine is its name, without the session', async () => {
    const path = '/latest/meta-data/iam/security-credentials/';
    const [AccessKeyId, Expiration] = ['ASIAINSTANCE00000004', '2036-01-01T00:00:00Z'];
    aws.answer('PUT /latest/api/token', { status: 200, body: 'metadata-token' });
    aws.answer(`GET ${path}`, { status: 200, body: 'agent-role' });
    aws.answer(`GET ${path}agent-role`, {
      status: 200,
      body: JSON.stringify({ AccessKeyId, SecretAccessKey: 's', Token: 'session', Expiration }),
    });
    aws.answer('GetCallerIdentity', caller('arn:aws:sts::111122223333:assumed-role/agent-role/i-0a1b2c'));
    const metadata = { HOME: folder, AWS_EC2_METADATA_SERVICE_ENDPOINT: aws.url, AWS_ENDPOINT_URL: aws.url };
    const ecr = await open({ side: 'agent', environment: metadata });
    expect(await ecr.identity(calm)).toBe('111122223333 role agent-role (instance role, instance metadata)');
    expect(aws.seen.at(-1)?.headers['x-amz-security-token']).toBe('session');
  });

  it.each([
    ['the field', { kind: 'field', name: 'AwsProfile' }, 'field AwsProfile'],
    ['a variable', { kind: 'job-variable', name: 'AWS_PROFILE' }, 'job variable AWS_PROFILE'],
  ] as const)('of a profile says that %s names it', async (_what, origin, naming) => {
    aws.answer('GetCallerIdentity', caller('arn:aws:iam::111122223333:user/ci'));
    const path = join(folder, 'credentials');
    writeFileSync(path, '[ci]\naws_access_key_id = AKIACI\naws_secret_access_key = secret-of-ci\n');
    const names = { AWS_PROFILE: 'ci', AWS_SHARED_CREDENTIALS_FILE: path, AWS_ENDPOINT_URL: aws.url };
    const opening = { side: 'agent', environment: names, profile: { value: 'ci', origin } } as const;
    expect(await (await open(opening)).identity(calm)).toBe(
      `111122223333 user ci (profile ci, ${naming}, agent's AWS files)`,
    );
    aws.answer('GetCallerIdentity', fault('AccessDenied', 'no'));
    expect(await (await open(opening)).identity(calm)).toBe(`profile ci (${naming}, agent's AWS files)`);
  });

  it.each([
    ['refused', stsFault('InvalidClientTokenId', 'no such key')],
    ['answered by something else', { status: 200, body: '<html>' }],
    ['answered with a name of nobody', caller('arn:aws:s3:::bucket')],
  ])('is what is known here where STS is %s', async (_what, reply) => {
    aws.answer('GetCallerIdentity', reply);
    const ecr = await open({ environment: environment() });
    expect(await ecr.identity(calm)).toBe('access key AKIA…3F2A (job variables)');
  });

  it("is what is known here where STS is not reached, and where a stand-in's keys are nothing to it", async () => {
    const unreached = { ...environment(), AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1' };
    expect(await (await open({ environment: unreached })).identity(calm)).toBe('access key AKIA…3F2A (job variables)');
    expect(await (await open({ endpoint: aws.url })).identity(calm)).toBe('access key AKIA…3F2A (job variables)');
    expect(aws.seen).toEqual([]);
  });

  it('is nobody without credentials', async () => {
    const ecr = await open({ environment: { AWS_ENDPOINT_URL: aws.url } });
    expect((await told(ecr.identity(calm))).code).toBe('AWS_NO_CREDENTIALS');
  });

  it('ends with the task', async () => {
    const controller = new AbortController();
    const ecr = await open({ environment: environment() });
    controller.abort('cancelled');
    await expect(ecr.identity(controller.signal)).rejects.toBe('cancelled');
  });
});
