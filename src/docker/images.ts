import type { LocalImage } from '../domain/daemon-info';
import { StepError } from '../domain/errors';
import { parseImageId } from '../domain/image-ref';
import { contentOf } from '../domain/registry-image';
import type { Endpoint } from './endpoint';
import { notDocker } from './errors/connection-errors';
import { requestError } from './errors/request-errors';
import { isRecord, textOf, textsOf } from './json';
import { exchange, type Refusal } from './request';

/** undefined: the daemon has no such image. */
export async function inspectImage(
  endpoint: Endpoint,
  ref: string,
  signal: AbortSignal,
): Promise<LocalImage | undefined> {
  const answer = await exchange(endpoint, { method: 'GET', path: `/images/${ref}/json` }, signal, (refusal) =>
    isAbsent(refusal) ? undefined : requestError(refusal, `the inspection of ${ref}`, endpoint.where),
  );
  if (answer === undefined) return undefined;
  const image = isRecord(answer.body) ? localImage(answer.body) : undefined;
  if (image === undefined) throw notDocker(endpoint.where, `its description of ${ref} has no image id`);
  return image;
}

/** Engine 29 leaves empty fields out, older ones say null. */
export function localImage(found: Readonly<Record<string, unknown>>): LocalImage | undefined {
  const id = parseImageId(found['Id']);
  if (id === undefined) return undefined;
  const config = isRecord(found['Config']) ? found['Config'] : {};
  const labels = isRecord(config['Labels']) ? Object.entries(config['Labels']) : [];
  const layers = isRecord(found['RootFS']) ? textsOf(found['RootFS']['Layers']) : [];
  return {
    id,
    repoTags: textsOf(found['RepoTags']),
    repoDigests: textsOf(found['RepoDigests']),
    sizeBytes: typeof found['Size'] === 'number' ? found['Size'] : 0,
    os: textOf(found['Os']) ?? '?',
    arch: textOf(found['Architecture']) ?? '?',
    variant: textOf(found['Variant']),
    labels: new Map(labels.map(([name, value]) => [name, String(value)])),
    content: contentOf(layers, config),
  };
}

/** Names an image, by its id or another of its names, `repository:tag`. */
export async function tagImage(endpoint: Endpoint, image: string, ref: string, signal: AbortSignal): Promise<void> {
  const colon = ref.lastIndexOf(':');
  const query = { repo: ref.slice(0, colon), tag: ref.slice(colon + 1) };
  await exchange(endpoint, { method: 'POST', path: `/images/${image}/tag`, query }, signal, (refusal) => {
    if (isLostRace(refusal)) return contended(ref, refusal, endpoint);
    if (isAbsent(refusal)) return vanished(image, refusal, endpoint);
    return requestError(refusal, `the tagging of ${image} as ${ref}`, endpoint.where);
  });
}

/**
 * Takes a name away, unforced: an image with other names or a container keeps them. `noprune` leaves the image's parents
 * alone, which are the classic builder's cache. False: there was no such name.
 */
export async function removeRef(endpoint: Endpoint, ref: string, signal: AbortSignal): Promise<boolean> {
  const call = { method: 'DELETE', path: `/images/${ref}`, query: { noprune: '1' } } as const;
  let removed = true;
  await exchange(endpoint, call, signal, (refusal) => {
    if (isRemovedTwice(refusal)) return undefined;
    removed = false;
    return isAbsent(refusal) ? undefined : requestError(refusal, `the removal of ${ref}`, endpoint.where);
  });
  return removed;
}

/** The last two names of an image were taken away at once: both are, and one of the requests finds the image gone. */
function isRemovedTwice({ status, text }: Refusal): boolean {
  return (status === 500 || status === 404) && text.includes('unrecognized image ID'); // 20.10: 500, 29: 404
}

/** Not every 404: a proxy's page, or a path the daemon does not know, says nothing about an image. */
function isAbsent({ status, text }: Refusal): boolean {
  return status === 404 && /no such image|image not known|not found: |does not exist/i.test(text);
}

/**
 * The containerd store replaces a name by deleting it and creating it again: of two builds that name it at the same time
 * one is refused (moby, daemon/containerd/image_tag.go, createOrReplaceImage).
 */
function isLostRace({ status, text }: Refusal): boolean {
  return status === 500 && /because it already exists|after deleting the existing one|delete previous image/.test(text);
}

function contended(ref: string, { text }: Refusal, { where }: Endpoint): StepError {
  return new StepError(
    'TAG_CONTENDED',
    'agent-daemon',
    'environment',
    `Another build on the daemon at ${where.daemon} names ${ref} at the same time`,
    {
      hint: 'Give the jobs that share that daemon different tags, and run this one again',
      words: text,
      transient: true,
    },
  );
}

function vanished(image: string, refusal: Refusal, { where }: Endpoint): StepError {
  return new StepError(
    'IMAGE_VANISHED',
    'agent-daemon',
    'environment',
    `The image ${image} is gone from the daemon at ${where.daemon}`,
    {
      hint: 'Something prunes images on that daemon while jobs run: keep images that are younger than a job',
      words: refusal.text,
    },
  );
}
