import { createHash } from 'node:crypto';
import { accountOf, list, required, text, type AwsCall, type Operation, type Reply } from './aws-call';
import { AwsError } from './aws-errors';
import { findRepository } from './ecr-repositories';
import { immutableTag, tagTaken } from './registry-errors';
import { isFixed, type Repository } from './repository-book';
import { readManifest, readTags, sizeOf, type StoredManifest } from './stored-image';
import type { Site, World } from './world';

/** ECR's calls about images, answered from the real registry. */

interface ImageId {
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

interface Place {
  readonly site: Site;
  readonly repository: Repository;
}

function placeOf(call: AwsCall, world: World): Place {
  return findRepository(call, world, required(call, 'repositoryName'));
}

function idsOf(call: AwsCall): ImageId[] {
  return list(call, 'imageIds') as ImageId[];
}

function manifestOf({ site, repository }: Place, id: ImageId): Promise<StoredManifest | undefined> {
  return readManifest(site, repository.name, id.imageDigest ?? id.imageTag ?? '');
}

const mostIds = 100;

const batchGetImage: Operation = async (call, world) => {
  const place = placeOf(call, world);
  if (idsOf(call).length > mostIds) {
    const text = `Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have length less than or equal to ${mostIds}'`;
    throw new AwsError('InvalidParameterException', text);
  }
  const images: Reply[] = [];
  const failures: Reply[] = [];
  for (const id of idsOf(call)) {
    const found = await manifestOf(place, id);
    if (found === undefined) {
      failures.push({ imageId: id, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' });
      continue;
    }
    images.push({
      registryId: place.site.account,
      repositoryName: place.repository.name,
      imageId: { imageDigest: found.digest, ...(id.imageTag !== undefined && { imageTag: id.imageTag }) },
      imageManifest: found.text,
      imageManifestMediaType: found.mediaType,
    });
  }
  return { images, failures };
};

/** digest → tags; one HEAD for each tag is cheap here. */
async function tagged({ site, repository }: Place): Promise<Map<string, string[]>> {
  const byDigest = new Map<string, string[]>();
  for (const tag of await readTags(site, repository.name)) {
    const digest = (await readManifest(site, repository.name, tag))?.digest;
    if (digest !== undefined) byDigest.set(digest, [...(byDigest.get(digest) ?? []), tag]);
  }
  return byDigest;
}

function detail({ site, repository }: Place, found: StoredManifest, imageTags: string[] | undefined): Reply {
  return {
    registryId: site.account,
    repositoryName: repository.name,
    imageDigest: found.digest,
    ...(imageTags !== undefined && { imageTags }),
    imageSizeInBytes: sizeOf(found),
    imagePushedAt: (repository.pushed.get(found.digest) ?? repository.createdAt) / 1000,
    imageManifestMediaType: found.mediaType,
  };
}

function imageNotFound(id: ImageId, place: Place): AwsError {
  const what = `{imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`;
  const where = `within the repository with name '${place.repository.name}' in the registry with id '${place.site.account}'`;
  return new AwsError('ImageNotFoundException', `The image with imageId ${what} does not exist ${where}`);
}

const describeImages: Operation = async (call, world) => {
  const place = placeOf(call, world);
  const tags = await tagged(place);
  const asked = idsOf(call);
  const ids = asked.length > 0 ? asked : [...place.repository.pushed.keys()].map((imageDigest) => ({ imageDigest }));
  const imageDetails: Reply[] = [];
  for (const id of ids) {
    const found = await manifestOf(place, id);
    if (found === undefined) throw imageNotFound(id, place);
    imageDetails.push(detail(place, found, tags.get(found.digest)));
  }
  return { imageDetails };
};

async function refusePut(place: Place, tag: string, manifest: string): Promise<void> {
  const before = await readManifest(place.site, place.repository.name, tag);
  if (before === undefined) return;
  const { name } = place.repository;
  if (before.text === manifest) {
    const where = `already exists in the repository with name '${name}' in registry with id '${place.site.account}'`;
    throw new AwsError('ImageAlreadyExistsException', `Image with digest '${before.digest}' and tag '${tag}' ${where}`);
  }
  if (isFixed(place.repository, tag) && (await tagTaken(place.site, place.repository, tag))) {
    throw new AwsError('ImageTagAlreadyExistsException', immutableTag(tag, name));
  }
}

function checkDigest(manifest: string, told: string | undefined): void {
  const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  if (told === undefined || told === digest) return;
  const message = 'The specified image digest does not match the digest that Amazon ECR calculated for the image';
  throw new AwsError('ImageDigestDoesNotMatchException', message);
}

const putImage: Operation = async (call, world) => {
  const place = placeOf(call, world);
  const manifest = required(call, 'imageManifest');
  const tag = text(call, 'imageTag');
  checkDigest(manifest, text(call, 'imageDigest'));
  if (tag !== undefined) await refusePut(place, tag, manifest);
  const shape = JSON.parse(manifest) as { mediaType?: string };
  const mediaType = text(call, 'imageManifestMediaType') ?? shape.mediaType ?? '';
  const path = `/v2/${place.repository.name}/manifests/${tag ?? required(call, 'imageDigest')}`;
  const put = await place.site.upstream.call('PUT', path, { 'content-type': mediaType }, Buffer.from(manifest));
  if (put.status !== 201) throw new AwsError('LayersNotFoundException', put.body.toString());
  const imageDigest = String(put.headers['docker-content-digest']);
  if (!place.repository.pushed.has(imageDigest)) place.repository.pushed.set(imageDigest, world.clock.now());
  const imageId = { imageDigest, ...(tag !== undefined && { imageTag: tag }) };
  const image = {
    registryId: accountOf(call),
    repositoryName: place.repository.name,
    imageId,
    imageManifest: manifest,
  };
  return { image: { ...image, imageManifestMediaType: mediaType } };
};

async function hasBlob({ site, repository }: Place, digest: string): Promise<boolean> {
  return (await site.upstream.call('HEAD', `/v2/${repository.name}/blobs/${digest}`)).status === 200;
}

const getDownloadUrlForLayer: Operation = async (call, world) => {
  const place = placeOf(call, world);
  const layerDigest = required(call, 'layerDigest');
  if (!(await hasBlob(place, layerDigest))) {
    throw new AwsError('LayersNotFoundException', `The layer with digest '${layerDigest}' does not exist`);
  }
  const query = new URLSearchParams({ host: place.site.host, name: place.repository.name, digest: layerDigest });
  return { downloadUrl: `${call.selfUrl}/layer?${query.toString()}`, layerDigest };
};

export const imageOperations: Readonly<Record<string, Operation>> = {
  BatchGetImage: batchGetImage,
  DescribeImages: describeImages,
  PutImage: putImage,
  GetDownloadUrlForLayer: getDownloadUrlForLayer,
};
