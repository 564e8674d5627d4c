import { duration } from './human';
import { structure } from './line';
import { fact, say } from './render-say';
import { still, type EventOf, type Rendered, type RenderState } from './render-state';

export function tokenIssued(state: RenderState, event: EventOf<'token-issued'>, at: number): Rendered {
  const { registry, expiresAt, refreshed } = event;
  const tokenEnds = new Map([...state.registries.tokenEnds].filter(([host]) => host !== registry));
  const next = { ...state, registries: { ...state.registries, tokenEnds: tokenEnds.set(registry, expiresAt) } };
  if (state.targets.total === 1) return fact(next, tokenText(refreshed, expiresAt - at));
  // The login at the registry that it is for follows, and tells it.
  if (state.phase?.name === 'login' && !refreshed && expiresAt > at) return still(next);
  return say(next, structure(`  ${registry}: ${tokenText(refreshed, expiresAt - at)}`));
}

/** With several targets, token and login of one registry share a line. */
export function daemonLogin(state: RenderState, event: EventOf<'daemon-login'>, at: number): Rendered {
  const { registry, accepted } = event;
  const next = {
    ...state,
    registries: { ...state.registries, accepted: new Map(state.registries.accepted).set(registry, accepted) },
  };
  const text = `the daemon's login was ${accepted ? 'accepted' : 'refused'}`;
  if (state.targets.total === 1) return fact(next, text);
  const ends = state.registries.tokenEnds.get(registry);
  const token = ends === undefined ? '' : `${tokenText(false, ends - at)}; `;
  return say(next, structure(`  ${registry}: ${token}${text}`));
}

function tokenText(refreshed: boolean, left: number): string {
  const token = refreshed ? 'new token' : 'token';
  return left > 0 ? `${token} valid ${duration(left)}` : `the ${token} had expired when it arrived`;
}
