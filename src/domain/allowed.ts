import { describeOrigin, type Sourced } from './origin';

/** What one level of the agent's settings allows; the lists of all levels must. */
export type AllowedHosts = readonly Sourced<readonly string[]>[];

/** The list that has not that host; undefined: it is in all of them, or there is none. A `*.` stands for one label. */
export function forbiddingHost(host: string, lists: AllowedHosts): Sourced<readonly string[]> | undefined {
  return lists.find(({ value }) => !value.some((entry) => isHost(host, entry)));
}

function isHost(host: string, entry: string): boolean {
  if (!entry.startsWith('*.')) return host === entry;
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot) === entry.slice(1);
}

/** `agent settings allow.registries, which has a, b`. */
export function listText({ value, origin }: Sourced<readonly string[]>): string {
  return `${describeOrigin(origin)}, which has ${value.length === 0 ? 'none' : value.join(', ')}`;
}
