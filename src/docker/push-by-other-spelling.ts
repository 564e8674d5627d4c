import { refName, type Digest, type TaggedRef } from '../domain/image-ref';
import type { Mask, RegistryLogin, Report } from '../pipeline/ports';
import type { Endpoint } from './endpoint';
import type { MountRefusal } from './errors/mount-refusal';
import { inspectImage, removeRef, tagImage } from './images';
import { otherSpelling } from './other-spelling';
import { pushOnce, PushStream } from './push-stream';
import { authHeader } from './registry-auth';

/** Taking a name away is a matter of milliseconds; it happens after a cancel too. */
const REMOVAL_LIMIT_MS = 5_000;

/**
 * Pushes once more, to the same host in another spelling, after a mount was refused. The containerd store notes, by host as
 * it is spelled, in which repositories it has seen a layer. Under this spelling that can only be this repository: it asks
 * for no mount, and uploads what is not there. undefined: there is no other spelling, or the daemon has that ref already
 * and it is not ours to move.
 */
export async function pushByOtherSpelling(
  endpoint: Endpoint,
  target: TaggedRef,
  login: RegistryLogin,
  { from }: MountRefusal,
  { mask, report }: { readonly mask: Mask; readonly report: Report },
  signal: AbortSignal,
): Promise<Digest | undefined> {
  const host = otherSpelling(target.repository);
  if (host === undefined) return undefined;
  const other: TaggedRef = { ...target, repository: { ...target.repository, host } };
  const ref = refName(other);
  if ((await inspectImage(endpoint, ref, signal)) !== undefined) return undefined;
  const layer = from === undefined ? 'what may be a layer' : `a layer that is in ${from}`;
  report({
    type: 'note',
    text: `the registry does not share ${layer} with ${target.repository.path}; pushing as ${ref}, so that the daemon uploads it`,
  });
  await tagImage(endpoint, refName(target), ref, signal);
  try {
    const seen = new PushStream(target, report);
    return await pushOnce(endpoint, other, authHeader({ ...login, host }, mask), seen, signal);
  } finally {
    await removeRef(endpoint, ref, AbortSignal.timeout(REMOVAL_LIMIT_MS)).catch(() => undefined);
  }
}
