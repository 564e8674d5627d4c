import { parseRepository } from '../../domain/image-ref';
import { normalHost } from '../../domain/registry-host';
import { Fault, type Parser } from '../fault';

// A name of DNS and a port.
const LONGEST = 253 + 6;

/** Messages do not quote a text with `@`: it may hold a password. */
export const parseRegistryHost: Parser<string> = (text) => {
  if (normalHost(text) === 'docker.io') return 'docker.io';
  if (text.includes('@'))
    return new Fault('names a user before its host: write the host, user=NAME and password-env=VARIABLE');
  if (text.includes('://')) return new Fault('is a URL: write the host without its scheme');
  if (text.includes('/')) return new Fault('has a path: write the host alone');
  const host = text.length > LONGEST ? '' : normalHost(text);
  return parseRepository(`${host}/xx`)?.host === undefined
    ? new Fault('is not the host of a registry, such as docker.io or registry.example.com:5000')
    : host;
};
