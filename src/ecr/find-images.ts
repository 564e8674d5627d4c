import { BatchGetImageCommand } from '@aws-sdk/client-ecr';
import type { Image, ImageFailure } from '@aws-sdk/client-ecr';
import { parseDigest } from '../domain/image-ref';
import type { Digest } from '../domain/image-ref';
import { knownByDigest } from '../domain/registry-image';
import type { RegistryImage } from '../domain/registry-image';
import type { AwsSession } from './aws-session';
import { describeImages } from './describe-images';
import { incomplete, isDenied } from './errors';
import { identifier, shown } from './image-name';
import type { ImageName } from './image-name';
import { SIGNED_SCHEMA, digestOfText, readManifest } from './manifest';
import { repositoryInput } from './repository-input';

type Found = Map<string, RegistryImage>;

const ACTION = 'ecr:BatchGetImage';

// BatchGetImage, API reference: "Array Members: Minimum number of 1 item. Maximum number of 100 items."
const MOST_NAMES = 100;

/** All that a tag can name: asked for less, ECR converts the manifest or says there is none. */
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  SIGNED_SCHEMA,
];

/** BatchGetImage first: it is the one that AWS's documented push policy allows. DescribeImages tells digests alone. */
export async function findImages(
  session: AwsSession,
  path: string,
  names: readonly ImageName[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, RegistryImage>> {
  if (names.length === 0) return new Map();
  try {
    return await getImages(session, path, names, signal);
  } catch (denied) {
    if (!isDenied(denied)) throw denied;
    return await describeImages(session, path, names, signal).catch((error: unknown) => {
      throw isDenied(error) ? denied : error;
    });
  }
}

/** By BatchGetImage alone, with their manifests. */
export async function getImages(
  session: AwsSession,
  path: string,
  names: readonly ImageName[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, RegistryImage>> {
  const found: Found = new Map();
  let rest = [...new Set(names)];
  while (rest.length > 0) {
    const asked = rest.slice(0, MOST_NAMES);
    const open = await getSome(session, path, asked, found, signal);
    // What shares an image with another name may be told once only: it is asked for again, as long as that leads on.
    if (open.length === asked.length) throw incomplete(ACTION, `a digest for ${shown(open[0] ?? '')}`);
    rest = [...open, ...rest.slice(MOST_NAMES)];
  }
  return found;
}

/** Answers the names about which nothing was said. */
async function getSome(
  session: AwsSession,
  path: string,
  names: readonly ImageName[],
  found: Found,
  signal: AbortSignal,
): Promise<readonly ImageName[]> {
  const input = {
    ...repositoryInput(session, path),
    imageIds: names.map(identifier),
    acceptedMediaTypes: MANIFEST_TYPES,
  };
  const { images, failures } = await session.call({ action: ACTION, repository: path }, signal, (client, options) =>
    client.send(new BatchGetImageCommand(input), options),
  );
  const free = new Set((failures ?? []).map((failure) => freeName(failure, names)));
  for (const image of images ?? []) keep(image, names, found);
  return names.filter((name) => !found.has(name) && !free.has(name));
}

function freeName({ imageId, failureCode, failureReason }: ImageFailure, names: readonly ImageName[]): string {
  const name = imageId?.imageTag ?? imageId?.imageDigest ?? names[0] ?? '';
  if (failureCode === 'ImageNotFound') return name;
  throw incomplete(ACTION, `a digest for ${shown(name)}`, failureReason);
}

function keep(image: Image, names: readonly ImageName[], found: Found): void {
  const { imageTag, imageDigest } = image.imageId ?? {};
  const asked = names.filter((name) => name === imageTag || name === imageDigest);
  if (asked.length === 0) return;
  const digest = parseDigest(imageDigest);
  if (digest === undefined) throw incomplete(ACTION, `a digest for ${shown(imageTag ?? '')}`);
  const read = readImage(digest, image);
  for (const name of asked) found.set(name, read);
}

function readImage(digest: Digest, { imageManifest = '', imageManifestMediaType = '' }: Image): RegistryImage {
  const signed = imageManifestMediaType === SIGNED_SCHEMA;
  if (imageManifest === '' || signed) {
    return knownByDigest(digest, imageManifestMediaType);
  }
  const actual = digestOfText(imageManifest);
  if (actual !== digest) throw incomplete(ACTION, `the manifest of ${digest}: its text has the digest ${actual}`);
  const { config, sizeBytes } = readManifest(imageManifest);
  return { digest, mediaType: imageManifestMediaType, manifest: imageManifest, config, sizeBytes };
}
