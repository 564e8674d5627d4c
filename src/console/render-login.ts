import { duration } from './human';
import { fact } from './render-say';
import type { EventOf, Rendered, RenderState } from './render-state';

export function tokenIssued(state: RenderState, event: EventOf<'token-issued'>, at: number): Rendered {
  const left = event.expiresAt - at;
  const token = event.refreshed ? 'new token' : 'token';
  const text = left > 0 ? `${token} valid ${duration(left)}` : `the ${token} had expired when it arrived`;
  return fact({ ...state, tokenEnds: event.expiresAt }, text);
}

export function daemonLogin(state: RenderState, event: EventOf<'daemon-login'>): Rendered {
  const text = event.accepted ? "the daemon's login was accepted" : "the daemon's login was refused";
  return fact({ ...state, login: event }, text);
}
