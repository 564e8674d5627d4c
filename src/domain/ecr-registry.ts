import { partitionOf, PARTITIONS } from './partition';

/** An ECR registry as its host name tells it. */
export interface EcrRegistry {
  readonly host: string;
  readonly kind: 'private' | 'public';
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
  /** The registry's owner; undefined: a public registry's name does not tell it. */
  readonly accountId: string | undefined;
  /** Where its API is called. */
  readonly region: string;
  readonly fips: boolean;
}

// ECR Public, by its two names (the second one is dual-stack). It is called in us-east-1 alone (ECR Public user guide,
// "Registry authentication").
const PUBLIC_HOSTS = ['public.ecr.aws', 'ecr-public.aws.com'];
const PUBLIC_REGION = 'us-east-1';

// `<account>.dkr.ecr[-fips].<region>.<domain>` and, dual-stack, `<account>.dkr-ecr[-fips].<region>.<domain>`. Matched
// whole: `….amazonaws.com.evil.io` is not ECR.
const HOST = /^(\d{12})\.dkr([.-])ecr(-fips)?\.([a-z]{2,5}(?:-[a-z]+)+-\d+)\.([a-z0-9.-]+)$/;

/** Every form of every partition; a domain of another partition than the region's is no host of AWS. */
export function parseEcrHost(host: string): EcrRegistry | undefined {
  const normal = host.toLowerCase();
  if (PUBLIC_HOSTS.includes(normal)) {
    const [kind, partition] = ['public', 'aws'] as const;
    return { host: normal, kind, partition, accountId: undefined, region: PUBLIC_REGION, fips: false };
  }
  const [, accountId = '', form, fips, region = '', domain = ''] = HOST.exec(normal) ?? [];
  const partition = partitionOf(region);
  const { domain: classic, dualStackDomain } = PARTITIONS[partition];
  if (domain === '' || domain !== (form === '.' ? classic : dualStackDomain)) return undefined;
  return { host: normal, kind: 'private', partition, accountId, region, fips: fips !== undefined };
}
