import { type Digest, type TaggedRef } from '../domain/image-ref';
import { StepError } from '../domain/errors';
import type { Mask, RegistryLogin, Report } from '../pipeline/ports';
import { remoteDigest } from './distribution';
import type { Endpoint } from './endpoint';
import { mountRefusal } from './errors/mount-refusal';
import { isUnclear, mountRefused, pushDenied, pushError, type PushNames } from './errors/push-errors';
import { pushByOtherSpelling } from './push-by-other-spelling';
import { pushOnce, PushRefused, PushStream } from './push-stream';
import { authHeader } from './registry-auth';

/** Pushes one tag, never a repository: without a tag a daemon pushes them all. */
export async function push(
  endpoint: Endpoint,
  target: TaggedRef,
  login: RegistryLogin,
  mask: Mask,
  report: Report,
  signal: AbortSignal,
): Promise<Digest> {
  const seen = new PushStream(target, report);
  try {
    return await pushOnce(endpoint, target, authHeader(login, mask), seen, signal);
  } catch (error) {
    if (!(error instanceof PushRefused)) throw error;
    const names = { where: endpoint.where, target, daemonRetried: seen.daemonRetried };
    const look = () => remoteDigest(endpoint, target, login, mask, signal);
    const { told, looked } = await explained(error.message, names, look, signal);
    const refusal = looked ? undefined : mountRefusal(error.message, target);
    if (refusal === undefined) throw told;
    const { from, transient } = refusal;
    const verdict = from === undefined ? told : mountRefused(error.message, from, transient, names);
    const again = () => pushByOtherSpelling(endpoint, target, login, refusal, { mask, report }, signal);
    return await recovered(again, verdict, signal);
  }
}

/** A second way that fails changes nothing of what was wrong with the first. */
async function recovered(
  again: () => Promise<Digest | undefined>,
  verdict: StepError,
  signal: AbortSignal,
): Promise<Digest> {
  let digest: Digest | undefined;
  try {
    digest = await again();
  } catch (error) {
    signal.throwIfAborted();
    const words = error instanceof StepError ? (error.words ?? error.message) : (error as Error).message;
    throw words === verdict.words ? verdict : withWords(verdict, `${verdict.words ?? ''}\n${words}`);
  }
  if (digest === undefined) throw verdict;
  return digest;
}

interface Explained {
  readonly told: StepError;
  /** It is what a look at the registry has found, which is certain. */
  readonly looked: boolean;
}

/** The containerd store loses the registry's code; a look through /distribution gets it again (engines.md, rule 9). */
async function explained(
  words: string,
  names: PushNames,
  look: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<Explained> {
  const own = (told: StepError): Explained => ({ told, looked: false });
  if (!isUnclear(words)) return own(pushError(words, names));
  try {
    await look();
  } catch (error) {
    signal.throwIfAborted();
    const told = error instanceof StepError && error.hop === 'daemon-registry' && error.code !== 'PUSH_FAILED';
    if (!told) return own(pushError(words, names));
    return { told: withWords(error, `${words}\n${error.words ?? ''}`), looked: true };
  }
  // The registry lets itself be read: what it refuses is the push.
  return own(/: 403 Forbidden/.test(words) ? pushDenied(words, names) : pushError(words, names));
}

function withWords(error: StepError, words: string): StepError {
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  const { code, hop, blame, message, transient } = error;
  return new StepError(code, hop, blame, message, { ...hint, words: words.trimEnd(), cause: error, transient });
}
