import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from '../../src/domain/errors';
import type { RepositorySettings } from '../../src/domain/repository-settings';
import type { Ecr } from '../../src/pipeline/ports';
import { fault, json, startFakeAws } from '../adapter/ecr/fake-aws';
import type { FakeAws } from '../adapter/ecr/fake-aws';
import { OCI, entry, image, tag } from '../adapter/ecr/images';
import { HOST, TOKEN, calm, open } from '../adapter/ecr/opening';
import { documentedErrors, knowsError, misfits, shapeOf } from './sdk-model';

// Each call that is sent to ECR, against the SDK's own model of the service; each error that AWS documents for it, in the
// shape in which AWS documents errors.

const PATH = 'team/app';
const ARN = 'arn:aws:ecr:eu-west-1:111122223333:repository/team/app';
const OURS = image({ run: '42' });
const OTHER = image({ run: '41' });
const SETTINGS: RepositorySettings = {
  imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
  imageTagMutabilityExclusionFilters: ['v*'],
  scanOnPush: true,
  encryption: { type: 'KMS', kmsKey: 'alias/ecr' },
  lifecyclePolicy: '{"rules":[]}',
  repositoryPolicy: '{"Statement":[]}',
  tags: new Map([['team', 'cart']]),
};

let aws: FakeAws;
let ecr: Ecr;
beforeEach(async () => {
  aws = await startFakeAws();
  ecr = await open({ endpoint: aws.url, host: HOST });
  for (const [operation, answer] of Object.entries(answersOf(aws.url))) aws.answer(operation, json(answer));
  aws.answer('GET /blob', { status: 200, body: OURS.config });
});
afterEach(() => aws.close());

const repositoryName = PATH;
const registryId = '111122223333';
const answersOf = (url: string): Readonly<Record<string, unknown>> => ({
  GetAuthorizationToken: {
    authorizationData: [{ authorizationToken: TOKEN, expiresAt: 2e9, proxyEndpoint: `https://${HOST}` }],
  },
  DescribeRepositories: {
    repositories: [
      {
        repositoryArn: ARN,
        registryId,
        repositoryName,
        repositoryUri: `${HOST}/${PATH}`,
        createdAt: 1.7e9,
        imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'v*' }],
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'arn:aws:kms:eu-west-1:111122223333:key/x' },
      },
    ],
  },
  CreateRepository: { repository: { repositoryArn: ARN, registryId, repositoryName } },
  PutLifecyclePolicy: { registryId, repositoryName, lifecyclePolicyText: '{"rules":[]}' },
  SetRepositoryPolicy: { registryId, repositoryName, policyText: '{"Statement":[]}' },
  GetLifecyclePolicy: { registryId, repositoryName, lifecyclePolicyText: '{"rules":[]}', lastEvaluatedAt: 1.7e9 },
  GetRepositoryPolicy: { registryId, repositoryName, policyText: '{"Statement":[]}' },
  ListTagsForResource: { tags: [{ Key: 'team', Value: 'cart' }] },
  BatchGetImage: { images: [entry(OTHER, '1.42')], failures: [] },
  DescribeImages: {
    imageDetails: [
      { registryId, repositoryName, imageDigest: OURS.digest, imagePushedAt: 1.7e9, imageManifestMediaType: OCI },
    ],
  },
  GetDownloadUrlForLayer: { downloadUrl: `${url}/blob`, layerDigest: OURS.configDigest },
  PutImage: { image: entry(OURS, '1.42') },
});

const stored = { ...OURS, config: OURS.configDigest, sizeBytes: 1 };
const create = (): Promise<unknown> => ecr.createRepository(PATH, SETTINGS, calm);
const compare = (): Promise<unknown> => ecr.compareRepository(PATH, SETTINGS, calm);

/** What makes the adapter send each operation. */
const CALLS: Readonly<Record<string, () => Promise<unknown>>> = {
  GetAuthorizationToken: () => ecr.authorize(calm),
  DescribeRepositories: () => ecr.describeRepository(PATH, calm),
  CreateRepository: create,
  PutLifecyclePolicy: create,
  SetRepositoryPolicy: create,
  GetLifecyclePolicy: compare,
  GetRepositoryPolicy: compare,
  ListTagsForResource: compare,
  BatchGetImage: () => ecr.findImages(PATH, [tag('1.42')], calm),
  DescribeImages: () => ecr.pushedAt(PATH, OURS.digest, calm),
  GetDownloadUrlForLayer: () => ecr.readConfig(PATH, stored, calm),
  PutImage: () => ecr.putTag(PATH, stored, tag('1.42'), calm),
};
const OPERATIONS = Object.keys(CALLS);

describe.each(OPERATIONS)('%s', (operation) => {
  const call = (): Promise<unknown> => CALLS[operation]!();

  it('is sent as the model has it', async () => {
    await call();
    const sent = aws.seen.filter((one) => one.operation === operation);
    expect(sent).not.toEqual([]);
    for (const { headers, body } of sent) {
      expect(headers['x-amz-target']).toBe(`AmazonEC2ContainerRegistry_V20150921.${operation}`);
      expect(headers['content-type']).toBe('application/x-amz-json-1.1');
      expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=\S+\/eu-west-1\/ecr\/aws4_request,/);
      expect(misfits(JSON.parse(body), shapeOf(operation, 'input'))).toEqual([]);
    }
  });

  it('is answered here as the model has it', () => {
    expect(misfits(answersOf(aws.url)[operation], shapeOf(operation, 'output'))).toEqual([]);
  });

  it('is the action that a denial names', async () => {
    const others = operation === 'BatchGetImage' ? ['DescribeImages'] : [];
    for (const denied of [operation, ...others]) aws.answer(denied, fault('AccessDeniedException', 'no'));
    const outcome = await call().catch((error: unknown) => (error as StepError).message);
    const named = operation === 'DescribeImages' ? 'undefined' : `ecr:${operation}`;
    // pushedAt does without; compareRepository makes a drift of it.
    expect(outcome === undefined ? 'undefined' : JSON.stringify(outcome)).toContain(named);
  });

  it.each(documentedErrors(operation))(
    '$name is understood, in both forms of its type',
    async ({ name, fault: side }) => {
      for (const type of [name, `com.amazonaws.ecr#${name}`]) {
        // Another attempt of the same adapter would go on where a policy failed.
        ecr = await open({ endpoint: aws.url, host: HOST });
        aws.answer(operation, fault(type, 'words of AWS', side === 'server' ? 500 : 400));
        expect(await outcomeOf(call())).toBe(expected(operation, name));
      }
    },
  );
});

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) =>
      error instanceof StepError ? `${error.code}${error.transient ? ', transient' : ''}` : 'thrown',
  );
}

// What is an answer rather than a fault.
const ANSWERS = [
  'ImageNotFoundException',
  'LifecyclePolicyNotFoundException',
  'RepositoryPolicyNotFoundException',
  'RepositoryAlreadyExistsException',
  'ImageAlreadyExistsException',
];
const MAKING = ['CreateRepository', 'PutLifecyclePolicy', 'SetRepositoryPolicy'];

function expected(operation: string, name: string): string {
  if (ANSWERS.includes(name)) return 'no error';
  if (name === 'ServerException') return 'AWS_ERROR, transient';
  if (name === 'RepositoryNotFoundException') return 'ECR_REPOSITORY_MISSING';
  if (name === 'ImageTagAlreadyExistsException') return 'TAG_IMMUTABLE';
  return MAKING.includes(operation) ? 'ECR_REPOSITORY_NOT_CREATED' : 'AWS_ERROR';
}

describe('the table of errors', () => {
  const folder = join(__dirname, '../../src/ecr');
  const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));

  it('names no operation that is not tried here', () => {
    const named = sources.flatMap((text) => [...text.matchAll(/'ecr:(\w+)'/g)].map(([, name = '']) => name));
    expect([...new Set(named)].sort()).toEqual([...OPERATIONS].sort());
  });

  it("knows errors of ECR by the model's own names", () => {
    const own = [...new Set(OPERATIONS.flatMap(documentedErrors).map(({ name }) => name))];
    expect(own.filter((name) => !knowsError(name))).toEqual([]);
    expect(knowsError('LifecyclePolicyMissingException')).toBe(false);
  });
});

describe('the model that is checked against', () => {
  it.each([
    [{ repositoryName: 'x', imageManifest: '{}', tag: 'x' }, ['.tag: not in the model']],
    [{ repositoryName: 'x' }, ['.imageManifest: missing']],
    [{ repositoryName: 1, imageManifest: '{}' }, ['.repositoryName: no string']],
    [[], [': no structure']],
  ])('%j does not fit', (body, told) => {
    expect(misfits(body, shapeOf('PutImage', 'input'))).toEqual(told);
  });

  it('looks into lists', () => {
    const body = { repositoryName: 'x', imageIds: [{ imageTag: 'x' }, { tag: 'y' }], acceptedMediaTypes: ['a', 1] };
    expect(misfits(body, shapeOf('BatchGetImage', 'input'))).toEqual([
      '.imageIds[1].tag: not in the model',
      '.acceptedMediaTypes[1]: no string',
    ]);
    expect(() => shapeOf('PutPicture', 'input')).toThrow('ECR has no operation PutPicture');
  });
});
