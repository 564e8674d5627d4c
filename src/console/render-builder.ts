import type { BuilderName, SessionKind } from '../domain/events';
import { ours } from './line';
import { row } from './render-layout';
import { inOrder } from './render-order';
import type { EventOf, Rendered, RenderState } from './render-state';

/** Within a sentence. */
export const BUILDERS: Readonly<Record<BuilderName, string>> = { classic: 'the classic builder', buildkit: 'BuildKit' };

const NAMES: Readonly<Record<BuilderName, string>> = { classic: 'classic', buildkit: 'BuildKit' };
const SESSIONS: Readonly<Record<SessionKind, string>> = { h2c: 'session by h2c', upgrade: 'session by upgrade' };

export function builderChosen(state: RenderState, event: EventOf<'builder-chosen'>): Rendered {
  return inOrder({ ...state, builder: event }, 'builder', [ours(row('builder', builderText(event)))]);
}

export function builderText({ builder, why, session }: EventOf<'builder-chosen'>): string {
  const by = session === undefined ? '' : `; ${SESSIONS[session]}`;
  return `${NAMES[builder]} (${why}${by})`;
}
