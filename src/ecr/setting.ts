import type { AwsPlan } from '../domain/plan';
import type { Mask } from '../pipeline/ports';
import type { Patience } from './patience';
import { addressOf, endpointOf } from './endpoint';
import type { Endpoint } from './endpoint';
import type { Caller } from './error-texts';
import type { Network } from './network';
import type { ProfileFiles } from './profiles';
import type { Region } from './region';

/** What the calls of one target have in common. */
export interface Setting {
  readonly aws: AwsPlan;
  readonly files: ProfileFiles;
  readonly mask: Mask;
  readonly network: Network;
  readonly patience: Patience;
  readonly region: Region;
}

/** Whom a message names, for a call of that service. */
export function callerOf(
  { files, network, region: home }: Setting,
  service: Endpoint['service'],
  identity: string,
  { region = home, accountId }: { readonly region?: Region; readonly accountId?: string | undefined } = {},
): Caller {
  const endpoint = endpointOf(service, region.name, files);
  const proxy = network.proxyTo(addressOf(endpoint, region.name));
  return { identity, region: region.name, regionFrom: region.from, accountId, endpoint, proxy };
}
