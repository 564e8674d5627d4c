import { fault, json, startFakeAws } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { HOST, KEYS, SecretKeeper, TOKEN, calm, open, told } from './opening';

describe('authorize', () => {
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await startFakeAws();
  });
  afterEach(() => aws.close());

  const issues = (proxyEndpoint: string | undefined, authorizationToken = TOKEN): void =>
    aws.answer(
      'GetAuthorizationToken',
      json({ authorizationData: [{ authorizationToken, expiresAt: 1_900_000_000.5, proxyEndpoint }] }),
    );

  it('decodes the token and takes the host of proxyEndpoint', async () => {
    issues(`https://${HOST}`);
    const login = await (await open({ endpoint: aws.url })).authorize(calm);
    expect({ ...login, password: login.password.reveal() }).toEqual({
      host: HOST,
      username: 'AWS',
      password: 'the-registry-password',
      expiresAt: 1_900_000_000_500,
    });
    expect(aws.bodies('GetAuthorizationToken')).toEqual([{}]);
  });

  it('makes every secret known to the mask before it hands the login out', async () => {
    issues(`https://${HOST}`);
    const mask = new SecretKeeper();
    const environment = { ...KEYS, AWS_SESSION_TOKEN: 'a-session-token' };
    await (await open({ endpoint: aws.url, environment }, mask)).authorize(calm);
    expect([...mask.known]).toEqual([
      ['AWS secret access key', KEYS.AWS_SECRET_ACCESS_KEY],
      ['AWS session token', 'a-session-token'],
      ['ECR authorization token', TOKEN],
      ['ECR password', 'the-registry-password'],
    ]);
  });

  it('asks for the registry of another account by its id', async () => {
    issues('https://444455556666.dkr.ecr.eu-west-1.amazonaws.com');
    const login = await (await open({ endpoint: aws.url, registryId: '444455556666' })).authorize(calm);
    expect(login.host).toBe('444455556666.dkr.ecr.eu-west-1.amazonaws.com');
    expect(aws.bodies('GetAuthorizationToken')).toEqual([{ registryIds: ['444455556666'] }]);
  });

  it('lets a typed host win, whatever proxyEndpoint says', async () => {
    issues('https://999999999999.dkr.ecr.us-east-1.amazonaws.com');
    const host = '111122223333.dkr-ecr.eu-west-1.on.aws';
    expect((await (await open({ endpoint: aws.url, host })).authorize(calm)).host).toBe(host);
    expect(aws.bodies('GetAuthorizationToken')).toEqual([{}]);
  });

  it('asks for no token for a typed host that is no ECR host, be AWS reached by an endpoint of its own', async () => {
    const endpoint = 'https://vpce-0a1b.api.ecr.eu-west-1.vpce.amazonaws.com';
    expect(await told((await open({ endpoint, host: 'docker.io' })).authorize(calm))).toEqual({
      code: 'ECR_REGISTRY_MISMATCH',
      hop: 'agent-aws',
      blame: 'config',
      message: 'Field Repository names the host docker.io, which is no ECR registry: an ECR token is not sent there',
      hint: 'Write <account>.dkr.ecr.<region>.amazonaws.com/<repository>, or the repository alone',
      words: undefined,
      transient: false,
    });
  });

  it('refuses a registry of another account or region and shows both', async () => {
    issues('https://444455556666.dkr.ecr.us-east-1.amazonaws.com');
    expect(await told((await open({ endpoint: aws.url, registryId: '111122223333' })).authorize(calm))).toEqual({
      code: 'ECR_REGISTRY_MISMATCH',
      hop: 'agent-aws',
      blame: 'config',
      message:
        'AWS names the registry 444455556666.dkr.ecr.us-east-1.amazonaws.com, account 444455556666 in region us-east-1; asked for was account 111122223333 in region eu-west-1',
      hint: 'Set Region and RegistryId to those of the registry, or write its host in Repository',
      words: undefined,
      transient: false,
    });
  });

  it('believes a host that is no ECR host of a stand-in for AWS', async () => {
    issues('http://127.0.0.1:5000');
    expect((await (await open({ endpoint: aws.url })).authorize(calm)).host).toBe('127.0.0.1:5000');
  });

  it('lets a typed host of a stand-in win too', async () => {
    issues('http://127.0.0.1:5000');
    expect((await (await open({ endpoint: aws.url, host: 'localhost:5001' })).authorize(calm)).host).toBe(
      'localhost:5001',
    );
  });

  it('tells an answer without a host', async () => {
    issues(undefined);
    const { code, message } = await told((await open({ endpoint: aws.url })).authorize(calm));
    expect([code, message]).toEqual([
      'ECR_REGISTRY_MISMATCH',
      'AWS names the registry (none), which is no ECR registry; asked for was region eu-west-1',
    ]);
  });

  it.each([
    ['', 'AWS answered ecr:GetAuthorizationToken without a token'],
    ['bm8gY29sb24=', 'AWS answered ecr:GetAuthorizationToken with a token that is not user:password'],
    ['QVdTOg==', 'AWS answered ecr:GetAuthorizationToken with a token that is not user:password'],
  ])('tells a malformed token without showing it: %p', async (token, message) => {
    issues(`https://${HOST}`, token);
    expect(await told((await open({ endpoint: aws.url })).authorize(calm))).toEqual({
      code: 'AWS_ERROR',
      hop: 'agent-aws',
      blame: 'environment',
      message,
      hint: 'If AWS_ENDPOINT_URL_ECR or AWS_ENDPOINT_URL is set, check what answers there',
      words: undefined,
      transient: false,
    });
  });

  it('takes twelve hours for a token that names no end', async () => {
    aws.answer(
      'GetAuthorizationToken',
      json({ authorizationData: [{ authorizationToken: TOKEN, proxyEndpoint: HOST }] }),
    );
    const before = Date.now();
    const { expiresAt } = await (await open({ endpoint: aws.url })).authorize(calm);
    expect(expiresAt).toBeGreaterThanOrEqual(before + 12 * 3_600_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 12 * 3_600_000);
  });

  it('hands over a token that is already expired as it is: the pipeline tells it', async () => {
    aws.answer(
      'GetAuthorizationToken',
      json({ authorizationData: [{ authorizationToken: TOKEN, expiresAt: 1, proxyEndpoint: `https://${HOST}` }] }),
    );
    expect((await (await open({ endpoint: aws.url })).authorize(calm)).expiresAt).toBe(1_000);
  });

  it('gets a fresh token each time', async () => {
    issues(`https://${HOST}`);
    const ecr = await open({ endpoint: aws.url });
    await ecr.authorize(calm);
    await ecr.authorize(calm);
    expect(aws.operations()).toEqual(['GetAuthorizationToken', 'GetAuthorizationToken']);
  });

  it('tries once: the pipeline tries again, and says so', async () => {
    aws.answer('GetAuthorizationToken', fault('ThrottlingException', 'Rate exceeded'));
    const { code, transient } = await told((await open({ endpoint: aws.url })).authorize(calm));
    expect([code, transient, aws.operations()]).toEqual(['AWS_THROTTLED', true, ['GetAuthorizationToken']]);
  });
});
