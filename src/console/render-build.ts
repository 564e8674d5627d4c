import { bytes } from './human';
import { BUILDERS } from './render-builder';
import { shortDigest } from './render-layout';
import { fact } from './render-say';
import { still, type EventOf, type Rendered, type RenderState } from './render-state';

/** Which builder it is has been told in the preflight, as a rule. */
export function buildStarted(state: RenderState, event: EventOf<'build-started'>): Rendered {
  const by = state.builder === undefined ? `by ${BUILDERS[event.builder]}; ` : '';
  return fact(state, `${by}context ${event.context}`);
}

/** Its bases are named in the closing block. */
export function imageBuilt(state: RenderState, event: EventOf<'image-built'>): Rendered {
  return still({ ...state, image: event });
}

/** For the closing line of the phase. */
export function buildFacts({ image }: RenderState): string[] {
  return image === undefined
    ? []
    : [`image    ${shortDigest(image.imageId)} ${bytes(image.sizeBytes)} ${image.platform}`];
}
