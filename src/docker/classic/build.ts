import { packContext } from '../../context/pack';
import type { ProducerRun } from '../../context/producer-run';
import type { TarJob } from '../../context/tar-job';
import type { ImageId } from '../../domain/image-ref';
import type { BuildRequest, Mask, RegistryLogin, Report } from '../../pipeline/ports';
import type { Endpoint } from '../endpoint';
import { buildError } from '../errors/build-errors';
import { endedEarly } from '../errors/connection-errors';
import { postBuild } from '../post-build';
import { configHeader } from '../registry-auth';
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

/** Builds with the classic builder, under the run's own ref. */
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
    return await run(endpoint, { query, headers }, upload, request, report, signal);
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
    const refused = (words: string): BuildFailure => new BuildFailure(words);
    await postBuild(endpoint, { ...call, body: upload.stream }, refused, (message) => stream.take(message), signal);
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
