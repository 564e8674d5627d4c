import { PARTITIONS, partitionOf } from '../domain/partition';

const DOMAINS: ReadonlySet<string> = new Set(
  Object.values(PARTITIONS).flatMap(({ domain, dualStackDomain }) => [domain, dualStackDomain]),
);

/** A host that looks like ECR's, with the end of another partition's: what is wrong, behind the host. undefined: nothing. */
export function foreignDomain(host: string): string | undefined {
  const [, form, region = '', domain = ''] = /^\d{12}\.dkr([.-])ecr(?:-fips)?\.([a-z0-9-]+)\.(.+)$/.exec(host) ?? [];
  const { domain: classic, dualStackDomain } = PARTITIONS[partitionOf(region)];
  const expected = form === '.' ? classic : dualStackDomain;
  if (!DOMAINS.has(domain) || domain === '' || expected === '' || domain === expected) return undefined;
  return `names a registry in ${region}, where they end in ${expected}, not in ${domain}`;
}

/** Where a role is of another partition than a region: credentials of one are unknown in another. */
export function foreignRole(arn: string, region: string): string | undefined {
  const [, partition = ''] = arn.split(':');
  const own = partitionOf(region);
  if (partition === own) return undefined;
  return `${arn} is a role of partition ${partition}, and the registry's region ${region} is of partition ${own}`;
}
