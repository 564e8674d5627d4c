import type { Base, DaemonInfo } from '../../src/domain/daemon-info';
import type { PluginEvent, TimedEvent } from '../../src/domain/events';
import {
  parseDigest,
  parseImageId,
  parseTag,
  type Digest,
  type ImageId,
  type TaggedRef,
} from '../../src/domain/image-ref';
import type { Outcome, PushedTag, RunState } from '../../src/domain/outcome';

export const START = Date.parse('2026-03-02T10:00:00.000Z');
export const HOST = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';

/** Events as a run reports them, with the time that passes between them. */
export class Recording {
  readonly events: TimedEvent[] = [];
  #at = START;

  report(...events: readonly PluginEvent[]): this {
    for (const event of events) this.events.push({ at: this.#at, event });
    return this;
  }

  /** Time passes, and is noticed about once a second, as in a real run. */
  wait(ms: number): this {
    const end = this.#at + ms;
    for (let next = this.#at + 1_000; next < end; next += 1_000) {
      this.#at = next;
      this.report({ type: 'tick' });
    }
    this.#at = end;
    return this;
  }
}

export function digest(start: string): Digest {
  return parseDigest(`sha256:${start.padEnd(64, '0123456789abcdef')}`)!;
}

export function imageId(start: string): ImageId {
  return parseImageId(digest(start))!;
}

export function tagged(tag: string): TaggedRef {
  return { repository: { host: HOST, path: 'shop/cart' }, tag: parseTag(tag)! };
}

export const ENGINE: DaemonInfo = {
  product: 'Docker',
  engineVersion: '29.1.3',
  apiVersion: '1.52',
  minApiVersion: '1.40',
  os: 'linux',
  arch: 'amd64',
  store: 'containerd',
  storageDriver: 'overlayfs',
  debug: false,
  securityOptions: ['name=seccomp,profile=builtin', 'name=cgroupns'],
  httpProxy: undefined,
  httpsProxy: undefined,
  noProxy: undefined,
  mirrors: [],
  insecureRegistries: [],
  warnings: [],
};

export const ENDPOINT = 'tcp://build-2:2376';
export const IDENTITY = 'profile ci (job variable AWS_PROFILE)';
export const BASE: Base = { ref: 'node:20-slim', digest: digest('9d1e'), imageId: imageId('b00b') };
export const RESULT_FILES = ['ecr-image.json', 'ecr-image.env', 'ecr-image.log'];
export const FAILURE_FILES = ['ecr-image.failed.json', 'ecr-image.log'];

export const RESULT = {
  from: 'build' as const,
  imageId: imageId('77ab'),
  sizeBytes: 182_400_000,
  platform: 'linux/amd64',
  bases: [BASE],
  builder: 'classic' as const,
  daemon: ENGINE,
  endpoint: ENDPOINT,
};

export function runState(changes: Partial<RunState> = {}): RunState {
  return {
    awsProven: IDENTITY,
    daemonProven: `${ENDPOINT} (Engine 29.1.3)`,
    registry: HOST,
    registryProven: true,
    pushed: [],
    missing: ['1.42-3fa9c1d', 'stable', 'latest'],
    targets: [],
    ...changes,
  };
}

export function pushedTag(tag: string, previous?: Digest, changes: Partial<PushedTag> = {}): PushedTag {
  const floating = tag !== '1.42-3fa9c1d';
  const how = previous === digest('5c0e') ? 'present' : 'pushed';
  return { ref: tagged(tag), digest: digest('5c0e'), previous, how, floating, ...changes };
}

export function endedWith(outcome: Outcome, files: readonly string[]): PluginEvent {
  return { type: 'ended', outcome, files };
}
