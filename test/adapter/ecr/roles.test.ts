import type { RolePlan } from '../../../src/domain/plan';
import { parseEcrHost } from '../../../src/domain/ecr-registry';
import { assumed, fault, json, startFakeAws, stsFault } from './fake-aws';
import type { FakeAws, Reply } from './fake-aws';
import { HOST, KEYS, SecretKeeper, TOKEN, calm, open, told } from './opening';
import type { Opening } from './opening';

const ROLE = 'arn:aws:iam::111122223333:role/ci/gocd-push';
const OTHER_ROLE = 'arn:aws:iam::444455556666:role/pull';
const OTHER = parseEcrHost('444455556666.dkr.ecr.us-east-1.amazonaws.com')!;
const ISSUED = json({
  authorizationData: [{ authorizationToken: TOKEN, expiresAt: 2e9, proxyEndpoint: `https://${HOST}` }],
});
const EXPIRED = fault('ExpiredTokenException', 'The security token included in the request is expired', 403);

const role = (arn = ROLE, externalId?: string, field = 'AssumeRole'): RolePlan => ({
  arn: { value: arn, origin: { kind: 'field', name: field } },
  externalId,
  sessionName: 'gocd-cart-42',
});

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws();
  aws.answer('GetAuthorizationToken', ISSUED);
});
const more: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all([aws.close(), ...more.splice(0).map((close) => close())]);
});

/** Keys of the job, everything at the fake, a role on top. */
const plain = (): Opening => ({ environment: { ...KEYS, AWS_ENDPOINT_URL: aws.url } });
const opening = (more: Opening = {}): Opening => ({ ...plain(), role: role(), ...more });

const roleGives = (...replies: readonly [Reply, ...Reply[]]): void => aws.answer('AssumeRole', ...replies);
const signers = (): unknown[] =>
  aws.seen.map(({ operation, headers }) => [
    operation,
    /Credential=([^/]+)\/\d+\/([^/]+)/
      .exec(headers.authorization ?? '')
      ?.slice(1)
      .join(' '),
  ]);
const soon = (): string => new Date(Date.now() + 60_000).toISOString();

describe('AssumeRole', () => {
  it('is done with the base credentials, once for all calls', async () => {
    roleGives(assumed('AssumeRole', 'ASIAROLE000000000001'));
    const mask = new SecretKeeper();
    const ecr = await open(opening({ role: role(ROLE, 'their-id') }), mask);
    await Promise.all([ecr.authorize(calm), ecr.authorize(calm)]);
    expect(signers()).toEqual([
      ['AssumeRole', 'AKIAEXAMPLEKEY003F2A eu-west-1'],
      ['GetAuthorizationToken', 'ASIAROLE000000000001 eu-west-1'],
      ['GetAuthorizationToken', 'ASIAROLE000000000001 eu-west-1'],
    ]);
    expect(Object.fromEntries(new URLSearchParams(aws.seen[0]?.body))).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: ROLE,
      RoleSessionName: 'gocd-cart-42',
      ExternalId: 'their-id',
    });
    expect([mask.known.get('AWS secret access key'), mask.known.get('AWS session token')]).toEqual([
      'role-secret',
      'role-session-ASIAROLE000000000001',
    ]);
  });

  it('tells whose role it is and what it is assumed with, and asks nobody for that', async () => {
    roleGives(assumed('AssumeRole', 'ASIAROLE000000000001'));
    const ecr = await open(opening());
    expect(await ecr.identity(calm)).toBe('111122223333 role gocd-push (field AssumeRole, with job variables)');
    expect(aws.operations()).toEqual(['AssumeRole']);
  });

  it('is done again before the session ends', async () => {
    roleGives(assumed('AssumeRole', 'ASIAROLE000000000001', soon()), assumed('AssumeRole', 'ASIAROLE000000000002'));
    const ecr = await open(opening());
    await ecr.authorize(calm);
    await ecr.authorize(calm);
    expect(signers().at(-1)).toEqual(['GetAuthorizationToken', 'ASIAROLE000000000002 eu-west-1']);
  });

  it('is done again when AWS calls the session expired, and the call is made once more', async () => {
    roleGives(assumed('AssumeRole', 'ASIAROLE000000000001'), assumed('AssumeRole', 'ASIAROLE000000000002'));
    aws.answer('GetAuthorizationToken', ISSUED, EXPIRED, ISSUED);
    const ecr = await open(opening());
    await ecr.authorize(calm);
    expect((await ecr.authorize(calm)).host).toBe(HOST);
    expect(signers()).toEqual([
      ['AssumeRole', 'AKIAEXAMPLEKEY003F2A eu-west-1'],
      ['GetAuthorizationToken', 'ASIAROLE000000000001 eu-west-1'],
      ['GetAuthorizationToken', 'ASIAROLE000000000001 eu-west-1'],
      ['AssumeRole', 'AKIAEXAMPLEKEY003F2A eu-west-1'],
      ['GetAuthorizationToken', 'ASIAROLE000000000002 eu-west-1'],
    ]);
  });

  it('ends in AWS_CREDENTIALS_EXPIRED when the fresh session is expired too', async () => {
    roleGives(assumed('AssumeRole', 'ASIAROLE000000000001'), assumed('AssumeRole', 'ASIAROLE000000000002'));
    aws.answer('GetAuthorizationToken', EXPIRED);
    expect(await told((await open(opening())).authorize(calm))).toEqual({
      code: 'AWS_CREDENTIALS_EXPIRED',
      hop: 'agent-aws',
      blame: 'environment',
      message:
        'AWS calls the credentials expired at ecr:GetAuthorizationToken; they are 111122223333 role gocd-push (field AssumeRole, with job variables)',
      hint: 'Fetch a new session: nobody renews a session token that was copied; those of a role were fetched anew, in vain',
      words: 'The security token included in the request is expired',
      transient: false,
    });
    expect(aws.operations().filter((operation) => operation === 'GetAuthorizationToken')).toHaveLength(2);
  });

  it('does not ask twice with a session token that somebody copied', async () => {
    aws.answer('GetAuthorizationToken', EXPIRED);
    const environment = { ...KEYS, AWS_SESSION_TOKEN: 'copied-session', AWS_ENDPOINT_URL: aws.url };
    const { code } = await told((await open({ environment })).authorize(calm));
    expect([code, aws.operations()]).toEqual(['AWS_CREDENTIALS_EXPIRED', ['GetAuthorizationToken']]);
  });

  it.each([
    [undefined, ', and not ask for an ExternalId: none is sent'],
    ['their-id', ', for the ExternalId that is sent (field ExternalId)'],
  ])('denied with ExternalId %p', async (externalId, cause) => {
    const words = `User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`;
    roleGives(stsFault('AccessDenied', words));
    expect(await told((await open(opening({ role: role(ROLE, externalId) }))).authorize(calm))).toEqual({
      code: 'AWS_DENIED',
      hop: 'agent-aws',
      blame: 'environment',
      message: `AWS denies sts:AssumeRole on ${ROLE} (field AssumeRole) to access key AKIA…3F2A (job variables)`,
      hint: `Add to the IAM policy of access key AKIA…3F2A (job variables): {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"${ROLE}"}; the role's trust policy must allow that identity too${cause}`,
      words,
      transient: false,
    });
    expect(aws.operations()).toEqual(['AssumeRole']);
  });

  it('is worth another try when STS is throttled', async () => {
    roleGives(stsFault('Throttling', 'Rate exceeded'), assumed('AssumeRole', 'ASIAROLE000000000001'));
    const ecr = await open(opening());
    expect(await told(ecr.authorize(calm))).toMatchObject({ code: 'AWS_THROTTLED', transient: true });
    expect((await ecr.authorize(calm)).host).toBe(HOST);
  });

  it('says that the base credentials are missing, not the role', async () => {
    const environment = { AWS_ENDPOINT_URL: aws.url };
    const { code } = await told((await open(opening({ environment }))).authorize(calm));
    expect([code, aws.operations()]).toEqual(['AWS_NO_CREDENTIALS', []]);
  });

  it("asks the endpoint of STS where the job's keys have one", async () => {
    const sts = await startFakeAws();
    more.push(() => sts.close());
    sts.answer('AssumeRole', assumed('AssumeRole', 'ASIAROLE000000000001'));
    const environment = { ...KEYS, AWS_ENDPOINT_URL_STS: sts.url };
    await (await open(opening({ endpoint: aws.url, environment }))).authorize(calm);
    expect([sts.operations(), aws.operations()]).toEqual([['AssumeRole'], ['GetAuthorizationToken']]);
  });
});

describe('a role of another registry', () => {
  it('is assumed with the base credentials, not through AssumeRole, and once', async () => {
    roleGives(assumed('AssumeRole', 'ASIAROLE000000000009'));
    aws.answer(
      'GetAuthorizationToken',
      json({
        authorizationData: [{ authorizationToken: TOKEN, expiresAt: 2e9, proxyEndpoint: `https://${OTHER.host}` }],
      }),
    );
    const ecr = await open(opening());
    const itsRole = role(OTHER_ROLE, undefined, 'RegistryLogins');
    expect((await ecr.authorizeFor(OTHER, itsRole, calm)).host).toBe(OTHER.host);
    await ecr.authorizeFor(OTHER, itsRole, calm);
    expect(new URLSearchParams(aws.seen[0]?.body).get('RoleArn')).toBe(OTHER_ROLE);
    expect(signers()).toEqual([
      ['AssumeRole', 'AKIAEXAMPLEKEY003F2A eu-west-1'],
      ['GetAuthorizationToken', 'ASIAROLE000000000009 us-east-1'],
      ['GetAuthorizationToken', 'ASIAROLE000000000009 us-east-1'],
    ]);
  });

  it('without one is asked as the task: by its AssumeRole', async () => {
    roleGives(assumed('AssumeRole', 'ASIAROLE000000000001'));
    aws.answer(
      'GetAuthorizationToken',
      json({
        authorizationData: [{ authorizationToken: TOKEN, expiresAt: 2e9, proxyEndpoint: `https://${OTHER.host}` }],
      }),
    );
    await (await open(opening())).authorizeFor(OTHER, undefined, calm);
    expect(signers().at(-1)).toEqual(['GetAuthorizationToken', 'ASIAROLE000000000001 us-east-1']);
  });

  it('names the field of its line when it is denied', async () => {
    roleGives(stsFault('AccessDenied', 'no'));
    const ecr = await open(plain());
    const { message } = await told(ecr.authorizeFor(OTHER, role(OTHER_ROLE, undefined, 'RegistryLogins'), calm));
    expect(message).toBe(
      `AWS denies sts:AssumeRole on ${OTHER_ROLE} (field RegistryLogins) to access key AKIA…3F2A (job variables)`,
    );
  });
});
