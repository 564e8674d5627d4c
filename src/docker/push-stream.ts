import { parseDigest, repositoryName, type Digest, type TaggedRef } from '../domain/image-ref';
import type { Report } from '../pipeline/ports';
import type { Endpoint } from './endpoint';
import { endedEarly } from './errors/connection-errors';
import { LayerProgress } from './layer-progress';
import { readMessages, type DaemonMessage } from './message-stream';
import { readText, refusalOf, send } from './request';

/** The daemon's or the registry's words, before they are understood. */
export class PushRefused extends Error {}

/** One POST /images/…/push, to the end of what the daemon tells. Throws PushRefused, a StepError or the signal's reason. */
export async function pushOnce(
  endpoint: Endpoint,
  target: TaggedRef,
  headers: Record<string, string>,
  seen: PushStream,
  signal: AbortSignal,
): Promise<Digest> {
  const path = `/images/${repositoryName(target.repository)}/push`;
  const response = await send(endpoint, { method: 'POST', path, query: { tag: target.tag }, headers }, signal);
  const status = response.statusCode ?? 0;
  if (status !== 200) throw new PushRefused(refusalOf(status, await readText(endpoint, response, signal)).text);
  await readMessages(endpoint, response, signal, 'push', (message) => seen.take(message));
  if (seen.digest === undefined) throw endedEarly(endpoint.where, `push of ${seen.name}`);
  return seen.digest;
}

/** What a push's stream tells. */
export class PushStream {
  digest: Digest | undefined;
  readonly name: string;
  readonly #layers: LayerProgress;
  /** Layers that the daemon is trying again, and of which it has not said since that they are there. */
  readonly #retried = new Set<string>();
  #told = false;

  constructor(
    private readonly target: TaggedRef,
    private readonly report: Report,
  ) {
    this.name = `${repositoryName(target.repository)}:${target.tag}`;
    this.#layers = new LayerProgress(target, report);
  }

  /** True when it was the daemon's own attempts that came to nothing: other faults of the same push have none. */
  get daemonRetried(): boolean {
    return this.#retried.size > 0;
  }

  take(message: DaemonMessage): void {
    const { status, id, progress, error, line } = message;
    if (progress?.current === undefined) this.report({ type: 'raw', text: line });
    if (error !== undefined) throw new PushRefused(error);
    if (status === undefined) return;
    if (id === undefined) {
      this.digest = digestIn(status, this.target) ?? this.digest;
    } else if (status.startsWith('Retrying in ')) {
      this.#daemonRetries(id);
    } else {
      if (isThere(status)) this.#retried.delete(id);
      this.#layers.take(id, status, progress);
    }
  }

  /** The classic store uploads a blob up to five times, over 50 s; its stream counts down the seconds. */
  #daemonRetries(layer: string): void {
    if (!this.#told) {
      this.report({ type: 'note', text: `the upload of layer ${layer} failed; the daemon tries again by itself` });
    }
    this.#told = true;
    this.#retried.add(layer);
  }
}

function isThere(status: string): boolean {
  return status === 'Pushed' || status === 'Layer already exists' || status.startsWith('Mounted from ');
}

/** The containerd store sends no aux.Digest; this line is there on every engine (engines.md, rule 5). */
function digestIn(status: string, { tag }: TaggedRef): Digest | undefined {
  if (!status.startsWith(`${tag}: `)) return undefined;
  return parseDigest(/^digest: (\S+) size: \d+$/.exec(status.slice(tag.length + 2))?.[1]);
}
