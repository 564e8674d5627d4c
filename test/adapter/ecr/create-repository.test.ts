import type { RepositorySettings } from '../../../src/domain/repository-settings';
import { fault, json, startFakeAws } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { HOST, calm, open, told } from './opening';

const ARN = 'arn:aws:ecr:eu-west-1:111122223333:repository/team/app';
const LIFECYCLE = '{"rules":[]}';
const POLICY = '{"Version":"2012-10-17","Statement":[]}';
const NONE: RepositorySettings = {
  imageTagMutability: undefined,
  imageTagMutabilityExclusionFilters: [],
  scanOnPush: undefined,
  encryption: undefined,
  lifecyclePolicy: undefined,
  repositoryPolicy: undefined,
  tags: new Map(),
};
const ALL: RepositorySettings = {
  imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
  imageTagMutabilityExclusionFilters: ['latest*'],
  scanOnPush: true,
  encryption: { type: 'KMS', kmsKey: 'alias/ecr' },
  lifecyclePolicy: LIFECYCLE,
  repositoryPolicy: POLICY,
  tags: new Map([['team', 'cart']]),
};
const DESCRIBED = json({
  repositories: [
    {
      repositoryUri: `${HOST}/team/app`,
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest*' }],
    },
  ],
});
const FACTS = { host: HOST, mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['latest*'] };
const DENIED = fault('AccessDeniedException', 'no');
const THERE = fault('RepositoryAlreadyExistsException', "The repository with name 'team/app' already exists");

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws();
  aws.answer('CreateRepository', json({ repository: { repositoryArn: ARN, repositoryUri: `${HOST}/team/app` } }));
  aws.answer('DescribeRepositories', DESCRIBED);
  aws.answer('PutLifecyclePolicy', json({ lifecyclePolicyText: LIFECYCLE }));
  aws.answer('SetRepositoryPolicy', json({ policyText: POLICY }));
});
afterEach(() => aws.close());

const create = async (settings: RepositorySettings | undefined): Promise<unknown> =>
  (await open({ endpoint: aws.url, host: HOST })).createRepository('team/app', settings, calm);

describe('createRepository', () => {
  it('creates with all settings, then sets the policies as they were written', async () => {
    expect(await create(ALL)).toEqual({ created: true, facts: FACTS });
    const repository = { registryId: '111122223333', repositoryName: 'team/app' };
    expect(aws.bodies('CreateRepository')).toEqual([
      {
        ...repository,
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest*' }],
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'alias/ecr' },
        tags: [{ Key: 'team', Value: 'cart' }],
      },
    ]);
    expect(aws.bodies('PutLifecyclePolicy')).toEqual([{ ...repository, lifecyclePolicyText: LIFECYCLE }]);
    expect(aws.bodies('SetRepositoryPolicy')).toEqual([{ ...repository, policyText: POLICY }]);
  });

  it.each([undefined, NONE])("leaves everything else to AWS's defaults", async (settings) => {
    await create(settings);
    expect(aws.bodies('CreateRepository')).toEqual([{ registryId: '111122223333', repositoryName: 'team/app' }]);
    expect(aws.operations()).toEqual(['CreateRepository', 'DescribeRepositories']);
  });

  it('is content with one that another job has made, and sets nothing on it', async () => {
    aws.answer('CreateRepository', THERE);
    expect(await create(ALL)).toEqual({ created: false, facts: FACTS });
    expect(aws.operations()).toEqual(['CreateRepository', 'DescribeRepositories']);
  });

  it('knows what it has made where it may not describe it', async () => {
    aws.answer('DescribeRepositories', DENIED);
    expect(await create(ALL)).toEqual({ created: true, facts: FACTS });
    expect(await create(NONE)).toEqual({ created: true, facts: { host: HOST, mutability: 'MUTABLE', exclusions: [] } });
    aws.answer('CreateRepository', THERE);
    expect(await create(ALL)).toEqual({ created: false, facts: { host: HOST, mutability: undefined, exclusions: [] } });
  });

  it('needs the host of somebody, where it may not describe it', async () => {
    aws.answer('DescribeRepositories', DENIED);
    const ecr = await open({ endpoint: aws.url, registryId: '111122223333' });
    expect((await told(ecr.createRepository('team/app', NONE, calm))).code).toBe('AWS_DENIED');
  });
});

describe('a policy that fails after the repository is there', () => {
  const state =
    'Repository team/app exists now, but not with all of RepositorySettings (set: imageTagMutability, imageTagMutabilityExclusionFilters, scanOnPush, encryption, tags';
  const rest = 'A rerun changes no repository that exists: set it by hand, or delete the repository first';

  it('is told with what is set and what is not, where it is denied', async () => {
    aws.answer('PutLifecyclePolicy', DENIED);
    expect(await told(create(ALL))).toEqual({
      code: 'AWS_DENIED',
      hop: 'agent-aws',
      blame: 'environment',
      message: `${state}; not set: lifecyclePolicy, repositoryPolicy): AWS denies ecr:PutLifecyclePolicy on ${ARN} to access key AKIA…3F2A (job variables)`,
      hint: `Add to its IAM policy: {"Effect":"Allow","Action":"ecr:PutLifecyclePolicy","Resource":"${ARN}"}; in another account's registry the repository's policy must allow it too. ${rest}`,
      words: 'no',
      transient: false,
    });
  });

  it('is told with the field, where AWS does not take it', async () => {
    const words =
      "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'";
    aws.answer('SetRepositoryPolicy', fault('InvalidParameterException', words));
    expect(await told(create(ALL))).toEqual({
      code: 'ECR_REPOSITORY_NOT_CREATED',
      hop: 'agent-aws',
      blame: 'config',
      message: `${state.replace('encryption,', 'encryption, lifecyclePolicy,')}; not set: repositoryPolicy): AWS refuses ecr:SetRepositoryPolicy: InvalidParameterException (HTTP 400)`,
      hint: `Correct the field RepositorySettings, repositoryPolicy. ${rest}`,
      words,
      transient: false,
    });
  });

  it('is told when it is the only setting', async () => {
    aws.answer('PutLifecyclePolicy', fault('ServerException', 'oops', 500));
    expect(await told(create({ ...NONE, lifecyclePolicy: LIFECYCLE }))).toMatchObject({
      code: 'AWS_ERROR',
      message:
        'Repository team/app exists now, but not with all of RepositorySettings (set: nothing; not set: lifecyclePolicy): AWS failed at ecr:PutLifecyclePolicy: ServerException (HTTP 500); attempts made: 1',
      transient: true,
    });
  });

  it('is gone on with by the next attempt of the same run', async () => {
    aws.answer('SetRepositoryPolicy', fault('ThrottlingException', 'Rate exceeded'), json({ policyText: POLICY }));
    const ecr = await open({ endpoint: aws.url, host: HOST, patience: ONCE });
    expect(await told(ecr.createRepository('team/app', ALL, calm))).toMatchObject({
      code: 'AWS_THROTTLED',
      transient: true,
    });
    aws.answer('CreateRepository', THERE);
    expect(await ecr.createRepository('team/app', ALL, calm)).toEqual({ created: true, facts: FACTS });
    expect(aws.operations()).toEqual([
      'CreateRepository',
      'PutLifecyclePolicy',
      'SetRepositoryPolicy',
      'SetRepositoryPolicy',
      'DescribeRepositories',
    ]);
  });
});

const ONCE = { connectionMs: 2_000, requestMs: 2_000, attempts: 1, credentialsMs: 2_000 };

describe('what CreateRepository refuses', () => {
  const refusal = (why: string): string =>
    `Repository team/app is not created: AWS refuses ecr:CreateRepository: ${why}`;

  it.each([
    {
      name: 'KmsException',
      blame: 'config',
      why: 'KmsException (HTTP 400)',
      hint: "Correct the field RepositorySettings, encryption.kmsKey: the key must be in the repository's region, enabled, and usable by this identity (kms:CreateGrant, kms:DescribeKey)",
    },
    {
      name: 'LimitExceededException',
      blame: 'environment',
      why: 'a quota is used up',
      hint: 'Delete repositories that are not needed, or ask for more ("Registered repositories" of ECR in Service Quotas, region eu-west-1)',
    },
    ...['TooManyTagsException', 'InvalidTagParameterException'].map((name) => ({
      name,
      blame: 'config',
      why: `${name} (HTTP 400)`,
      hint: 'Correct the field RepositorySettings, tags: at most 50, keys of at most 128 and values of at most 256 characters',
    })),
  ])('$name', async ({ name, blame, why, hint }) => {
    aws.answer('CreateRepository', fault(name, 'words of AWS'));
    expect(await told(create(ALL))).toEqual({
      code: 'ECR_REPOSITORY_NOT_CREATED',
      hop: 'agent-aws',
      blame,
      message: refusal(why),
      hint,
      words: 'words of AWS',
      transient: false,
    });
    expect(aws.operations()).toEqual(['CreateRepository']);
  });

  it.each([
    ['repositoryName', 'Correct the field Repository'],
    ['ImageTagMutabilityExclusionFilters', 'Correct the field RepositorySettings, imageTagMutabilityExclusionFilters'],
    ['encryptionConfiguration', 'Correct the field RepositorySettings, encryption'],
    ['tags', 'Correct the field RepositorySettings, tags'],
    ['registryId', 'Correct the field RegistryId'],
    ['somethingNew', undefined],
  ])('names the field of parameter %s', async (parameter, hint) => {
    const words = `Invalid parameter at '${parameter}' failed to satisfy constraint: 'must be another'`;
    aws.answer('CreateRepository', fault('InvalidParameterException', words));
    expect(await told(create(ALL))).toEqual({
      code: 'ECR_REPOSITORY_NOT_CREATED',
      hop: 'agent-aws',
      blame: hint === undefined ? 'environment' : 'config',
      message: refusal('InvalidParameterException (HTTP 400)'),
      hint,
      words,
      transient: false,
    });
  });

  it('names the action that tags need, which AWS tells', async () => {
    const words = `User: arn:aws:iam::111122223333:user/ci is not authorized to perform: ecr:TagResource on resource: ${ARN} because no identity-based policy allows the ecr:TagResource action`;
    aws.answer('CreateRepository', fault('AccessDeniedException', words));
    expect(await told(create(ALL))).toMatchObject({
      code: 'AWS_DENIED',
      message: `AWS denies ecr:TagResource on ${ARN} to access key AKIA…3F2A (job variables)`,
    });
  });
});
