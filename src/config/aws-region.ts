import type { Problem } from '../domain/errors';
import { describeOrigin, type Origin, type Sourced } from '../domain/origin';
import type { AwsSources } from './aws-sources';
import { REGIONS, setOf } from './aws-variables';
import { ofLevel } from './defaults';
import { Fault } from './fault';
import { parseRegion } from './grammar';
import { quote } from './quote';

export interface RegionDecision {
  /** undefined: the profile's, which is known when its file is read. */
  readonly region: Sourced<string> | undefined;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/** First match wins: field, the repository's host, job variables, the agent's file, its environment, the server's properties. */
export function regionOf({ task, job, agent, defaults }: AwsSources): RegionDecision {
  const host = task.repository?.value.registry?.region;
  const found: Sourced<string>[] = [
    ...(task.region === undefined ? [] : [sourced(task.region, { kind: 'field', name: 'Region' })]),
    ...(host === undefined ? [] : [sourced(host, { kind: 'repository-host' })]),
    ...setOf(job, REGIONS).map(([name, value]) => sourced(value, { kind: 'job-variable', name })),
    ...ofLevel(defaults.region, 'settings-file'),
    ...setOf(agent, REGIONS).map(([name, value]) => sourced(value, { kind: 'agent-environment', name })),
    ...ofLevel(defaults.region, 'server-property'),
  ];
  const [region, ...others] = found;
  if (!region) return { region, problems: [], notes: [] };
  const winner = `${region.value} (${describeOrigin(region.origin)})`;
  const notes = others
    .filter(({ value, origin }) => value !== region.value && origin.kind !== 'repository-host')
    .map(({ value, origin }) => `${describeOrigin(origin)} ${quote(value)} is not used: the region is ${winner}`);
  return { region, problems: faultOf(region), notes };
}

function sourced(value: string, origin: Origin): Sourced<string> {
  return { value, origin };
}

/** It becomes a part of the host that the credentials are sent to. */
function faultOf({ value, origin }: Sourced<string>): Problem[] {
  const parsed = origin.kind === 'job-variable' || origin.kind === 'agent-environment' ? parseRegion(value) : value;
  if (!(parsed instanceof Fault) || !('name' in origin)) return [];
  return [{ field: origin.name, message: `${quote(value)} (${describeOrigin(origin)}) ${parsed.message}` }];
}
