import { StepError } from '../../domain/errors';
import { parseDigest, type ImageId } from '../../domain/image-ref';
import type { Base, LocalImage } from '../../domain/daemon-info';
import { platformOf } from './platform';
import type { BaseReference, Builder, BuildRequest, Docker, Report } from '../ports';

export interface BuiltImage {
  readonly local: LocalImage;
  readonly platform: string;
  readonly bases: readonly Base[];
}

/** Builds under the run's own ref and says what came out; `beside` may begin something as soon as the image is there. */
export async function build(
  request: BuildRequest,
  builder: Builder,
  docker: Docker,
  report: Report,
  signal: AbortSignal,
  beside: (imageId: ImageId) => void,
): Promise<BuiltImage> {
  const imageId = await builder.build(request, report, signal);
  beside(imageId);
  const [image, ...bases] = await Promise.all([
    docker.inspect(imageId, signal),
    ...request.source.bases.map((base) => resolveBase(base, docker, signal)),
  ]);
  if (image === undefined) throw vanished(imageId);
  const platform = platformOf(image);
  report({ type: 'image-built', imageId, sizeBytes: image.sizeBytes, platform, bases });
  return { local: { ...image, id: imageId }, platform, bases };
}

async function resolveBase({ ref }: BaseReference, docker: Docker, signal: AbortSignal): Promise<Base> {
  const image = await docker.inspect(ref, signal);
  return { ref, digest: image === undefined ? undefined : digestOf(ref, image), imageId: image?.id };
}

/** The digest under which this repository's base was pulled; an image imported or built here has none. */
function digestOf(ref: string, image: LocalImage): ReturnType<typeof parseDigest> {
  const repository = ref.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const found = image.repoDigests.find((name) => name.startsWith(`${repository}@`));
  return parseDigest(found?.slice(repository.length + 1));
}

function vanished(imageId: ImageId): StepError {
  return new StepError(
    'IMAGE_VANISHED',
    'agent-daemon',
    'environment',
    `The image ${imageId} was built, and is gone from the daemon`,
    { hint: 'Something prunes images on that daemon while jobs run: keep images that are younger than a job' },
  );
}
