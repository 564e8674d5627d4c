import { Secret } from '../domain/secret';
import type { Mask, RegistryLogin } from '../pipeline/ports';

/**
 * X-Registry-Auth: credentials for the one registry of a push or a look-up. Without it a daemon is anonymous and some
 * engines answer HTTP 400, so it is always sent.
 */
export function authHeader(login: RegistryLogin, mask: Mask): Record<string, string> {
  return secretHeader('X-Registry-Auth', authConfig(login), mask);
}

/** X-Registry-Config: credentials for the base images of a classic build, by registry host; none, no header. */
export function configHeader(logins: readonly RegistryLogin[], mask: Mask): Record<string, string> {
  if (logins.length === 0) return {};
  const configs = new Map(logins.map((one) => [serverOf(one.host), authConfig(one)]));
  return secretHeader('X-Registry-Config', Object.fromEntries(configs), mask);
}

/** Body of POST /auth, and what is in both headers. The containerd store ignores credentials for another host. */
export function authConfig({ username, password, host }: RegistryLogin): Record<string, string> {
  return { username, password: password.reveal(), serveraddress: serverOf(host) };
}

/** Docker Hub goes by the URL of its first API, of all things (moby, registry.IndexServer). */
function serverOf(host: string): string {
  return host === 'docker.io' ? 'https://index.docker.io/v1/' : host;
}

// Padded base64url. Node's 'base64url' leaves the padding out, which every engine takes for no credentials at all, and
// dockerode writes X-Registry-Config in plain base64, which fails when a '+' or '/' comes out (engines.md, rule 7).
function secretHeader(name: string, content: object, mask: Mask): Record<string, string> {
  const value = Buffer.from(JSON.stringify(content)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  mask.register(name, new Secret(value));
  return { [name]: value };
}
