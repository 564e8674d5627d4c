import { isRecord, textsOf } from './json';

// What every engine trusts without being told to, and nobody need be told of.
const BUILT_IN = new Set(['127.0.0.0/8', '::1/128']);

/** Mirrors of Docker Hub, of `RegistryConfig` in GET /info. */
export function mirrorsIn(config: unknown): readonly string[] {
  return isRecord(config) ? textsOf(config['Mirrors']) : [];
}

/** Hosts and networks whose registries are asked over plain HTTP, or without a look at their certificate. */
export function insecureIn(config: unknown): readonly string[] {
  if (!isRecord(config)) return [];
  const indexes = isRecord(config['IndexConfigs']) ? Object.entries(config['IndexConfigs']) : [];
  const hosts = indexes.filter(([, index]) => isRecord(index) && index['Secure'] === false).map(([host]) => host);
  return [...hosts, ...textsOf(config['InsecureRegistryCIDRs']).filter((network) => !BUILT_IN.has(network))];
}
