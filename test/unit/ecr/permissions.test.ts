import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { policyStatement, repositoryArn } from '../../../src/ecr/permissions';

describe('repositoryArn', () => {
  it.each([
    ['eu-west-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-east-1', 'aws-us-gov'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['us-isof-south-1', 'aws-iso-f'],
    ['eu-isoe-west-1', 'aws-iso-e'],
    ['eusc-de-east-1', 'aws-eusc'],
  ])('of %s is in partition %s', (region, partition) => {
    expect(repositoryArn(region, '111122223333', 'team/app')).toBe(
      `arn:${partition}:ecr:${region}:111122223333:repository/team/app`,
    );
  });

  it('leaves the account open where nobody names it', () => {
    expect(repositoryArn('eu-west-1', undefined, 'a/b')).toBe('arn:aws:ecr:eu-west-1:*:repository/a/b');
  });
});

it('a statement is pasted into a policy as it is', () => {
  expect(JSON.parse(policyStatement({ action: 'ecr:PutImage', resource: '*' }))).toEqual({
    Effect: 'Allow',
    Action: 'ecr:PutImage',
    Resource: '*',
  });
});

describe('docs/aws-permissions.md', () => {
  const text = readFileSync(join(__dirname, '../../../docs/aws-permissions.md'), 'utf8');
  const policies = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json) as Policy);
  interface Policy {
    readonly Statement: readonly { readonly Effect: string; readonly Action: string | readonly string[] }[];
  }
  const actions = ({ Statement }: Policy): string[] => Statement.flatMap(({ Action }) => Action).sort();
  const PUSH = [
    'ecr:BatchCheckLayerAvailability',
    'ecr:BatchGetImage',
    'ecr:CompleteLayerUpload',
    'ecr:GetAuthorizationToken',
    'ecr:InitiateLayerUpload',
    'ecr:PutImage',
    'ecr:UploadLayerPart',
  ];

  it("holds policies that can be pasted, the first one AWS's own for pushing", () => {
    expect(policies.map(actions)).toEqual([
      PUSH,
      ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      ['ecr:DescribeImages', 'ecr:DescribeRepositories'],
      ['ecr:CreateRepository', 'ecr:DescribeRepositories'],
      ['ecr:DescribeRepositories', 'ecr:GetLifecyclePolicy', 'ecr:GetRepositoryPolicy', 'ecr:ListTagsForResource'],
      ['sts:AssumeRole'],
      ['sts:AssumeRole'],
      [...PUSH.filter((action) => action !== 'ecr:GetAuthorizationToken'), 'ecr:GetDownloadUrlForLayer'].sort(),
      [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetAuthorizationToken',
        'ecr:GetDownloadUrlForLayer',
      ],
      [
        'ecr-public:BatchCheckLayerAvailability',
        'ecr-public:CompleteLayerUpload',
        'ecr-public:DescribeImages',
        'ecr-public:DescribeRepositories',
        'ecr-public:GetAuthorizationToken',
        'ecr-public:InitiateLayerUpload',
        'ecr-public:PutImage',
        'ecr-public:UploadLayerPart',
        'sts:GetServiceBearerToken',
      ],
    ]);
  });

  it('names every action that is called', () => {
    const folder = join(__dirname, '../../../src/ecr');
    const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const called = sources.flatMap((source) => [...source.matchAll(/'((?:ecr|ecr-public|sts):[A-Z]\w+)'/g)]);
    const unnamed = called.filter(([, action = '']) => !new RegExp(`[\`"]${action}[\`"]`).test(text));
    expect(called.length).toBeGreaterThan(12);
    expect(unnamed.map(([, action]) => action)).toEqual([]);
  });
});
