import { sessionName } from '../../../src/config/role';
import { validateFields } from '../../../src/config/validate';
import { planOf, problemsOf, type Given } from './given';

const ROLE = 'arn:aws:iam::123456789012:role/gocd-push';
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAJOBJOBJOB', AWS_SECRET_ACCESS_KEY: 'job-secret' };

describe('AssumeRole', () => {
  test.each([
    ROLE,
    'arn:aws:iam::123456789012:role/ci/team_a/x+=,.@-1',
    'arn:aws-cn:iam::123456789012:role/x',
    'arn:aws-us-gov:iam::123456789012:role/x',
    'arn:aws-iso-b:iam::123456789012:role/x',
  ])('takes %s', (arn) => {
    expect(planOf({ fields: { AssumeRole: '${R}' }, job: { R: arn } }).aws.role).toEqual({
      arn: { value: arn, origin: { kind: 'field', name: 'AssumeRole' } },
      externalId: undefined,
      sessionName: 'gocd-cart-42',
    });
  });

  const EXAMPLE = 'such as arn:aws:iam::123456789012:role/gocd-push';
  test.each([
    'gocd-push',
    'arn:aws:iam::12345:role/x',
    'arn:aws:iam::123456789012:user/x',
    'arn:evil:iam::123456789012:role/x',
    'arn:aws:iam::123456789012:role/',
    'arn:aws:iam::123456789012:role/x y',
    `arn:aws:iam::123456789012:role/x'`,
  ])('%s is none', (arn) => {
    expect(problemsOf({ fields: { AssumeRole: arn } })).toEqual([
      `AssumeRole: "${arn}" is not the ARN of a role, ${EXAMPLE}`,
    ]);
  });

  test('a session is not a role', () => {
    const arn = 'arn:aws:sts::123456789012:assumed-role/gocd-push/x';
    expect(problemsOf({ fields: { AssumeRole: arn } })).toEqual([
      `AssumeRole: "${arn}" is a session of a role: write the ARN of the role itself, ${EXAMPLE}`,
    ]);
  });

  test.each<[Record<string, string>, string]>([
    [{ Repository: '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/cart' }, 'cn-north-1 is of partition aws-cn'],
    [{ Region: 'us-gov-west-1' }, 'us-gov-west-1 is of partition aws-us-gov'],
  ])('of another partition than %j is refused', (fields, there) => {
    expect(problemsOf({ fields: { ...fields, AssumeRole: ROLE } })).toEqual([
      `AssumeRole: ${ROLE} is a role of partition aws, and the registry's region ${there}`,
    ]);
  });

  test('goes on top of the role of a web identity', () => {
    const job = { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/web', AWS_WEB_IDENTITY_TOKEN_FILE: '/t' };
    const { aws } = planOf({ fields: { AssumeRole: ROLE }, job });
    expect([aws.side, aws.role?.arn.value, Object.fromEntries(aws.environment)]).toEqual(['job', ROLE, job]);
  });
});

describe('ExternalId', () => {
  test('is part of the role', () => {
    expect(planOf({ fields: { AssumeRole: ROLE, ExternalId: 'shop:7/a=b' } }).aws.role?.externalId).toBe('shop:7/a=b');
  });

  const FAULT = 'is not an external id: 2 to 1224 letters, digits and `_+=,.@:/-`';
  test.each<[string, string]>([
    ['x', `"x" ${FAULT}`],
    ['a b', `"a b" ${FAULT}`],
    ['x'.repeat(1225), `"${'x'.repeat(100)}…" ${FAULT}`],
  ])('%s', (id, problem) => {
    expect(problemsOf({ fields: { AssumeRole: ROLE, ExternalId: id } })).toEqual([`ExternalId: ${problem}`]);
  });

  test('needs a role, be it of a line', () => {
    const told = 'is sent with a role, and no role is named: set AssumeRole, or remove it';
    expect(problemsOf({ fields: { ExternalId: 'shop-7' } })).toEqual([`ExternalId: ${told}`]);
    expect(problemsOf({ fields: { ExternalId: 'shop-7', AssumeRole: 'x' } })).toEqual([
      'AssumeRole: "x" is not the ARN of a role, such as arn:aws:iam::123456789012:role/gocd-push',
    ]);
    const AlsoPushTo = `210987654321.dkr.ecr.us-east-1.amazonaws.com/cart role=${ROLE}`;
    expect(planOf({ fields: { ExternalId: 'shop-7', AlsoPushTo } }).alsoPushTo[0]?.aws.role?.externalId).toBe('shop-7');
    const validate = (fields: Record<string, string>): object =>
      validateFields(new Map(Object.entries({ Repository: 'shop/cart', ExternalId: 'shop-7', ...fields })));
    expect(validate({})).toEqual({ ExternalId: told });
    expect(validate({ AssumeRole: '#{role}' })).toEqual({});
    expect(validate({ AlsoPushTo: '${TARGET}' })).toEqual({});
  });
});

test.each<[string, string, string]>([
  ['cart', '42', 'gocd-cart-42'],
  ['', '', 'gocd'],
  ['cart', '', 'gocd-cart'],
  ['Café cart/x:y', '7', 'gocd-Caf--cart-x-y-7'],
  ['p'.repeat(255), '12345', `gocd-${'p'.repeat(53)}-12345`],
])('the session of run %s %s is called %s', (pipeline, counter, name) => {
  expect(sessionName(pipeline, counter)).toBe(name);
  expect(name).toMatch(/^[\w+=,.@-]{2,64}$/);
});

describe('the profile', () => {
  test.each<[Given, object | undefined]>([
    [{}, undefined],
    [{ agent: { AWS_PROFILE: 'a' } }, { value: 'a', origin: { kind: 'agent-environment', name: 'AWS_PROFILE' } }],
    [
      { job: { AWS_PROFILE: 'j' }, agent: { AWS_PROFILE: 'a' } },
      { value: 'j', origin: { kind: 'job-variable', name: 'AWS_PROFILE' } },
    ],
    [
      { fields: { AwsProfile: '${P}' }, job: { P: 'ci builds', AWS_PROFILE: 'j' } },
      { value: 'ci builds', origin: { kind: 'field', name: 'AwsProfile' } },
    ],
    [{ job: KEYS, agent: { AWS_PROFILE: 'a' } }, undefined],
  ])('%j', (given, profile) => {
    const { aws } = planOf(given);
    expect(aws.profile).toEqual(profile);
    expect(aws.environment.get('AWS_PROFILE')).toBe(aws.profile?.value);
  });

  test('of the field tells what it goes before', () => {
    const given = { fields: { AwsProfile: 'ci' }, job: { AWS_PROFILE: 'j' }, agent: { AWS_PROFILE: 'a' } };
    expect(planOf(given).notes).toEqual([
      'job variable AWS_PROFILE "j" is not used: the profile is ci (field AwsProfile)',
      'agent environment AWS_PROFILE "a" is not used: the profile is ci (field AwsProfile)',
    ]);
  });

  test('is in files of the job, where the credentials are the job’s', () => {
    const files = { AWS_CONFIG_FILE: 'aws/config' };
    const { aws } = planOf({ fields: { AwsProfile: 'ci' }, job: files });
    expect([aws.side, Object.fromEntries(aws.environment)]).toEqual(['job', { ...files, AWS_PROFILE: 'ci' }]);
    expect(problemsOf({ fields: { AwsProfile: 'ci' }, job: KEYS })).toEqual([
      "AwsProfile: ci is a profile in AWS files, and the job's credentials (job variable AWS_ACCESS_KEY_ID) come without any: remove AwsProfile, or name the job's files in AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE",
    ]);
  });

  test('has a name that a file can hold', () => {
    expect(problemsOf({ fields: { AwsProfile: 'a]\u005bb' } })).toEqual([
      'AwsProfile: "a][b" is not the name of a profile: at most 128 characters, no square brackets',
    ]);
  });
});
