import { GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import type { Digest } from '../domain/image-ref';
import type { ImageConfig, RegistryImage } from '../domain/registry-image';
import type { AwsSession } from './aws-session';
import { downloadBlob } from './download-blob';
import { incomplete } from './errors';
import { getImages } from './find-images';
import { readImageConfig } from './image-config';
import { readManifest } from './manifest';
import { repositoryInput } from './repository-input';

const ACTION = 'ecr:GetDownloadUrlForLayer';

/** The config of an image; of an index, that of its first image. undefined: it has none. */
export async function readConfig(
  session: AwsSession,
  path: string,
  image: RegistryImage,
  signal: AbortSignal,
): Promise<ImageConfig | undefined> {
  const digest = image.config ?? (await findConfig(session, path, image, signal));
  if (digest === undefined) return undefined;
  const input = { ...repositoryInput(session, path), layerDigest: digest };
  const { downloadUrl } = await session.call({ action: ACTION, repository: path }, signal, (client, options) =>
    client.send(new GetDownloadUrlForLayerCommand(input), options),
  );
  if (downloadUrl === undefined) throw incomplete(ACTION, 'a downloadUrl');
  return readImageConfig((await downloadBlob(downloadUrl, digest, session, signal)).toString('utf8'));
}

/** Of an index, and of an image that is known by its digest alone. */
async function findConfig(
  session: AwsSession,
  path: string,
  image: RegistryImage,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  const known = image.manifest === undefined ? await getOne(session, path, image.digest, signal) : image;
  if (known?.config !== undefined) return known.config;
  const { firstImage } = readManifest(known?.manifest ?? '');
  return firstImage === undefined ? undefined : (await getOne(session, path, firstImage, signal))?.config;
}

async function getOne(
  session: AwsSession,
  path: string,
  digest: Digest,
  signal: AbortSignal,
): Promise<RegistryImage | undefined> {
  return (await getImages(session, path, [digest], signal)).get(digest);
}
