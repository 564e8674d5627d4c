import type { Digest, ImageId, TaggedRef } from './image-ref';
import type { StepError } from './errors';
import type { Base, DaemonInfo } from './daemon-info';
import type { Phase } from './phase';

/** How a run ended. GoCD's `success` and `message`, the closing block and the result files all come from this. */
export type Outcome =
  | { readonly kind: 'pushed'; readonly result: BuildResult; readonly pushed: readonly PushedTag[] }
  | { readonly kind: 'built'; readonly result: BuildResult; readonly refs: readonly string[] }
  | { readonly kind: 'checked' }
  | { readonly kind: 'cancelled'; readonly phase: Phase | undefined; readonly state: RunState }
  | {
      readonly kind: 'timed-out';
      readonly phase: Phase | undefined;
      readonly limitMs: number;
      readonly state: RunState;
    }
  | { readonly kind: 'failed'; readonly phase: Phase | undefined; readonly error: StepError; readonly state: RunState };

export interface PushedTag {
  readonly ref: TaggedRef;
  /** What the tag names now; of a tag that was left alone, the later run's image. */
  readonly digest: Digest;
  /** What the tag named before, where that could be asked. */
  readonly previous: Digest | undefined;
  readonly how: TagMade;
  /** A tag of FloatingTags. */
  readonly floating: boolean;
}

/**
 * `pushed` by the daemon, `put` by AWS beside an image that is there, `present` already, `left` where a later run of this
 * pipeline has moved it to.
 */
export type TagMade = 'pushed' | 'put' | 'present' | 'left';

export interface BuildResult {
  /** Where the image comes from: this run's build, field Source, or an earlier attempt of the same run. */
  readonly from: 'build' | 'source' | 'registry';
  /** undefined: no daemon was asked, the image is in the registry already. */
  readonly imageId: ImageId | undefined;
  /** On the daemon, uncompressed; of `registry`, as it is stored there. */
  readonly sizeBytes: number;
  /** undefined: not known (its config could not be read). */
  readonly platform: string | undefined;
  readonly bases: readonly Base[];
  /** Of `build`. */
  readonly builder: 'classic' | 'buildkit' | undefined;
  /** undefined: it was not needed, and did not answer in time. */
  readonly daemon: DaemonInfo | undefined;
  readonly endpoint: string;
}

/** What is where when a run did not get to its end: is a rerun safe? which line of the drawing is proven? */
export interface RunState {
  readonly awsProven: string | undefined;
  readonly daemonProven: string | undefined;
  readonly registry: string | undefined;
  readonly registryProven: boolean;
  readonly pushed: readonly PushedTag[];
  /** Tags that were to be pushed and were not; with several targets, whole references. */
  readonly missing: readonly string[];
  /** What is where; empty where the task has one target. */
  readonly targets: readonly TargetState[];
}

/** One place that the image was to go to. */
export interface TargetState {
  /** `host/path`, or `path` while the host is not known. */
  readonly name: string;
  /** undefined: it is all there, or it was never its turn. */
  readonly error: StepError | undefined;
  readonly pushed: readonly PushedTag[];
  readonly missing: readonly string[];
}
