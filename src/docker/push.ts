import { parseDigest, refName, repositoryName, type Digest, type TaggedRef } from '../domain/image-ref';
import { StepError } from '../domain/errors';
import type { Mask, RegistryLogin, Report } from '../pipeline/ports';
import { remoteDigest } from './distribution';
import type { Endpoint } from './endpoint';
import { endedEarly } from './errors/connection-errors';
import { isUnclear, pushDenied, pushError, type PushNames } from './errors/push-errors';
import { LayerProgress } from './layer-progress';
import { readMessages, type DaemonMessage } from './message-stream';
import { authHeader } from './registry-auth';
import { readText, refusalOf, send } from './request';

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
    if (!(error instanceof Refused)) throw error;
    const names = { where: endpoint.where, target, daemonRetried: seen.daemonRetried };
    if (!isUnclear(error.message)) throw pushError(error.message, names);
    throw await clearer(error.message, names, () => remoteDigest(endpoint, target, login, mask, signal), signal);
  }
}

/** The daemon's or the registry's words, before they are understood. */
class Refused extends Error {}

async function pushOnce(
  endpoint: Endpoint,
  target: TaggedRef,
  headers: Record<string, string>,
  seen: PushStream,
  signal: AbortSignal,
): Promise<Digest> {
  const path = `/images/${repositoryName(target.repository)}/push`;
  const response = await send(endpoint, { method: 'POST', path, query: { tag: target.tag }, headers }, signal);
  const status = response.statusCode ?? 0;
  if (status !== 200) throw new Refused(refusalOf(status, await readText(endpoint, response, signal)).text);
  await readMessages(endpoint, response, signal, 'push', (message) => seen.take(message));
  if (seen.digest === undefined) throw endedEarly(endpoint.where, `push of ${refName(target)}`);
  return seen.digest;
}

/** What a push's stream tells. */
class PushStream {
  digest: Digest | undefined;
  daemonRetried = false;
  readonly #layers: LayerProgress;

  constructor(
    private readonly target: TaggedRef,
    private readonly report: Report,
  ) {
    this.#layers = new LayerProgress(target, report);
  }

  take(message: DaemonMessage): void {
    const { status, id, progress, error, line } = message;
    if (progress?.current === undefined) this.report({ type: 'raw', text: line });
    if (error !== undefined) throw new Refused(error);
    if (status === undefined) return;
    if (id === undefined) {
      this.digest = digestIn(status, this.target) ?? this.digest;
    } else if (status.startsWith('Retrying in ')) {
      this.#daemonRetries(id);
    } else {
      this.#layers.take(id, status, progress);
    }
  }

  /** The classic store uploads a blob up to five times, over 50 s; its stream counts down the seconds. */
  #daemonRetries(layer: string): void {
    if (!this.daemonRetried) {
      this.report({ type: 'note', text: `the upload of layer ${layer} failed; the daemon tries again by itself` });
    }
    this.daemonRetried = true;
  }
}

/** The containerd store sends no aux.Digest; this line is there on every engine (engines.md, rule 5). */
function digestIn(status: string, { tag }: TaggedRef): Digest | undefined {
  if (!status.startsWith(`${tag}: `)) return undefined;
  return parseDigest(/^digest: (\S+) size: \d+$/.exec(status.slice(tag.length + 2))?.[1]);
}

/** The containerd store loses the registry's code; a look through /distribution gets it again (engines.md, rule 9). */
async function clearer(
  words: string,
  names: PushNames,
  look: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<StepError> {
  try {
    await look();
  } catch (error) {
    signal.throwIfAborted();
    const told = error instanceof StepError && error.hop === 'daemon-registry' && error.code !== 'PUSH_FAILED';
    return told ? withWords(error, `${words}\n${error.words ?? ''}`) : pushError(words, names);
  }
  // The registry lets itself be read: what it refuses is the push.
  return /: 403 Forbidden/.test(words) ? pushDenied(words, names) : pushError(words, names);
}

function withWords(error: StepError, words: string): StepError {
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  const { code, hop, blame, message, transient } = error;
  return new StepError(code, hop, blame, message, { ...hint, words: words.trimEnd(), cause: error, transient });
}
