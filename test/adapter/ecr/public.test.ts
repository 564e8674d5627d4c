import { parseEcrHost } from '../../../src/domain/ecr-registry';
import { fault, json, startFakeAws } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { KEYS, SecretKeeper, TOKEN, calm, open, told } from './opening';
import type { Opening } from './opening';

const PUBLIC = parseEcrHost('public.ecr.aws')!;

describe('public.ecr.aws', () => {
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await startFakeAws();
    aws.answer(
      'GetAuthorizationToken',
      json({ authorizationData: { authorizationToken: TOKEN, expiresAt: 1_900_000_000.5 } }),
    );
  });
  afterEach(() => aws.close());

  const opening = (host?: string): Opening => ({
    environment: { ...KEYS, AWS_ENDPOINT_URL: aws.url },
    ...(host === undefined ? {} : { host }),
  });

  it.each(['public.ecr.aws', 'ecr-public.aws.com'])('%s is authorized by ECR Public, in us-east-1', async (host) => {
    const mask = new SecretKeeper();
    const login = await (await open(opening(host), mask)).authorize(calm);
    expect({ ...login, password: login.password.reveal() }).toEqual({
      host,
      username: 'AWS',
      password: 'the-registry-password',
      expiresAt: 1_900_000_000_500,
    });
    expect(mask.known.get('ECR authorization token')).toBe(TOKEN);
    const [{ headers, body }] = aws.seen as [(typeof aws.seen)[0]];
    expect([headers['x-amz-target'], headers['content-type'], body]).toEqual([
      'SpencerFrontendService.GetAuthorizationToken',
      'application/x-amz-json-1.1',
      '{}',
    ]);
    expect(headers.authorization).toMatch(
      /Credential=AKIAEXAMPLEKEY003F2A\/\d{8}\/us-east-1\/ecr-public\/aws4_request/,
    );
  });

  it('is one of RegistryLogins beside a private registry', async () => {
    const login = await (await open(opening())).authorizeFor(PUBLIC, undefined, calm);
    expect([login.host, login.username, aws.seen[0]?.headers['x-amz-target']]).toEqual([
      'public.ecr.aws',
      'AWS',
      'SpencerFrontendService.GetAuthorizationToken',
    ]);
  });

  it('tells a denial', async () => {
    const words =
      'User: arn:aws:iam::111122223333:user/ci is not authorized to perform: ecr-public:GetAuthorizationToken';
    aws.answer('GetAuthorizationToken', fault('com.amazonaws.ecrpublic#AccessDeniedException', words));
    expect(await told((await open(opening('public.ecr.aws'))).authorize(calm))).toEqual({
      code: 'AWS_DENIED',
      hop: 'agent-aws',
      blame: 'environment',
      message: 'AWS denies ecr-public:GetAuthorizationToken on * to access key AKIA…3F2A (job variables)',
      hint: 'Add to its IAM policy: {"Effect":"Allow","Action":"ecr-public:GetAuthorizationToken","Resource":"*"}',
      words,
      transient: false,
    });
  });

  it.each([
    [fault('ThrottlingException', 'Rate exceeded'), 'AWS_THROTTLED', true],
    [fault('ServerException', 'oops', 500), 'AWS_ERROR', true],
    [{ status: 200, body: '<html>' }, 'AWS_ERROR', false],
    [{ status: 400, body: '<html>' }, 'AWS_UNREACHABLE', false],
  ])('tells %j', async (reply, code, transient) => {
    aws.answer('GetAuthorizationToken', reply);
    expect(await told((await open(opening('public.ecr.aws'))).authorize(calm))).toMatchObject({ code, transient });
  });

  it('is no answer of a private registry', async () => {
    const answer = { authorizationToken: TOKEN, expiresAt: 2e9, proxyEndpoint: 'https://public.ecr.aws' };
    aws.answer('GetAuthorizationToken', json({ authorizationData: [answer] }));
    const other = parseEcrHost('444455556666.dkr.ecr.us-east-1.amazonaws.com')!;
    const ecr = await open({ endpoint: aws.url, region: 'us-east-1' });
    expect((await told(ecr.authorizeFor(other, undefined, calm))).message).toBe(
      'AWS names the registry public.ecr.aws, which is ECR Public; asked for was account 444455556666 in region us-east-1',
    );
  });
});
