import type { DaemonInfo } from '../domain/daemon-info';
import { ours } from './line';
import { row } from './render-layout';
import { inOrder, tellWaiting } from './render-order';
import { say } from './render-say';
import { then, type EventOf, type Rendered, type RenderState } from './render-state';

export function daemonDescribed(state: RenderState, event: EventOf<'daemon-described'>): Rendered {
  const { info, endpoint, origin } = event;
  const lines = [row('daemon', `${endpoint} (${origin})`), row('', engine(info))];
  const more = surroundings(info).join('  ');
  if (more !== '') lines.push(row('', more));
  const registries = ways(info, registryOf(state));
  if (registries !== '') lines.push(row('', registries));
  return inOrder({ ...state, endpoint, daemon: info }, 'daemon', lines.map(ours));
}

function engine(info: DaemonInfo): string {
  const product = info.product === 'Docker' ? 'Engine' : info.product;
  const api = `API ${info.apiVersion} (from ${info.minApiVersion})`;
  const store = `${info.store} store on ${info.storageDriver}`;
  return [`${product} ${info.engineVersion}`, api, `${info.os}/${info.arch}`, store].join('  ');
}

/** What is unusual enough to explain a failure. */
export function surroundings(info: DaemonInfo): string[] {
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
  ].filter((text) => text !== '');
}

/** How the daemon gets at registries, where that is not as everywhere; `host`: only what concerns that one is of interest. */
export function ways({ mirrors, insecureRegistries }: DaemonInfo, host?: string): string {
  const insecure = insecureRegistries.filter((name) => host === undefined || name === host);
  return [
    mirrors.length > 0 ? `Docker Hub by its mirror ${mirrors.join(', ')}` : '',
    insecure.length > 0 ? `insecure registries ${insecure.join(', ')}` : '',
  ]
    .filter((text) => text !== '')
    .join('  ');
}

function registryOf({ started }: RenderState): string {
  const [host = ''] = started?.repository.split('/') ?? [];
  return host;
}

export function platformDescribed(state: RenderState, event: EventOf<'platform-described'>): Rendered {
  return then(tellWaiting(state), (next) => say(next, ours(row('platform', platformText(event)))));
}

export function platformText({ wanted, daemon }: EventOf<'platform-described'>): string {
  return wanted === daemon ? `${wanted}, as the daemon is` : `${wanted}; the daemon is ${daemon}`;
}

export function baseDescribed(state: RenderState, event: EventOf<'base-described'>): Rendered {
  return then(tellWaiting(state), (next) => say(next, ours(row('base', baseText(event)))));
}

export function baseText({ ref, platform, local }: EventOf<'base-described'>): string {
  if (!local) return `${ref} will be pulled`;
  return `${ref} is on the daemon${platform === undefined ? '' : `, ${platform}`}`;
}
