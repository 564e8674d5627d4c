import type { RepositorySettings } from '../../../src/domain/repository-settings';
import { fault, json, startFakeAws } from './fake-aws';
import type { FakeAws } from './fake-aws';
import { HOST, calm, open, told } from './opening';

const ARN = 'arn:aws:ecr:eu-west-1:111122223333:repository/team/app';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const RULE = { rulePriority: 1, selection: { tagStatus: 'any', countNumber: 10 }, action: { type: 'expire' } };
const SETTINGS: RepositorySettings = {
  imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
  imageTagMutabilityExclusionFilters: ['latest*', 'dev'],
  scanOnPush: true,
  encryption: { type: 'KMS', kmsKey: KEY },
  lifecyclePolicy: JSON.stringify({ rules: [RULE] }),
  repositoryPolicy:
    '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":["ecr:BatchGetImage"]}]}',
  tags: new Map([['team', 'cart']]),
};
const NONE: RepositorySettings = {
  imageTagMutability: undefined,
  imageTagMutabilityExclusionFilters: [],
  scanOnPush: undefined,
  encryption: undefined,
  lifecyclePolicy: undefined,
  repositoryPolicy: undefined,
  tags: new Map(),
};
const DENIED = fault('AccessDeniedException', 'no');
const repository = (more: object = {}): ReturnType<typeof json> =>
  json({
    repositories: [
      {
        repositoryArn: ARN,
        repositoryUri: `${HOST}/team/app`,
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: ['dev', 'latest*'].map((filter) => ({ filterType: 'WILDCARD', filter })),
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: 'KMS', kmsKey: KEY },
        ...more,
      },
    ],
  });

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws();
  aws.answer('DescribeRepositories', repository());
  const policyText = JSON.stringify(
    {
      Statement: [
        { Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Effect: 'Allow', Action: 'ecr:BatchGetImage' },
      ],
    },
    undefined,
    2,
  );
  aws.answer('GetLifecyclePolicy', json({ lifecyclePolicyText: JSON.stringify({ rules: [RULE] }, undefined, 2) }));
  aws.answer('GetRepositoryPolicy', json({ policyText }));
  aws.answer(
    'ListTagsForResource',
    json({
      tags: [
        { Key: 'team', Value: 'cart' },
        { Key: 'owner', Value: 'x' },
      ],
    }),
  );
});
afterEach(() => aws.close());

const drifts = async (settings = SETTINGS): Promise<unknown> =>
  (await open({ endpoint: aws.url, host: HOST })).compareRepository('team/app', settings, calm);

describe('compareRepository', () => {
  it('tells nothing of a repository that is as wanted, whatever the layout of its documents', async () => {
    expect(await drifts()).toEqual([]);
    const asked = { registryId: '111122223333', repositoryName: 'team/app' };
    expect(aws.bodies('GetLifecyclePolicy')).toEqual([asked]);
    expect(aws.bodies('GetRepositoryPolicy')).toEqual([asked]);
    expect(aws.bodies('ListTagsForResource')).toEqual([{ resourceArn: ARN }]);
  });

  it('asks for nothing that the field does not name', async () => {
    expect(await drifts(NONE)).toEqual([]);
    expect(aws.operations()).toEqual(['DescribeRepositories']);
  });

  it('tells each setting that is not as wanted', async () => {
    aws.answer('DescribeRepositories', json({ repositories: [{ repositoryArn: ARN }] }));
    const other = { rules: [{ ...RULE, selection: { ...RULE.selection, countNumber: 30 } }] };
    aws.answer('GetLifecyclePolicy', json({ lifecyclePolicyText: JSON.stringify(other) }));
    aws.answer('GetRepositoryPolicy', fault('RepositoryPolicyNotFoundException', 'Repository policy does not exist'));
    aws.answer('ListTagsForResource', json({ tags: [{ Key: 'team', Value: 'shop' }] }));
    const settings = {
      ...SETTINGS,
      tags: new Map([
        ['team', 'cart'],
        ['cost', '7'],
      ]),
    };
    expect(await drifts(settings)).toEqual([
      { setting: 'imageTagMutability', wanted: 'IMMUTABLE_WITH_EXCLUSION', found: 'MUTABLE' },
      { setting: 'imageTagMutabilityExclusionFilters', wanted: 'dev, latest*', found: 'none' },
      { setting: 'scanOnPush', wanted: 'true', found: 'false' },
      { setting: 'encryption.type', wanted: 'KMS', found: 'AES256' },
      { setting: 'encryption.kmsKey', wanted: KEY, found: 'none' },
      {
        setting: 'lifecyclePolicy',
        wanted: 'rules[0].selection.countNumber 10',
        found: 'rules[0].selection.countNumber 30',
      },
      { setting: 'repositoryPolicy', wanted: 'a policy', found: 'none' },
      { setting: 'tags', wanted: 'team=cart', found: 'team=shop' },
      { setting: 'tags', wanted: 'cost=7', found: 'not set' },
    ]);
  });

  it('tells what may not be asked', async () => {
    for (const operation of ['DescribeRepositories', 'GetLifecyclePolicy', 'GetRepositoryPolicy']) {
      aws.answer(operation, DENIED);
    }
    const describe = 'may not be asked (ecr:DescribeRepositories)';
    expect(await drifts()).toEqual([
      { setting: 'imageTagMutability', wanted: 'IMMUTABLE_WITH_EXCLUSION', found: describe },
      { setting: 'imageTagMutabilityExclusionFilters', wanted: 'dev, latest*', found: describe },
      { setting: 'scanOnPush', wanted: 'true', found: describe },
      { setting: 'encryption.type', wanted: 'KMS', found: describe },
      { setting: 'encryption.kmsKey', wanted: KEY, found: describe },
      { setting: 'lifecyclePolicy', wanted: 'a policy', found: 'may not be asked (ecr:GetLifecyclePolicy)' },
      { setting: 'repositoryPolicy', wanted: 'a policy', found: 'may not be asked (ecr:GetRepositoryPolicy)' },
      { setting: 'tags', wanted: 'team=cart', found: describe },
    ]);
  });

  it('tells tags that may not be listed', async () => {
    aws.answer('ListTagsForResource', DENIED);
    expect(await drifts()).toEqual([
      { setting: 'tags', wanted: 'team=cart', found: 'may not be asked (ecr:ListTagsForResource)' },
    ]);
  });

  it('knows a policy that is not there', async () => {
    aws.answer('GetLifecyclePolicy', fault('LifecyclePolicyNotFoundException', 'Lifecycle policy does not exist'));
    expect(await drifts()).toEqual([{ setting: 'lifecyclePolicy', wanted: 'a policy', found: 'none' }]);
  });

  it('keeps a long difference on one line, and a document that is no JSON is another one', async () => {
    aws.answer('GetLifecyclePolicy', json({ lifecyclePolicyText: 'x'.repeat(200) }));
    expect(await drifts()).toEqual([
      {
        setting: 'lifecyclePolicy',
        wanted: '{"rules":[{"action":{"type":"expire"},"rulePriority":1,"selection":{"countNumber…',
        found: `"${'x'.repeat(79)}…`,
      },
    ]);
  });

  it.each(['1234abcd-12ab-34cd-56ef-1234567890ab', 'alias/ecr', 'arn:aws:kms:eu-west-1:111122223333:alias/ecr'])(
    'takes the key of the ARN for %s',
    async (kmsKey) => {
      expect(await drifts({ ...NONE, encryption: { type: 'KMS', kmsKey } })).toEqual([]);
    },
  );

  it.each(['DescribeRepositories', 'GetLifecyclePolicy', 'GetRepositoryPolicy', 'ListTagsForResource'])(
    'tells any other fault of %s',
    async (operation) => {
      aws.answer(operation, fault('ServerException', 'oops', 500));
      expect(await told(drifts())).toMatchObject({ code: 'AWS_ERROR', transient: true });
    },
  );
});
