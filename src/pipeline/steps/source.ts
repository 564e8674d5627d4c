import { StepError } from '../../domain/errors';
import type { LocalImage } from '../../domain/daemon-info';
import type { Docker, Report } from '../ports';
import { platformOf } from './platform';

/** The image of field Source. */
export async function inspectSource(
  source: string,
  docker: Docker,
  report: Report,
  signal: AbortSignal,
): Promise<LocalImage> {
  const image = await docker.inspect(source, signal);
  if (image === undefined) throw missing(source);
  const { id, sizeBytes } = image;
  report({ type: 'source-described', ref: source, imageId: id, sizeBytes, platform: platformOf(image) });
  return image;
}

function missing(source: string): StepError {
  return new StepError(
    'SOURCE_MISSING',
    'agent-daemon',
    'config',
    `There is no image ${source} on the daemon (field Source)`,
    {
      hint: 'Source takes what docker images shows: NAME:TAG (without a tag: latest), NAME@sha256:… or an image id; the task that makes the image must use the same daemon, and keep it (Mode=build)',
    },
  );
}
