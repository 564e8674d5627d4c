import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issue, makeAuthority } from './certificates';
import type { EngineNames } from './engine-launch';
import type { Listening } from './listening';
import { startNameServer } from './name-server';
import { startRegistryFront } from './registry-front';
import type { Site, World } from './world';

/** Registries under real ECR host names: TLS on port 443 of a loopback address of this lab's own, which only the lab's
 *  daemon knows by name (engine-launch.ts). So everything that reads an ECR host is tested with ECR hosts. */

export interface EcrHosts {
  readonly names: EngineNames;
  stop(): Promise<void>;
}

export const ecrHostSites = [
  { account: '210987654321', region: 'eu-central-1' },
  { account: '210987654321', region: 'us-east-1' },
].map((site) => {
  const host = `${site.account}.dkr.ecr.${site.region}.amazonaws.com`;
  return { ...site, host, url: `https://${host}` };
});

/** ECR Public: whose tokens open nothing else, whose daemons log in by Basic here. */
export const publicSite = {
  account: 'public',
  region: 'public',
  host: 'public.ecr.aws',
  url: 'https://public.ecr.aws',
};

/** Its names: the usual one, and the dual-stack one of private registries. */
function namesOf({ account, region, host }: Site): readonly string[] {
  return host === publicSite.host ? [host] : [host, `${account}.dkr-ecr.${region}.on.aws`];
}

async function onFreeAddress<T extends { stop(): Promise<void> }>(start: (address: string) => Promise<T>) {
  for (let attempt = 0; ; attempt++) {
    const address = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(2, 255)}`;
    try {
      return { address, server: await start(address) };
    } catch (error) {
      if (attempt >= 5) throw error;
    }
  }
}

export async function startEcrHosts(world: World, sites: readonly Site[], labFolder: string): Promise<EcrHosts> {
  const folder = join(labFolder, 'ecr-hosts');
  const authority = await makeAuthority(folder, 'lab ECR authority');
  const names = sites.flatMap(namesOf).map((host) => `DNS:${host}`);
  const issued = await issue(authority, folder, 'serverAuth', names);
  const [key, cert] = await Promise.all([readFile(issued.key), readFile(issued.certificate)]);
  const siteOf = (request: { headers: { host?: string | undefined } }): Site | undefined =>
    sites.find((site) => namesOf(site).includes(request.headers.host?.toLowerCase() ?? ''));
  const start = (host: string): Promise<Listening> =>
    startRegistryFront(world, { host, port: 443, tls: { key, cert }, siteOf });
  const { address, server } = await onFreeAddress(start);
  const nameServer = await onFreeAddress(startNameServer);
  return {
    names: {
      hosts: new Map(sites.flatMap(namesOf).map((host) => [host, address])),
      authority: authority.certificate,
      nameServer: nameServer.address,
    },
    stop: async () => {
      await Promise.all([server.stop(), nameServer.server.stop()]);
    },
  };
}
