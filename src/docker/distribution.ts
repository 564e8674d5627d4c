import { parseDigest, refName, type Digest, type TaggedRef } from '../domain/image-ref';
import type { Mask, RegistryLogin } from '../pipeline/ports';
import type { Endpoint } from './endpoint';
import { notDocker } from './errors/connection-errors';
import { pushError } from './errors/push-errors';
import { faultOf } from './errors/registry-words';
import { authHeader } from './registry-auth';
import { isRecord } from './json';
import { exchange } from './request';

/** What the registry has under a tag, asked by the daemon; undefined: nothing. */
export async function remoteDigest(
  endpoint: Endpoint,
  target: TaggedRef,
  login: RegistryLogin,
  mask: Mask,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  const path = `/distribution/${refName(target)}/json`;
  const names = { where: endpoint.where, target, daemonRetried: false };
  const answer = await exchange(
    endpoint,
    { method: 'GET', path, headers: authHeader(login, mask) },
    signal,
    (refusal) =>
      refusal.status === 404 && faultOf(refusal.text) === 'manifest-missing'
        ? undefined
        : pushError(refusal.text, names),
  );
  if (answer === undefined) return undefined;
  const descriptor = isRecord(answer.body) ? answer.body['Descriptor'] : undefined;
  const digest = parseDigest(isRecord(descriptor) ? descriptor['digest'] : undefined);
  if (digest === undefined) throw notDocker(endpoint.where, 'its look at the registry names no digest');
  return digest;
}
