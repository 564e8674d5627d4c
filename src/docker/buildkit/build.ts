import { randomBytes } from 'node:crypto';
import type { StepError } from '../../domain/errors';
import type { ImageId } from '../../domain/image-ref';
import type { BuildRequest, Report } from '../../pipeline/ports';
import { describe } from '../describe';
import type { Endpoint } from '../endpoint';
import { endedEarly } from '../errors/connection-errors';
import { postBuild } from '../post-build';
import { BuildFailure } from './build-failure';
import { BasePlatforms } from './base-platform';
import { buildKitQuery } from './build-query';
import { BuildResponse } from './build-response';
import { needsSolve } from './builder-fields';
import { explainFailure } from './explain-failure';
import { checkMounts } from './mounts';
import type { Offer } from './offer';
import { dependsOnEngine, refuseIgnored } from './refusals';
import { solve, type SolveSession } from './solve/solve';
import { BuildTrace } from './trace/build-trace';

/** What a build needs of the session. */
export interface BuildSession extends SolveSession {
  setOffer(offer: Offer): void;
}

export interface BuildKitBuild {
  readonly request: BuildRequest;
  readonly offer: Offer;
  /** Name of the Dockerfile in the offer's folder `dockerfile`. */
  readonly dockerfile: string;
  /** Why a folder could not be read, where that is what broke the build. */
  failure?(): StepError | undefined;
}

/** Builds with BuildKit, under the run's own ref. The session is used up. */
export async function buildWithBuildKit(
  endpoint: Endpoint,
  session: BuildSession,
  build: BuildKitBuild,
  report: Report,
  signal: AbortSignal,
): Promise<ImageId> {
  const { plan } = build.request;
  checkMounts(build.request, report);
  if (dependsOnEngine(plan)) refuseIgnored(plan, await describe(endpoint, signal));
  session.setOffer(build.offer);
  const platforms = new BasePlatforms();
  const trace = new BuildTrace((event) => {
    platforms.note(event);
    report(event);
  });
  try {
    const imageId = needsSolve(plan)
      ? await solve(endpoint, session, { ...build, trace }, signal)
      : await post(endpoint, session.id, build, trace, report, signal);
    trace.end();
    platforms.check(build.request);
    return imageId;
  } catch (error) {
    signal.throwIfAborted();
    trace.end();
    const own = build.failure?.();
    if (own !== undefined) throw own;
    throw error instanceof BuildFailure ? explainFailure(error, trace, build.request, endpoint.where, report) : error;
  }
}

async function post(
  endpoint: Endpoint,
  sessionId: string,
  { request, dockerfile }: BuildKitBuild,
  trace: BuildTrace,
  report: Report,
  signal: AbortSignal,
): Promise<ImageId> {
  const query = buildKitQuery(request, sessionId, randomBytes(16).toString('hex'), dockerfile);
  const answer = new BuildResponse(trace, report);
  const refused = (words: string): BuildFailure => new BuildFailure(words);
  await postBuild(endpoint, { query }, refused, (message) => answer.take(message), signal);
  if (answer.imageId === undefined) throw endedEarly(endpoint.where, 'build');
  return answer.imageId;
}
