/** AWS variables by what they give away; what is in none of these lists never reaches a client. */

export const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
export const TOKEN_FILE = 'AWS_WEB_IDENTITY_TOKEN_FILE';
export const FILES = [TOKEN_FILE, 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE'];

/** A service beside the agent (ECS, EKS) that answers with the agent's identity. */
export const CONTAINER = [
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
];

/** Credentials and where they lie: any of them in the job makes the credentials the job's, all of them. */
export const CREDENTIALS = [...KEYS, ...FILES, ...CONTAINER];

/** Names, not secrets: the job's go before the agent's. */
export const NAMES = ['AWS_PROFILE', 'AWS_ROLE_ARN', 'AWS_ROLE_SESSION_NAME'];

/** How a service is spoken to; a choice among AWS's own endpoints. */
export const SWITCHES = ['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT', 'AWS_STS_REGIONAL_ENDPOINTS'];

export const ENDPOINTS = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_ECR', 'AWS_ENDPOINT_URL_STS'];

/** Whom credentials are sent to, and who is believed to be AWS. */
export const PEERS = [...ENDPOINTS, 'AWS_CA_BUNDLE'];

/** Where the agent's own identity is found beside its variables: its home and its machine. */
export const AGENT_ONLY = [
  'HOME',
  'USERPROFILE',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_EC2_METADATA_V1_DISABLED',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE',
];

/** In the order in which the SDK looks at them. */
export const REGIONS = ['AWS_REGION', 'AWS_DEFAULT_REGION'];

export type Variables = ReadonlyMap<string, string>;

/** The SDK takes an empty variable as unset, and so do we. */
export function setOf(variables: Variables, names: readonly string[]): [string, string][] {
  return names.flatMap((name): [string, string][] => {
    const value = variables.get(name) ?? '';
    return value === '' ? [] : [[name, value]];
  });
}

export function firstSet(variables: Variables, names: readonly string[]): string | undefined {
  return setOf(variables, names)[0]?.[0];
}
