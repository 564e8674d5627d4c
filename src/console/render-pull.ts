import type { Line } from './line';
import { gutter } from './render-layout';
import { say } from './render-say';
import { still, type EventOf, type Rendered, type RenderState } from './render-state';

/** A layer's pull reports many times a second; a line of it in so long will do. */
const PULL_PAUSE_MS = 10_000;

export function pullProgress(state: RenderState, event: EventOf<'pull-progress'>, at: number): Rendered {
  const next = { ...state, pulled: event.text };
  return at - state.pullShownAt >= PULL_PAUSE_MS ? tellPulled(next, at) : still(next);
}

export function tellPulled(state: RenderState, at: number): Rendered {
  if (state.pulled === undefined) return still(state);
  const lines = state.pulled.trimEnd().split('\n');
  const foreign = lines.map((text): Line => ({ kind: 'text', rank: 'foreign', text: gutter(text) }));
  return say({ ...state, pulled: undefined, pullShownAt: at }, ...foreign);
}
