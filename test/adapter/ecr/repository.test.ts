import { fault, json, startFakeAws } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { HOST, calm, open, told } from './opening';

const DENIED = fault('AccessDeniedException', 'User: arn:aws:iam::111122223333:user/ci is not authorized');
const MISSING = fault('RepositoryNotFoundException', "The repository with name 'team/app' does not exist");

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws();
});
afterEach(() => aws.close());

describe('describeRepository', () => {
  const has = (repositoryUri: string, more: object = {}): void =>
    aws.answer('DescribeRepositories', json({ repositories: [{ repositoryUri, ...more }] }));

  it('tells the host of repositoryUri, the mutability and the tags that it is not for', async () => {
    const filters = ['latest*', 'dev'].map((filter) => ({ filterType: 'WILDCARD', filter }));
    has(`${HOST}/team/app`, {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: filters,
    });
    const ecr = await open({ endpoint: aws.url, registryId: '111122223333' });
    expect(await ecr.describeRepository('team/app', calm)).toEqual({
      host: HOST,
      mutability: 'IMMUTABLE_WITH_EXCLUSION',
      exclusions: ['latest*', 'dev'],
    });
    expect(aws.bodies('DescribeRepositories')).toEqual([{ registryId: '111122223333', repositoryNames: ['team/app'] }]);
  });

  it('lets a typed host win, and asks the account that it names', async () => {
    has(`${HOST}/team/app`);
    const host = '111122223333.dkr-ecr.eu-west-1.on.aws';
    const ecr = await open({ endpoint: aws.url, host });
    expect(await ecr.describeRepository('team/app', calm)).toEqual({
      host,
      mutability: 'MUTABLE',
      exclusions: [],
    });
    expect(aws.bodies('DescribeRepositories')).toEqual([{ registryId: '111122223333', repositoryNames: ['team/app'] }]);
  });

  it('refuses a repository of another region', async () => {
    has('111122223333.dkr.ecr.eu-central-1.amazonaws.com/team/app');
    const ecr = await open({ endpoint: aws.url });
    expect(await told(ecr.describeRepository('team/app', calm))).toMatchObject({
      code: 'ECR_REGISTRY_MISMATCH',
      message:
        'AWS names the registry 111122223333.dkr.ecr.eu-central-1.amazonaws.com, account 111122223333 in region eu-central-1; asked for was region eu-west-1',
    });
  });

  it('tells a missing repository with account and region', async () => {
    aws.answer('DescribeRepositories', MISSING);
    const ecr = await open({ endpoint: aws.url, registryId: '111122223333' });
    expect(await told(ecr.describeRepository('team/app', calm))).toEqual({
      code: 'ECR_REPOSITORY_MISSING',
      hop: 'agent-aws',
      blame: 'config',
      message: 'Repository team/app does not exist in registry 111122223333, region eu-west-1 (field Region)',
      hint: 'Create it with "aws ecr create-repository --repository-name team/app --region eu-west-1" or in the console, or correct the fields Repository, Region and RegistryId',
      words: "The repository with name 'team/app' does not exist",
      transient: false,
    });
  });

  it('tells which permission is missing', async () => {
    aws.answer('DescribeRepositories', DENIED);
    const ecr = await open({ endpoint: aws.url, registryId: '111122223333' });
    expect(await told(ecr.describeRepository('team/app', calm))).toEqual({
      code: 'AWS_DENIED',
      hop: 'agent-aws',
      blame: 'environment',
      message:
        'AWS denies ecr:DescribeRepositories on arn:aws:ecr:eu-west-1:111122223333:repository/team/app to access key AKIA…3F2A (job variables)',
      hint: 'Add to its IAM policy: {"Effect":"Allow","Action":"ecr:DescribeRepositories","Resource":"arn:aws:ecr:eu-west-1:111122223333:repository/team/app"}; in another account\'s registry the repository\'s policy must allow it too',
      words: 'User: arn:aws:iam::111122223333:user/ci is not authorized',
      transient: false,
    });
  });

  it('tells an answer without a repositoryUri', async () => {
    aws.answer('DescribeRepositories', json({ repositories: [] }));
    const ecr = await open({ endpoint: aws.url });
    expect(await told(ecr.describeRepository('team/app', calm))).toMatchObject({
      code: 'AWS_ERROR',
      message: 'AWS answered ecr:DescribeRepositories without a repositoryUri',
    });
  });
});
