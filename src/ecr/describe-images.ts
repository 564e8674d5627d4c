import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import type { ImageDetail } from '@aws-sdk/client-ecr';
import { parseDigest } from '../domain/image-ref';
import type { Digest } from '../domain/image-ref';
import { knownByDigest } from '../domain/registry-image';
import type { RegistryImage } from '../domain/registry-image';
import type { AwsSession } from './aws-session';
import { incomplete, isDenied, isImageMissing } from './errors';
import { identifier, shown } from './image-name';
import type { ImageName } from './image-name';
import { repositoryInput } from './repository-input';

const ACTION = 'ecr:DescribeImages';

/** One call for each name: asked for several, DescribeImages fails for all where one is not there. */
export async function describeImages(
  session: AwsSession,
  path: string,
  names: readonly ImageName[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, RegistryImage>> {
  return imagesByName(names, async (name) => {
    const detail = await describeImage(session, path, name, signal);
    return detail && imageOf(ACTION, name, detail.imageDigest, detail.imageManifestMediaType);
  });
}

/** Asks about each name by itself; what nothing is answered about is free. */
export async function imagesByName(
  names: readonly ImageName[],
  ask: (name: ImageName) => Promise<RegistryImage | undefined>,
): Promise<ReadonlyMap<string, RegistryImage>> {
  const found = await Promise.all(names.map(async (name) => [name, await ask(name)] as const));
  return new Map(found.flatMap(([name, image]) => (image === undefined ? [] : [[name, image] as const])));
}

/** Of what the call says about an image it is known by its digest alone. */
export function imageOf(
  action: string,
  name: ImageName,
  imageDigest: string | undefined,
  mediaType: string | undefined,
): RegistryImage {
  const digest = parseDigest(imageDigest);
  if (digest === undefined) throw incomplete(action, `a digest for ${shown(name)}`);
  return knownByDigest(digest, mediaType);
}

/** When the image was pushed; undefined: not there, not said, or may not be asked. */
export async function pushedAt(
  session: AwsSession,
  path: string,
  digest: Digest,
  signal: AbortSignal,
): Promise<number | undefined> {
  return unlessDenied(async () => (await describeImage(session, path, digest, signal))?.imagePushedAt?.getTime());
}

export async function unlessDenied<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isDenied(error)) return undefined;
    throw error;
  }
}

async function describeImage(
  session: AwsSession,
  path: string,
  name: ImageName,
  signal: AbortSignal,
): Promise<ImageDetail | undefined> {
  const input = { ...repositoryInput(session, path), imageIds: [identifier(name)] };
  const { imageDetails } = await session.call({ action: ACTION, repository: path }, signal, (client, options) =>
    client.send(new DescribeImagesCommand(input), options).catch((error: unknown) => {
      if (isImageMissing(error)) return { imageDetails: [] };
      throw error;
    }),
  );
  if (imageDetails === undefined) throw incomplete(ACTION, `a digest for ${shown(name)}`);
  return imageDetails[0];
}
