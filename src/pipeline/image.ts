import type { LocalImage } from '../domain/daemon-info';
import { refName, type ImageId } from '../domain/image-ref';
import type { BuildResult } from '../domain/outcome';
import type { Plan } from '../domain/plan';
import type { DaemonFacts } from './daemon-side';
import { ahead } from './ahead';
import { isCachedByName, moveCacheRef } from './cache-ref';
import { newRunRef, sourceRefOf } from './own-refs';
import type { Builder, BuildRequest, Docker } from './ports';
import type { Preflight } from './preflight';
import type { RunTools } from './run-tools';
import { build } from './steps/build';
import { platformOf } from './steps/platform';

/** The image that is pushed, on the daemon. */
export interface Image {
  readonly local: LocalImage;
  readonly result: BuildResult;
}

/** Builds it; `beside` may begin something as soon as it is there. */
export async function buildImage(
  tools: RunTools,
  found: Preflight,
  { docker, info }: DaemonFacts,
  builder: Builder,
  beside: (imageId: ImageId) => void,
): Promise<Image> {
  const { plan, report, signal, ledger } = tools;
  const request = await requestOf(tools, found);
  ledger.claim(request.ref, false);
  report({ type: 'build-started', builder: builder.name, context: plan.build.context });
  let caching: Promise<void> | undefined;
  const { local, platform, bases } = await build(request, builder, docker, report, signal, (imageId) => {
    if (isCachedByName(builder, info)) caching = ahead(moveCacheRef(tools, docker, imageId));
    beside(imageId);
  });
  await caching;
  const built = { imageId: local.id, sizeBytes: local.sizeBytes, platform, bases };
  const endpoint = plan.daemon.display.value;
  return { local, result: { from: 'build', ...built, builder: builder.name, daemon: info, endpoint } };
}

async function requestOf(tools: RunTools, { targets, source, logins }: Preflight): Promise<BuildRequest> {
  const { plan, signal, ledger } = tools;
  const main = targets.find(({ target }) => target.record === ledger.targets[0] && !target.record.failure);
  const held = await main?.target.tokens.current(signal); // a queue before us may have eaten the token's time
  return {
    ref: newRunRef(tools),
    plan: plan.build,
    source,
    jobFolder: plan.files.jobFolder,
    outputs: plan.files.outputs,
    login: (host) => logins.find(host, held),
  };
}

/** Field Source: it is there. */
export function sourceImage(plan: Plan, { info }: DaemonFacts, local: LocalImage): Image {
  const { id, sizeBytes } = local;
  const image = { imageId: id, sizeBytes, platform: platformOf(local), bases: [] };
  const endpoint = plan.daemon.display.value;
  return { local, result: { from: 'source', ...image, builder: undefined, daemon: info, endpoint } };
}

/** Nobody may prune it while it is pushed, and nothing that this run removes may be the last that it is known by. */
export async function holdSource(tools: RunTools, docker: Docker, { id, repoTags }: LocalImage): Promise<void> {
  const ref = repoTags.length === 0 ? sourceRefOf(tools.plan) : newRunRef(tools);
  if (repoTags.length === 0) tools.keptRef = ref;
  else tools.ledger.claim(ref, false);
  await docker.tag(id, ref, tools.signal);
}

/** Mode=build: the image stays under the names that it would have been pushed as. */
export async function keepNames(
  { plan, signal }: RunTools,
  { targets }: Preflight,
  { docker }: DaemonFacts,
  imageId: ImageId,
): Promise<readonly string[]> {
  const { host = '', path } = plan.repository;
  const repository = (await targets[0]?.target.reach(signal)) ?? { host, path };
  const refs = [...plan.tags, ...plan.floatingTags].map((tag) => refName({ repository, tag }));
  await Promise.all(refs.map((ref) => docker.tag(imageId, ref, signal)));
  return refs;
}
