import { plural } from './human';
import { structure } from './line';
import { yellow } from './paint';
import { fact, say } from './render-say';
import { still, type EventOf, type Rendered, type RenderState } from './render-state';

const CACHE = 'gocd-ecr-task/cache:';
const NAMED = 4;

/** After a failure there is no phase of its own: the closing block tells it. */
export function refsRemoved(state: RenderState, event: EventOf<'refs-removed'>): Rendered {
  const next = { ...state, removed: event };
  return state.phase === undefined ? still(next) : fact(next, removedText(next));
}

export function cleanupFailed(state: RenderState, event: EventOf<'cleanup-failed'>): Rendered {
  const next = { ...state, unremoved: [...state.unremoved, event] };
  return state.phase === undefined ? still(next) : say(next, structure(`  ${yellow('left')} ${unremovedText(event)}`));
}

export function removedText({ removed, endpoint }: RenderState): string {
  const refs = removed?.refs.length ?? 0;
  const where = endpoint === undefined ? '' : ` from ${endpoint}`;
  const what = refs === 0 ? 'nothing to remove' : `removed ${plural(refs, 'ref')} of this run${where}`;
  const kept = removed?.kept ?? [];
  return kept.length === 0 ? what : `${what}; kept ${keptText(kept)}`;
}

function keptText(kept: readonly string[]): string {
  const names = kept.slice(0, NAMED).map((ref) => (ref.startsWith(CACHE) ? `${ref} (the next run's cache)` : ref));
  const more = kept.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

export function unremovedText({ ref, reason }: EventOf<'cleanup-failed'>): string {
  return `${ref} on the daemon: ${reason.trimEnd().replaceAll('\n', ' ')}`;
}
