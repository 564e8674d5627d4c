import { parseEcrHost } from '../../../src/domain/ecr-registry';
import { fault, json, startFakeAws } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { HOST, KEYS, SecretKeeper, TOKEN, calm, open, told } from './opening';

const OTHER = parseEcrHost('444455556666.dkr.ecr.us-east-1.amazonaws.com')!;

describe('authorizeFor', () => {
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await startFakeAws();
  });
  afterEach(() => aws.close());

  const issues = (proxyEndpoint: string): void =>
    aws.answer(
      'GetAuthorizationToken',
      json({ authorizationData: [{ authorizationToken: TOKEN, expiresAt: 1_900_000_000, proxyEndpoint }] }),
    );
  const scopes = (): unknown[] =>
    aws.seen.map(({ headers }) => /Credential=([^/]+)\/\d+\/([^,]+)/.exec(String(headers.authorization))?.slice(1));

  it('asks for the other registry in its own region, as the same identity', async () => {
    issues(`https://${OTHER.host}`);
    const ecr = await open({ endpoint: aws.url, host: HOST });
    const login = await ecr.authorizeFor(OTHER, undefined, calm);
    expect({ ...login, password: login.password.reveal() }).toEqual({
      host: OTHER.host,
      username: 'AWS',
      password: 'the-registry-password',
      expiresAt: 1_900_000_000_000,
    });
    expect(aws.bodies('GetAuthorizationToken')).toEqual([{ registryIds: ['444455556666'] }]);
    expect(scopes()).toEqual([[KEYS.AWS_ACCESS_KEY_ID, 'us-east-1/ecr/aws4_request']]);
  });

  it('leaves the registry that is pushed to as it is', async () => {
    issues(`https://${OTHER.host}`);
    const ecr = await open({ endpoint: aws.url, host: HOST });
    await ecr.authorizeFor(OTHER, undefined, calm);
    expect([(await ecr.authorize(calm)).host, ecr.region]).toEqual([HOST, 'eu-west-1']);
    expect(aws.bodies('GetAuthorizationToken').at(-1)).toEqual({});
  });

  it('makes the token known to the mask', async () => {
    issues(`https://${OTHER.host}`);
    const mask = new SecretKeeper();
    await (await open({ endpoint: aws.url }, mask)).authorizeFor(OTHER, undefined, calm);
    expect([mask.known.get('ECR authorization token'), mask.known.get('ECR password')]).toEqual([
      TOKEN,
      'the-registry-password',
    ]);
  });

  it('knows a registry under its dual-stack and FIPS names', async () => {
    issues(`https://${OTHER.host}`);
    const dual = parseEcrHost('444455556666.dkr-ecr.us-east-1.on.aws')!;
    expect((await (await open({ endpoint: aws.url })).authorizeFor(dual, undefined, calm)).host).toBe(dual.host);
  });

  it.each([
    [`https://${HOST}`, `${HOST}, account 111122223333 in region eu-west-1`],
    [
      'https://444455556666.dkr.ecr.eu-west-1.amazonaws.com',
      '444455556666.dkr.ecr.eu-west-1.amazonaws.com, account 444455556666 in region eu-west-1',
    ],
    [
      'https://444455556666.dkr.ecr.us-east-1.amazonaws.com.evil.io',
      '444455556666.dkr.ecr.us-east-1.amazonaws.com.evil.io, which is no ECR registry',
    ],
    ['http://127.0.0.1:5000', '127.0.0.1:5000, which is no ECR registry'],
  ])('does not believe that %p is the registry asked for, a stand-in for AWS or not', async (named, what) => {
    issues(named);
    expect(await told((await open({ endpoint: aws.url })).authorizeFor(OTHER, undefined, calm))).toMatchObject({
      code: 'ECR_REGISTRY_MISMATCH',
      message: `AWS names the registry ${what}; asked for was account 444455556666 in region us-east-1`,
    });
  });

  it('tells a denial as that of any token', async () => {
    aws.answer('GetAuthorizationToken', fault('AccessDeniedException', 'no'));
    const { code, message } = await told((await open({ endpoint: aws.url })).authorizeFor(OTHER, undefined, calm));
    expect([code, message]).toEqual([
      'AWS_DENIED',
      'AWS denies ecr:GetAuthorizationToken on * to access key AKIA…3F2A (job variables)',
    ]);
  });
});
