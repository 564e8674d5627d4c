import { PutImageCommand } from '@aws-sdk/client-ecr';
import { StepError } from '../domain/errors';
import type { Digest, Tag } from '../domain/image-ref';
import type { RegistryImage } from '../domain/registry-image';
import type { AwsSession } from './aws-session';
import { incomplete, isImageThere, isTagTaken } from './errors';
import { findImages } from './find-images';
import { repositoryInput } from './repository-input';

const ACTION = 'ecr:PutImage';
const TAKEN = 'taken';

/** Puts the same manifest under another tag. Whether AWS calls it taken or done already, what the tag names decides. */
export async function putTag(
  session: AwsSession,
  path: string,
  image: RegistryImage,
  tag: Tag,
  signal: AbortSignal,
): Promise<void> {
  if (image.manifest === undefined) throw noManifest(image.digest);
  const answered = await putManifest(session, path, image, tag, signal);
  if (answered === image.digest) return;
  if (answered !== TAKEN)
    throw incomplete(ACTION, `tag ${tag} on ${image.digest}: it names ${answered ?? 'no digest'}`);
  const found = await whatIsThere(session, path, tag, signal);
  if (found !== image.digest) throw immutable(path, tag, found);
}

/** The digest that AWS says the tag is on now, or that it is taken. */
async function putManifest(
  session: AwsSession,
  path: string,
  image: RegistryImage,
  tag: Tag,
  signal: AbortSignal,
): Promise<string | undefined> {
  const input = {
    ...repositoryInput(session, path),
    imageManifest: image.manifest,
    ...(image.mediaType === '' ? {} : { imageManifestMediaType: image.mediaType }),
    imageTag: tag,
    imageDigest: image.digest,
  };
  return session.call({ action: ACTION, repository: path }, signal, (client, options) =>
    client.send(new PutImageCommand(input), options).then(
      (answer) => answer.image?.imageId?.imageDigest,
      (error: unknown) => {
        if (isImageThere(error)) return image.digest;
        if (isTagTaken(error)) return TAKEN;
        throw error;
      },
    ),
  );
}

/** An immutable tag is called taken by its own image too. undefined: nobody says. */
async function whatIsThere(
  session: AwsSession,
  path: string,
  tag: Tag,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  try {
    return (await findImages(session, path, [tag], signal)).get(tag)?.digest;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function immutable(path: string, tag: Tag, found: Digest | undefined): StepError {
  const what = found === undefined ? 'another image' : found;
  return new StepError(
    'TAG_IMMUTABLE',
    'agent-aws',
    'config',
    `Tag ${tag} of repository ${path} names ${what} and is immutable: AWS moves it to no other image`,
    { hint: "Use another tag, or change the repository's imageTagMutability or its exclusion filters" },
  );
}

function noManifest(digest: Digest): StepError {
  return new StepError(
    'PLUGIN_FAULT',
    'none',
    'plugin',
    `A tag was to be put on ${digest}, whose manifest is not known`,
  );
}
