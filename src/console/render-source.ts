import type { BuildResult } from '../domain/outcome';
import { bytes } from './human';
import { ours } from './line';
import { BUILDERS } from './render-builder';
import { row, shortDigest } from './render-layout';
import { inOrder, tellWaiting } from './render-order';
import { fact, say } from './render-say';
import { tellTags } from './render-tags';
import { still, then, type EventOf, type Rendered, type RenderState } from './render-state';

/** It stands where else the builder stands: there is none. */
export function sourceDescribed(state: RenderState, event: EventOf<'source-described'>): Rendered {
  const { ref, imageId, sizeBytes, platform } = event;
  const text = `${ref} (field Source) ${shortDigest(imageId)} ${bytes(sizeBytes)} ${platform}`;
  return inOrder({ ...state, source: event }, 'builder', [ours(row('source', text))]);
}

export function imageReused(state: RenderState, event: EventOf<'image-reused'>): Rendered {
  const image = `${shortDigest(event.digest)} ${bytes(event.sizeBytes)}`.replace(/ 0 B$/, '');
  const text = `nothing is built: this run's image is in the registry already (${image})`;
  if (state.phase !== undefined && state.phase.name !== 'preflight') return fact(state, text);
  return then(still(state), tellWaiting, tellTags, (next) => say(next, ours(row('reuse', text))));
}

/** `182 MB, linux/amd64, by BuildKit on tcp://build-2:2376`: what the image is, and where it comes from. */
export function imageRows(state: RenderState, result: BuildResult): string[] {
  const { imageId, sizeBytes, platform } = result;
  const size = sizeBytes > 0 ? bytes(sizeBytes) : undefined;
  const text = [size, platform, cameFrom(state, result)].filter((part) => part !== undefined).join(', ');
  return imageId === undefined ? [row('image', text)] : [row('image', imageId), row('', text)];
}

function cameFrom({ source }: RenderState, { from, builder, endpoint }: BuildResult): string {
  switch (from) {
    case 'build':
      return `by ${builder === undefined ? 'a builder that is not known' : BUILDERS[builder]} on ${endpoint}`;
    case 'source':
      return `${source === undefined ? 'field Source' : `${source.ref} (field Source)`} on ${endpoint}`;
    case 'registry':
      return 'from the registry: an earlier attempt of this run has built it';
  }
}
