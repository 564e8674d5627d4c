import { parseRepository } from '../../domain/image-ref';
import { Fault, type Parser } from '../fault';

// Docker Hub in a reference, in docker's configuration, and as the host that answers (moby/moby registry/config.go,
// BuildKit session/auth/authprovider).
const HUB: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);
const HUB_URL = /^https:\/\/index\.docker\.io\/v1\/?$/i;

/** As two hosts are compared: small letters, no dot at the end, no port 443, one name for Docker Hub. */
export function normalHost(host: string): string {
  const normal = host
    .toLowerCase()
    .replace(/\.(?=:\d+$|$)/, '')
    .replace(/:443$/, '');
  return HUB.has(normal) ? 'docker.io' : normal;
}

// A name of DNS and a port.
const LONGEST = 253 + 6;

/** Messages do not quote a text with `@`: it may hold a password. */
export const parseRegistryHost: Parser<string> = (text) => {
  if (HUB_URL.test(text)) return 'docker.io';
  if (text.includes('@'))
    return new Fault('names a user before its host: write the host, user=NAME and password-env=VARIABLE');
  if (text.includes('://')) return new Fault('is a URL: write the host without its scheme');
  if (text.includes('/')) return new Fault('has a path: write the host alone');
  const host = text.length > LONGEST ? '' : normalHost(text);
  return parseRepository(`${host}/xx`)?.host === undefined
    ? new Fault('is not the host of a registry, such as docker.io or registry.example.com:5000')
    : host;
};
