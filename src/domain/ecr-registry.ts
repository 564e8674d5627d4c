/** An ECR registry as its host name tells it. */
export interface EcrRegistry {
  readonly host: string;
  readonly accountId: string;
  readonly region: string;
  readonly fips: boolean;
}

// The forms that amazon-ecr-credential-helper knows (ecr-login/api/client.go): classic, FIPS and dual-stack hosts, in
// every partition. Matched whole: `….amazonaws.com.evil.io` is not ECR.
const DOMAINS =
  'amazonaws\\.com|amazonaws\\.com\\.cn|on\\.aws|on\\.amazonwebservices\\.com\\.cn|sc2s\\.sgov\\.gov|c2s\\.ic\\.gov|cloud\\.adc-e\\.uk|csp\\.hci\\.ic\\.gov|amazonaws\\.eu';
const CLASSIC = new RegExp(`^(\\d{12})\\.dkr\\.ecr(-fips)?\\.([a-z0-9][a-z0-9-]*)\\.(?:${DOMAINS})$`);
const DUAL_STACK = new RegExp(`^(\\d{12})\\.dkr-ecr(-fips)?\\.([a-z0-9][a-z0-9-]*)\\.(?:${DOMAINS})$`);

export function parseEcrHost(host: string): EcrRegistry | undefined {
  const normal = host.toLowerCase();
  const match = CLASSIC.exec(normal) ?? DUAL_STACK.exec(normal);
  if (!match) return undefined;
  const [, accountId = '', fips, region = ''] = match;
  return { host: normal, accountId, region, fips: fips !== undefined };
}
