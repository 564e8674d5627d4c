import type { DaemonInfo } from '../domain/daemon-info';
import { ours, type Line } from './line';
import { row, shortDigest, wrapped } from './render-layout';
import { inOrder, tellWaiting } from './render-order';
import { say } from './render-say';
import { still, then, type EventOf, type Rendered, type RenderState } from './render-state';

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

export function awsDescribed(state: RenderState, event: EventOf<'aws-described'>): Rendered {
  const { account, region, identity } = event;
  const text = [account, region, identity].filter((part) => part !== undefined && part !== '').join(' ');
  return inOrder({ ...state, identity }, 'aws', [ours(row('aws', text))]);
}

export function repositoryDescribed(state: RenderState, event: EventOf<'repository-described'>): Rendered {
  const { name, exists, mutability } = event;
  return inOrder({ ...state, mutability }, 'ecr', [ours(row('ecr', repositoryText(name, exists, mutability)))]);
}

function repositoryText(name: string, exists: boolean | undefined, mutability: string | undefined): string {
  if (exists === undefined) return `${name}: not looked up, ecr:DescribeRepositories is denied`;
  if (!exists) return `${name} does not exist`;
  switch (mutability) {
    case undefined:
      return `${name} exists; whether its tags can move is unknown`;
    case 'MUTABLE':
      return `${name} exists; its tags can move`;
    case 'IMMUTABLE':
      return `${name} exists; its tags are immutable`;
    default:
      return `${name} exists; its tags are ${mutability}`;
  }
}

/** Tags are collected, so that many of them do not make many lines. */
export function tagDescribed(state: RenderState, event: EventOf<'tag-described'>): Rendered {
  const { tag, taken, digest } = event;
  const tags = new Map(state.tags).set(tag, { taken, digest });
  return still({ ...state, tags, untoldTags: [...state.untoldTags, tag] });
}

export function tellTags(state: RenderState): Rendered {
  const items = state.untoldTags.map((tag) => tagText(state, tag));
  const lines: Line[] = wrapped('tags', items).map(ours);
  return say({ ...state, untoldTags: [] }, ...lines);
}

function tagText(state: RenderState, tag: string): string {
  const { taken, digest } = state.tags.get(tag) ?? {};
  if (taken === undefined) return `${tag} not looked up (denied)`;
  if (!taken) return `${tag} is free`;
  return digest === undefined ? `${tag} is taken` : `${tag} names ${shortDigest(digest)}`;
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
