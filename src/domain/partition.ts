/** A part of AWS with names and credentials of its own. */
export interface Partition {
  /** Of regions there; one without a prefix is AWS's own. */
  readonly regions: string;
  /** Of service endpoints and of registries. */
  readonly domain: string;
  /** Of dual-stack registries; empty: none is known. */
  readonly dualStackDomain: string;
}

export type PartitionName = keyof typeof PARTITIONS;

// Names, prefixes and suffixes as in the SDK's partitions.json; the registries' dual-stack domains as in
// amazon-ecr-credential-helper (ecr-login/api/client.go).
export const PARTITIONS = {
  'aws-cn': { regions: 'cn-', domain: 'amazonaws.com.cn', dualStackDomain: 'on.amazonwebservices.com.cn' },
  'aws-us-gov': { regions: 'us-gov-', domain: 'amazonaws.com', dualStackDomain: 'on.aws' },
  'aws-iso': { regions: 'us-iso-', domain: 'c2s.ic.gov', dualStackDomain: '' },
  'aws-iso-b': { regions: 'us-isob-', domain: 'sc2s.sgov.gov', dualStackDomain: '' },
  'aws-iso-e': { regions: 'eu-isoe-', domain: 'cloud.adc-e.uk', dualStackDomain: '' },
  'aws-iso-f': { regions: 'us-isof-', domain: 'csp.hci.ic.gov', dualStackDomain: '' },
  'aws-eusc': { regions: 'eusc-', domain: 'amazonaws.eu', dualStackDomain: 'on.amazonwebservices.eu' },
  aws: { regions: '', domain: 'amazonaws.com', dualStackDomain: 'on.aws' },
} as const satisfies Readonly<Record<string, Partition>>;

/** The partition that a region belongs to: ARNs and host names are named by it. */
export function partitionOf(region: string): PartitionName {
  const names = Object.keys(PARTITIONS) as PartitionName[];
  return names.find((name) => region.startsWith(PARTITIONS[name].regions)) ?? 'aws';
}
