import type { DaemonInfo } from '../domain/daemon-info';
import { ours } from './line';
import { row } from './render-layout';
import { inOrder, tellWaiting } from './render-order';
import { say } from './render-say';
import { then, type EventOf, type Rendered, type RenderState } from './render-state';

export function daemonDescribed(state: RenderState, event: EventOf<'daemon-described'>): Rendered {
  const { info, endpoint, origin } = event;
  const lines = [row('daemon', `${endpoint} (${origin})`), row('', engine(info))];
  const more = surroundings(info);
  if (more !== '') lines.push(row('', more));
  return inOrder({ ...state, endpoint, daemon: info }, 'daemon', lines.map(ours));
}

function engine(info: DaemonInfo): string {
  const product = info.product === 'Docker' ? 'Engine' : info.product;
  const api = `API ${info.apiVersion} (from ${info.minApiVersion})`;
  const store = `${info.store} store on ${info.storageDriver}`;
  return [`${product} ${info.engineVersion}`, api, `${info.os}/${info.arch}`, store].join('  ');
}

/** What is unusual enough to explain a failure. */
function surroundings(info: DaemonInfo): string {
  const security = info.securityOptions.map((option) => option.replace(/^name=/, '').replace(',profile=', ' '));
  const proxies = [
    info.httpProxy ? `http ${info.httpProxy}` : '',
    info.httpsProxy ? `https ${info.httpsProxy}` : '',
    info.noProxy ? `none for ${info.noProxy}` : '',
  ].filter((text) => text !== '');
  return [
    info.debug ? 'debug mode' : '',
    security.length > 0 ? `security ${security.join(', ')}` : '',
    proxies.length > 0 ? `proxy ${proxies.join(', ')}` : '',
  ]
    .filter((text) => text !== '')
    .join('  ');
}

export function platformDescribed(state: RenderState, event: EventOf<'platform-described'>): Rendered {
  const { wanted, daemon } = event;
  const text = wanted === daemon ? `${wanted}, as the daemon is` : `${wanted}; the daemon is ${daemon}`;
  return then(tellWaiting(state), (next) => say(next, ours(row('platform', text))));
}

export function baseDescribed(state: RenderState, event: EventOf<'base-described'>): Rendered {
  const { ref, platform, local } = event;
  const text = local
    ? `${ref} is on the daemon${platform === undefined ? '' : `, ${platform}`}`
    : `${ref} will be pulled`;
  return then(tellWaiting(state), (next) => say(next, ours(row('base', text))));
}
