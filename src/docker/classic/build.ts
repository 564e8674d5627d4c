import { packContext } from '../../context/pack';
import type { ProducerRun } from '../../context/producer-run';
import type { TarJob } from '../../context/tar-job';
import { StepError } from '../../domain/errors';
import type { ImageId } from '../../domain/image-ref';
import type { BuildRequest, Mask, RegistryLogin, Report } from '../../pipeline/ports';
import type { Endpoint } from '../endpoint';
import { buildError } from '../errors/build-errors';
import { endedEarly } from '../errors/connection-errors';
import { requestError } from '../errors/request-errors';
import { tagImage } from '../images';
import { readMessages } from '../message-stream';
import { configHeader } from '../registry-auth';
import { readText, refusalOf, send, type Refusal } from '../request';
import { BuildFailure, BuildStream } from './build-stream';
import { buildQuery } from './build-query';
import { refuseBuildKitOnly } from './buildkit-only';
import { excerptOfFailure } from './failing-lines';
import { startUpload, type Upload } from './upload';

export interface ClassicTools {
  readonly mask: Mask;
  /** Where the context is packed. */
  readonly run: (job: TarJob) => ProducerRun;
}

/** Builds with the classic builder, under the run's own ref, and moves the task's cache ref to the new image. */
export async function buildClassic(
  endpoint: Endpoint,
  request: BuildRequest,
  { mask, run: pack }: ClassicTools,
  report: Report,
  signal: AbortSignal,
): Promise<ImageId> {
  const { plan, source, jobFolder, outputs } = request;
  const { context, dockerfile } = plan;
  refuseBuildKitOnly(source.dockerfile, plan.dockerfile);
  const headers = configHeader(loginsFor(source.bases, request), mask);
  const packed = await packContext({ jobFolder, context, dockerfile, outputs, signal, run: pack });
  const upload = startUpload(packed, !endpoint.onThisHost, report);
  try {
    const query = buildQuery(request, packed.dockerfileInTar);
    const imageId = await run(endpoint, { query, headers }, upload, request, report, signal);
    await moveCacheRef(endpoint, imageId, request.cacheRef, report, signal);
    return imageId;
  } finally {
    upload.destroy();
  }
}

/** Credentials for the registries that the Dockerfile names, and no others. */
function loginsFor(bases: readonly { readonly host: string }[], request: BuildRequest): readonly RegistryLogin[] {
  const hosts = new Set(bases.map((base) => base.host));
  return [...hosts].map((host) => request.login(host)).filter((login) => login !== undefined);
}

async function run(
  endpoint: Endpoint,
  call: { readonly query: ReturnType<typeof buildQuery>; readonly headers: Record<string, string> },
  upload: Upload,
  request: BuildRequest,
  report: Report,
  signal: AbortSignal,
): Promise<ImageId> {
  const { where } = endpoint;
  const { dockerfile, target, platform, networkMode } = request.plan;
  const names = { where, dockerfile, target, platform, networkMode };
  const stream = new BuildStream(report, request.plan.labels.size);
  try {
    const response = await send(endpoint, { method: 'POST', path: '/build', ...call, body: upload.stream }, signal);
    const status = response.statusCode ?? 0;
    if (status !== 200) {
      const refusal = refusalOf(status, await readText(endpoint, response, signal));
      throw isOfTheBuild(refusal) ? new BuildFailure(refusal.text) : requestError(refusal, 'POST /build', where);
    }
    await readMessages(endpoint, response, signal, 'build', (message) => stream.take(message));
  } catch (error) {
    if (error instanceof BuildFailure) {
      const excerpt = excerptOfFailure(error, request.source.dockerfile, dockerfile);
      if (excerpt !== undefined) report(excerpt);
      throw buildError(error.message, names);
    }
    signal.throwIfAborted();
    throw upload.failure() ?? error;
  }
  const imageId = stream.end();
  if (imageId === undefined) throw endedEarly(where, 'build');
  return imageId;
}

/** The statuses with which dockerd itself refuses a build; anything else is from somebody in between. */
function isOfTheBuild({ status, text }: Refusal): boolean {
  return [400, 404, 409, 500].includes(status) && !text.startsWith('<');
}

/** The image is built: a cache that stays behind costs time, not the run. */
async function moveCacheRef(
  endpoint: Endpoint,
  imageId: ImageId,
  cacheRef: string,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  try {
    await tagImage(endpoint, imageId, cacheRef, signal);
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof StepError ? error.message : String(error);
    report({ type: 'note', text: `the cache ref ${cacheRef} stays where it was: ${why}` });
  }
}
