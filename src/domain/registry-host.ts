// Docker Hub in a reference, in docker's configuration, and as the host that answers (moby/moby registry/config.go,
// BuildKit session/auth/authprovider).
const HUB: ReadonlySet<string> = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'https://index.docker.io/v1',
]);

/**
 * As two hosts of registries are compared, whole and never by an ending: small letters, no dot at the end, no port 443,
 * one name for Docker Hub (security.md 15).
 */
export function normalHost(host: string): string {
  const normal = host
    .toLowerCase()
    .replace(/^(https:\/\/index\.docker\.io\/v1)\/$/, '$1')
    .replace(/:443$/, '')
    .replace(/\.(?=:\d+$|$)/, '');
  return HUB.has(normal) ? 'docker.io' : normal;
}

/** The registry of a reference, as it is written there. As docker has it: a first component with a dot, a port, or `localhost`. */
export function registryOf(reference: string): string {
  const [first = ''] = reference.split('/');
  return reference.includes('/') && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}
