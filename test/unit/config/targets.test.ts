import { validateFields } from '../../../src/config/validate';
import { planOf, problemsOf, type Given } from './given';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const OTHER = '210987654321.dkr.ecr.us-east-1.amazonaws.com';
const ROLE = 'arn:aws:iam::210987654321:role/ci/gocd-push';
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAJOBJOBJOB', AWS_SECRET_ACCESS_KEY: 'job-secret' };

const line = (value: string): object => ({ value, origin: { kind: 'field', name: 'AlsoPushTo' } });

describe('AlsoPushTo', () => {
  test('is a place with its own region and account, asked by the same side, by its role or else by the task’s', () => {
    const { aws, alsoPushTo } = planOf({
      fields: {
        Repository: `${HOST}/shop/cart`,
        AlsoPushTo: `${OTHER.toUpperCase().replace('.DKR.ECR.US-EAST-1.AMAZONAWS.COM', '.dkr.ecr.us-east-1.amazonaws.com')}/\${APP}  role=\${ROLE}\n\n${HOST}/shop/other`,
        AssumeRole: 'arn:aws:iam::123456789012:role/gocd',
        ExternalId: 'shop-7',
        AwsProfile: 'ci',
      },
      job: { APP: 'cart', ROLE, HTTPS_PROXY: 'http://proxy:3128' },
    });
    const own = {
      arn: { value: 'arn:aws:iam::123456789012:role/gocd', origin: { kind: 'field', name: 'AssumeRole' } },
      externalId: 'shop-7',
      sessionName: 'gocd-cart-42',
    };
    expect(aws.role).toEqual(own);
    expect(alsoPushTo).toEqual([
      {
        repository: {
          host: OTHER,
          path: 'cart',
          registry: expect.objectContaining({ accountId: '210987654321' }) as object,
        },
        aws: {
          ...aws,
          region: line('us-east-1'),
          registryId: line('210987654321'),
          role: { ...own, arn: line(ROLE) },
        },
      },
      {
        repository: {
          host: HOST,
          path: 'shop/other',
          registry: expect.objectContaining({ region: 'eu-west-1' }) as object,
        },
        aws: { ...aws, region: line('eu-west-1'), registryId: line('123456789012'), role: own },
      },
    ]);
  });

  test('asks by nobody’s role where there is none', () => {
    const { alsoPushTo } = planOf({ fields: { AlsoPushTo: `${OTHER}/cart` }, job: KEYS });
    expect(alsoPushTo).toMatchObject([{ aws: { side: 'job', role: undefined } }]);
  });

  test('is any host where all of AWS is a stand-in, in the region of the task', () => {
    const { alsoPushTo } = planOf({
      fields: { AlsoPushTo: 'localhost:5000/cart', Region: 'eu-west-1', RegistryId: '123456789012' },
      agent: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    });
    expect(alsoPushTo).toMatchObject([
      {
        repository: { host: 'localhost:5000', path: 'cart', registry: undefined },
        aws: { region: { value: 'eu-west-1' }, registryId: undefined, customEndpoint: true },
      },
    ]);
  });

  test('of ECR Public has no account, and is called in its one region', () => {
    const { alsoPushTo } = planOf({ fields: { AlsoPushTo: 'public.ecr.aws/shop/cart', Region: 'eu-west-1' } });
    expect(alsoPushTo).toMatchObject([{ aws: { region: line('us-east-1'), registryId: undefined } }]);
  });

  const FORM = 'a line is host/repository, or host/repository role=ARN';
  const EXAMPLE = 'such as arn:aws:iam::123456789012:role/gocd-push';
  test.each<[string, string]>([
    [`role=${ROLE}`, `line 1 has no repository; ${FORM}`],
    [`${OTHER}/cart ${ROLE}`, `line 1 has more than a repository and role=; ${FORM}`],
    ['shop/cart', `line 1 names "shop/cart" without its registry; ${FORM}`],
    [`${OTHER}/cart:1`, `line 1 names "${OTHER}/cart:1", which holds a tag: that belongs in Tags`],
    [`${OTHER}/cart role=gocd`, `line 1 has role="gocd", which is not the ARN of a role, ${EXAMPLE}`],
    [`${OTHER}/cart role=`, 'line 1 leaves role empty'],
    [`${OTHER}/cart role=${ROLE} role=${ROLE}`, 'line 1 gives role twice'],
    [`${OTHER}/cart region=us-east-1`, 'line 1 has "region", which is not understood; there is role'],
    [
      `${OTHER}/cart role=arn:aws-us-gov:iam::210987654321:role/x`,
      "line 1: arn:aws-us-gov:iam::210987654321:role/x is a role of partition aws-us-gov, and the registry's region us-east-1 is of partition aws",
    ],
    [`${OTHER}/cart\n${OTHER}/other\n${OTHER}/cart role=${ROLE}`, `line 3 names ${OTHER}/cart, and so does line 1`],
    [
      `${OTHER}/cart\n210987654321.dkr-ecr.us-east-1.on.aws/cart`,
      'line 2 names 210987654321.dkr-ecr.us-east-1.on.aws/cart, and so does line 1',
    ],
    [`${HOST}/shop/cart`, `line 1 names ${HOST}/shop/cart, and so does field Repository`],
    [
      '210987654321.dkr.ecr.cn-north-1.amazonaws.com/cart',
      'line 1 names "210987654321.dkr.ecr.cn-north-1.amazonaws.com/cart", which names a registry in cn-north-1, where they end in amazonaws.com.cn, not in amazonaws.com',
    ],
  ])('%j: %s', (text, problem) => {
    const fields = { Repository: `${HOST}/shop/cart`, AlsoPushTo: text };
    expect(problemsOf({ fields })).toEqual([`AlsoPushTo: ${problem}`]);
    expect(validateFields(new Map(Object.entries(fields)))).toEqual({ AlsoPushTo: problem });
  });

  test('is known by region and account where the main repository is named without its host', () => {
    const fields = { Region: 'us-east-1', RegistryId: '210987654321', AlsoPushTo: `${OTHER}/shop/cart` };
    expect(problemsOf({ fields })).toEqual([
      `AlsoPushTo: line 1 names ${OTHER}/shop/cart, and so does field Repository`,
    ]);
  });

  test('gets no token where it is not ECR, unless nothing is pushed', () => {
    const fields = { AlsoPushTo: `${OTHER}/cart\nregistry.example.com/cart` };
    expect(problemsOf({ fields })).toEqual([
      'AlsoPushTo: line 2 names the host registry.example.com, which is not an ECR registry: a token for ECR is not sent there',
    ]);
    expect(planOf({ fields: { ...fields, Mode: 'build' } }).alsoPushTo).toHaveLength(2);
  });

  test('is split as it is typed: a variable makes no role and no further line', () => {
    const given = (text: string): Given => ({ fields: { AlsoPushTo: '${X}' }, job: { X: text } });
    expect(problemsOf(given(`${OTHER}/cart role=${ROLE}`))).toEqual([
      `AlsoPushTo: line 1 names "${OTHER}/cart role=${ROLE}", which is not a repository: 2 to 256 small letters, digits and single \`.\`, \`_\`, \`-\` between them, in parts separated by \`/\``,
    ]);
    expect(problemsOf(given(`${OTHER}/cart\n${OTHER}/x`))).toEqual(['AlsoPushTo: "${X}" holds a line break (U+000A)']);
  });
});

describe('a host and its region', () => {
  test.each<[string, string]>([
    [
      '123456789012.dkr.ecr.cn-north-1.amazonaws.com',
      'cn-north-1, where they end in amazonaws.com.cn, not in amazonaws.com',
    ],
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com.cn',
      'eu-west-1, where they end in amazonaws.com, not in amazonaws.com.cn',
    ],
    [
      '123456789012.dkr.ecr-fips.us-gov-west-1.c2s.ic.gov',
      'us-gov-west-1, where they end in amazonaws.com, not in c2s.ic.gov',
    ],
    ['123456789012.dkr-ecr.eu-west-1.amazonaws.com', 'eu-west-1, where they end in on.aws, not in amazonaws.com'],
  ])('%s contradict each other', (host, fault) => {
    expect(problemsOf({ fields: { Repository: `${host}/cart` } })).toEqual([
      `Repository: "${host}/cart" names a registry in ${fault}`,
    ]);
  });
});

describe('CreateRepository', () => {
  const NEEDS =
    'CreateRepository: if-missing needs to know where: write the host in Repository, or set Region and RegistryId';
  const fields = { CreateRepository: 'if-missing' };
  test.each<[Record<string, string>, string[]]>([
    [{}, [NEEDS]],
    [{ Region: 'eu-west-1' }, [NEEDS]],
    [{ RegistryId: '123456789012' }, [NEEDS]],
    [{ Region: '${NONE:-}', RegistryId: '123456789012' }, [NEEDS]],
    [
      { Region: 'x', RegistryId: '123456789012' },
      ['Region: "x" is not an AWS region: it looks like eu-west-1 or us-gov-east-1'],
    ],
    [{ CreateRepository: 'always' }, ['CreateRepository: "always" is not one of never, if-missing']],
  ])('with %j: %j', (more, problems) => {
    expect(problemsOf({ fields: { ...fields, ...more }, job: { AWS_REGION: 'eu-west-1' } })).toEqual(problems);
  });

  test('creates where the place is explicit, and never unless it is asked to', () => {
    expect(planOf().creation).toEqual({ ifMissing: false, settings: undefined });
    expect(planOf({ fields: { ...fields, Repository: `${HOST}/cart` } }).creation.ifMissing).toBe(true);
    const place = { Region: 'eu-west-1', RegistryId: '123456789012' };
    expect(planOf({ fields: { ...fields, ...place } }).creation.ifMissing).toBe(true);
  });

  test('is not judged by what is not known yet', () => {
    const told = (more: Record<string, string>): object =>
      validateFields(new Map(Object.entries({ Repository: 'shop/cart', ...fields, ...more })));
    expect(told({})).toEqual({ CreateRepository: NEEDS.slice('CreateRepository: '.length) });
    expect(told({ Region: '${R}', RegistryId: '#{account}' })).toEqual({});
    expect(told({ Repository: '#{repository}' })).toEqual({});
  });
});
