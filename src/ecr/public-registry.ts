import { StepError } from '../domain/errors';
import type { Digest } from '../domain/image-ref';
import type { RegistryImage } from '../domain/registry-image';
import type { RepositoryFacts } from '../pipeline/ports';
import type { AwsSession } from './aws-session';
import { imageOf, imagesByName, unlessDenied } from './describe-images';
import { isImageMissing } from './errors';
import { identifier } from './image-name';
import type { ImageName } from './image-name';
import { arrayAt, parseObject, textAt } from './json-parts';
import type { JsonObject } from './json-parts';

// ECR Public has an API of its own (ecr-public): without BatchGetImage, hence without manifests, without layer URLs of
// one's own images, without tag mutability. Nothing of the private one is sent for it.

const IMAGES = 'ecr-public:DescribeImages';
const REPOSITORIES = 'ecr-public:DescribeRepositories';

/** Throws ECR_REPOSITORY_MISSING. The host is the one that was typed: there is but one registry. */
export async function describePublic(
  session: AwsSession,
  host: string,
  path: string,
  signal: AbortSignal,
): Promise<RepositoryFacts> {
  const repository = nameOf(path);
  await call(session, REPOSITORIES, repository, { repositoryNames: [repository] }, signal);
  return { host, mutability: undefined, exclusions: [] };
}

/** Digests alone, one call for each name. */
export async function findPublicImages(
  session: AwsSession,
  path: string,
  names: readonly ImageName[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, RegistryImage>> {
  return imagesByName(names, async (name) => {
    const detail = await describeImage(session, path, name, signal);
    return detail && imageOf(IMAGES, name, textAt(detail, 'imageDigest'), textAt(detail, 'imageManifestMediaType'));
  });
}

/** When the image was pushed; undefined: not there, not said, or may not be asked. */
export async function publicPushedAt(
  session: AwsSession,
  path: string,
  digest: Digest,
  signal: AbortSignal,
): Promise<number | undefined> {
  return unlessDenied(async () => {
    const seconds = (await describeImage(session, path, digest, signal))?.['imagePushedAt'];
    return typeof seconds === 'number' ? seconds * 1000 : undefined;
  });
}

async function describeImage(
  session: AwsSession,
  path: string,
  name: ImageName,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  const repository = nameOf(path);
  const input = { repositoryName: repository, imageIds: [identifier(name)] };
  try {
    return arrayAt(await call(session, IMAGES, repository, input, signal), 'imageDetails')[0];
  } catch (error) {
    if (isImageMissing(error)) return undefined;
    throw error;
  }
}

async function call(
  session: AwsSession,
  action: string,
  repository: string,
  input: object,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  return parseObject(await session.callPublic({ action, repository }, JSON.stringify(input), signal));
}

/** `<alias>/<repository>` is how it is pulled; its API knows the repository alone, of the credentials' own registry. */
function nameOf(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}

/** Told as the reason why an image is not known by its labels. */
export function noPublicConfig(): StepError {
  return new StepError('AWS_ERROR', 'agent-aws', 'environment', 'ECR Public does not hand out the config of an image');
}

/** As a denial: the daemon pushes the tag instead. */
export function noPublicManifest(): StepError {
  const message = 'ECR Public does not hand out the manifest that another tag takes';
  return new StepError('AWS_DENIED', 'agent-aws', 'environment', message);
}

export function notCreated(path: string): StepError {
  const message = `Repository ${path} is not created: CreateRepository works in private registries only`;
  const command = `aws ecr-public create-repository --repository-name ${nameOf(path)} --region us-east-1`;
  return new StepError('ECR_REPOSITORY_NOT_CREATED', 'agent-aws', 'config', message, {
    hint: `Create it with "${command}"`,
  });
}
