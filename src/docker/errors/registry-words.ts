/** What is wrong between a daemon and a registry, whatever the engine calls it. */
export type RegistryFault =
  | 'token-expired'
  | 'tag-immutable'
  | 'action-denied'
  | 'throttled'
  | 'repository-missing'
  | 'manifest-missing'
  | 'no-credentials'
  | 'unauthorized'
  | 'denied'
  | 'certificate-unknown'
  | 'plain-http'
  | 'unreachable'
  | 'connection-broken'
  | 'registry-error'
  | 'image-vanished'
  | 'platform-missing'
  /** The engine has thrown the registry's code away (containerd store): the registry must be asked again. */
  | 'unclear';

export interface RegistryWords {
  readonly when: RegExp;
  readonly fault: RegistryFault;
}

/**
 * Texts of dockerd 20.10 to 29 in both image stores, of docker-registry and of ECR (measured), first match
 * wins. Substrings and HTTP-status suffixes: which prefix a text has depends on engine and store. ECR's own words have
 * changed before, so each has a row of lesser certainty behind it.
 */
export const registryWords: readonly RegistryWords[] = [
  { when: /authorization token has expired|token (is|has) expired/i, fault: 'token-expired' },
  { when: /tag is immutable|repository is immutable|cannot be overwritten/i, fault: 'tag-immutable' },
  { when: /is not authorized to perform: ?\S+/, fault: 'action-denied' },
  { when: /toomanyrequests|429 Too Many Requests|too many requests|rate exceeded|rate limit/i, fault: 'throttled' },
  { when: /name unknown|repository with name '[^']*' does not exist/i, fault: 'repository-missing' },
  { when: /missing X-Registry-Auth/, fault: 'no-credentials' },
  { when: /x509: |certificate signed by unknown authority|failed to verify certificate/, fault: 'certificate-unknown' },
  { when: /server gave HTTP response to HTTPS client/, fault: 'plain-http' },
  { when: /content digest sha256:[0-9a-f]+: not found|content digest \S+ not found/, fault: 'image-vanished' },
  { when: /tag does not exist: |An image does not exist locally with the tag: /, fault: 'image-vanished' },
  {
    when: /no matching manifest for|does not provide the specified platform|does not match the specified platform|no match for platform in manifest/,
    fault: 'platform-missing',
  },
  {
    when: /received unexpected HTTP status: 5\d\d|request to \S+: 5\d\d|failed with status: 5\d\d/,
    fault: 'registry-error',
  },
  {
    when: /blob unknown|digest invalid|blob upload (unknown|invalid)|unknown: unknown error/i,
    fault: 'registry-error',
  },
  {
    when: /connection reset by peer|broken pipe|use of closed network connection|\bEOF\b|http2: (client connection lost|server sent GOAWAY)|stream error: stream ID/,
    fault: 'connection-broken',
  },
  {
    when: /dial tcp|no such host|connection refused|i\/o timeout|TLS handshake timeout|Client\.Timeout|context deadline exceeded|network is unreachable|no route to host|proxyconnect/,
    fault: 'unreachable',
  },
  { when: /no basic auth credentials/, fault: 'no-credentials' },
  { when: /request to \S+: 40[13] /, fault: 'unclear' },
  {
    when: /unauthorized: |failed with status: 401|failed with status code \[[^\]]*\]: 40[13]|incorrect username or password|authentication required/,
    fault: 'unauthorized',
  },
  { when: /(^|\s)denied: |(pull|push) access denied|failed with status: 403|requested access/, fault: 'denied' },
  { when: /manifest unknown|manifest for \S+ not found|: not found$/, fault: 'manifest-missing' },
  { when: /^error from registry: /, fault: 'unclear' },
];

export function faultOf(text: string): RegistryFault | undefined {
  return registryWords.find(({ when }) => when.test(text))?.fault;
}
