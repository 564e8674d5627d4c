import { StepError, type Hop } from '../../domain/errors';
import { baseError } from './base-errors';
import { buildRows, type BuildNames, type BuildRow } from './build-rows';
import { buildKitRows } from './buildkit-rows';
import { faultOf } from './registry-words';

/** Why a build came to nothing: the Dockerfile, the fields, a base image's registry, or the daemon's machine. */
export function buildError(text: string, names: BuildNames): StepError {
  for (const row of names.builder === 'buildkit' ? [...buildKitRows, ...buildRows] : buildRows) {
    const match = row.when.exec(text);
    if (match === null) continue;
    const hint = row.hint?.(match, names);
    return new StepError(row.code, hopOf(row), row.blame, row.message(match, names), {
      ...(hint === undefined ? {} : { hint }),
      words: text,
    });
  }
  const fault = faultOf(text);
  if (fault !== undefined) return baseError(fault, text, names.where);
  return new StepError('BUILD_FAILED', 'none', 'build', 'The build failed', { words: text });
}

/** A full disk lies beyond the line to the daemon; what is wrong in the Dockerfile lies on no line at all. */
function hopOf({ hop, blame }: BuildRow): Hop {
  return hop ?? (blame === 'environment' ? 'agent-daemon' : 'none');
}
