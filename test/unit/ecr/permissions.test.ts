import { readFileSync } from 'node:fs';
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
    readonly Statement: readonly { readonly Action: string | readonly string[] }[];
  }
  const actions = (policy: Policy): string[] => policy.Statement.flatMap(({ Action }) => Action).sort();

  it('holds policies that can be pasted: the needed, the needed with the look-ups', () => {
    const needed = [
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:CompleteLayerUpload',
      'ecr:GetAuthorizationToken',
      'ecr:InitiateLayerUpload',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
    ];
    expect(actions(policies[0]!)).toEqual(needed);
    expect(actions(policies[1]!)).toEqual(['ecr:DescribeImages', 'ecr:DescribeRepositories']);
  });

  it('names every action that this version calls', () => {
    const sources = readFileSync(join(__dirname, '../../../src/ecr/ecr-adapter.ts'), 'utf8');
    const called = [...sources.matchAll(/'(ecr:\w+)'/g)].map(([, action = '']) => action);
    expect(called.length).toBeGreaterThan(3);
    for (const action of called) expect(text).toContain(`"${action}"`);
  });
});
