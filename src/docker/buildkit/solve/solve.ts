import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StepError } from '../../../domain/errors';
import type { ImageId } from '../../../domain/image-ref';
import type { BuildRequest } from '../../../pipeline/ports';
import type { Endpoint } from '../../endpoint';
import { endedEarly, notDocker } from '../../errors/connection-errors';
import { BuildFailure } from '../build-failure';
import type { GrpcClient } from '../grpc/client';
import { GRPC, GrpcError } from '../grpc/status';
import type { BuildTrace } from '../trace/build-trace';
import { decodeStatus } from '../trace/status-response';
import { WireError } from '../wire/reader';
import { Writer } from '../wire/writer';
import { failingLines } from './error-details';
import { hostGateways } from './host-gateways';
import { solvedImage } from './solve-response';
import { solveRequest } from './solve-request';

const SOLVE = '/moby.buildkit.v1.Control/Solve';
const STATUS = '/moby.buildkit.v1.Control/Status';

// The progress ends with the build. Then Solve's answer is a round trip away, or it never comes: an error whose details
// hold a Dockerfile of 45 KB or more makes Node's HTTP/2 drop the trailers without an event (measured on 29).
const OTHER_HALF_MS = 2_000;
const UNEXPLAINED_MS = 5_000;

/** Below it no error that quotes the whole Dockerfile is too large. */
const LARGE_DOCKERFILE = 40_000;

/** What one solve needs of the session. */
export interface SolveSession {
  readonly id: string;
  calls(signal: AbortSignal): Promise<Pick<GrpcClient, 'unary' | 'messages'>>;
}

export interface SolveBuild {
  readonly request: BuildRequest;
  /** Name of the Dockerfile in the session's folder `dockerfile`. */
  readonly dockerfile: string;
  readonly trace: BuildTrace;
}

/** Builds by Control/Solve. Throws BuildFailure, a StepError or the signal's reason; ended or not, nothing goes on. */
export async function solve(
  endpoint: Endpoint,
  session: SolveSession,
  build: SolveBuild,
  signal: AbortSignal,
): Promise<ImageId> {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  try {
    const answer = await run(session, build, until);
    const image = answer === undefined ? undefined : solvedImage(answer);
    if (image !== undefined) return image;
    throw lost(build, endpoint);
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(error, endpoint);
  } finally {
    over.abort();
  }
}

/** undefined: the build is over, and Solve has not said how. */
async function run(
  session: SolveSession,
  { request, dockerfile, trace }: SolveBuild,
  until: AbortSignal,
): Promise<Buffer | undefined> {
  const calls = await session.calls(until);
  const surroundings = { dockerfile, hostGateways: await hostGateways(calls, request.plan, until) };
  const ref = randomBytes(16).toString('hex');
  const answering = calls.unary(SOLVE, solveRequest(request, ref, session.id, surroundings), until);
  const watching = watch(calls, ref, trace, until);
  const solving = afterProgress(answering, watching, until);
  const waiting = noAnswerAfter(watching, trace, until);
  for (const one of [solving, watching, waiting]) one.catch(() => undefined); // whichever of them is not waited for
  return Promise.race([solving, waiting]);
}

/** Resolves when the progress has ended; how it ended is for Solve to say. */
async function watch(
  calls: Pick<GrpcClient, 'messages'>,
  ref: string,
  trace: BuildTrace,
  signal: AbortSignal,
): Promise<'ended' | 'broken'> {
  try {
    for await (const message of calls.messages(STATUS, new Writer().text(1, ref).end(), signal)) {
      trace.take(decodeStatus(message));
    }
    return 'ended';
  } catch (error) {
    if (error instanceof GrpcError || error instanceof WireError) return 'broken';
    signal.throwIfAborted();
    throw error;
  }
}

/** What Solve answers, when the progress has been told too: one of a build that is over may never end (20.10). */
async function afterProgress(
  solving: Promise<Buffer>,
  watching: Promise<unknown>,
  signal: AbortSignal,
): Promise<Buffer> {
  try {
    return await solving;
  } finally {
    await Promise.race([watching, sleep(OTHER_HALF_MS, undefined, { signal })]);
  }
}

/** undefined, some time after the progress has ended. */
async function noAnswerAfter(
  watching: Promise<'ended' | 'broken'>,
  trace: BuildTrace,
  signal: AbortSignal,
): Promise<undefined> {
  if ((await watching) === 'broken') return new Promise(() => undefined); // Solve itself will say
  await sleep(trace.failed() === undefined ? UNEXPLAINED_MS : OTHER_HALF_MS, undefined, { signal });
  return undefined;
}

function lost({ request: { plan, source }, trace }: SolveBuild, { where }: Endpoint): Error {
  const failed = trace.failed();
  if (failed !== undefined) return new BuildFailure(failed.error);
  if (source.dockerfile.length < LARGE_DOCKERFILE) return endedEarly(where, 'build');
  return new StepError(
    'BUILD_FAILED',
    'none',
    'build',
    `BuildKit failed before the first step, and its error was too large to arrive: it quotes all ${source.dockerfile.length} characters of ${plan.dockerfile}`,
    {
      hint: 'Look for a mistake in the Dockerfile; a build without CacheTo type=registry, Provenance, BuildContexts and stage names in NoCache tells it',
    },
  );
}

function failureOf(error: unknown, { where }: Endpoint): unknown {
  if (error instanceof WireError) return notDocker(where, 'what it answers to Control/Solve is no protobuf message');
  if (error instanceof StepError || !(error instanceof GrpcError)) return error;
  if (error.code === GRPC.UNAVAILABLE) return endedEarly(where, 'build');
  return new BuildFailure(error.message, failingLines(error.details));
}
