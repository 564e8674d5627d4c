import type { StepError } from '../../domain/errors';
import type { BuildRequest, Report } from '../../pipeline/ports';
import { excerptOf } from '../dockerfile-excerpt';
import { buildError } from '../errors/build-errors';
import type { Where } from '../where';
import type { BuildFailure } from './build-failure';
import { linesAt, linesOfStep } from './failing-instruction';
import { frontendTooOld } from './frontend-too-old';
import type { LineRange } from './solve/error-details';
import type { BuildTrace } from './trace/build-trace';
import type { TrackedVertex } from './trace/tracked-vertex';

/** Shows the Dockerfile where it failed, and says why. */
export function explainFailure(
  failure: BuildFailure,
  trace: BuildTrace,
  { plan, source }: BuildRequest,
  where: Where,
  report: Report,
): StepError {
  const failed = trace.failed(failure.message);
  const lines = failingLines(failure, failed, source);
  const excerpt = lines && excerptOf(source.dockerfile, plan.dockerfile, lines.from, lines.to);
  if (excerpt !== undefined) report(excerpt);
  const { dockerfile, target, platform, networkMode } = plan;
  const names = { where, dockerfile, target, platform, networkMode, builder: 'buildkit' } as const;
  return frontendTooOld(failure.message, source.dockerfile, dockerfile) ?? buildError(failure.message, names);
}

function failingLines(
  { message, lines }: BuildFailure,
  failed: TrackedVertex | undefined,
  { dockerfile, bases }: BuildRequest['source'],
): LineRange | undefined {
  if (lines[0] !== undefined) return lines[0];
  const parse = /dockerfile parse error (?:on )?line (\d+): /.exec(message)?.[1];
  if (parse !== undefined) return linesAt(Number(parse), dockerfile);
  if (failed === undefined) return undefined;
  const { name } = failed;
  if (name.kind === 'step') return linesOfStep(name, dockerfile);
  const base = bases.find(({ ref }) => isMetadataOf(name.name, ref));
  return base === undefined ? undefined : linesAt(base.line, dockerfile);
}

/** `[internal] load metadata for docker.io/library/node:20`, of `FROM node:20`. */
function isMetadataOf(task: string, ref: string): boolean {
  const asked = /load metadata for (\S+)$/.exec(task)?.[1];
  return asked !== undefined && [ref, `${ref}:latest`].some((name) => asked === name || asked.endsWith(`/${name}`));
}
