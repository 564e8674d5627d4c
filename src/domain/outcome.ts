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
  readonly digest: Digest;
  /** What the tag named before, where that could be asked. */
  readonly previous: Digest | undefined;
}

export interface BuildResult {
  readonly imageId: ImageId;
  readonly sizeBytes: number;
  readonly platform: string;
  readonly bases: readonly Base[];
  readonly builder: 'classic' | 'buildkit';
  readonly daemon: DaemonInfo;
  readonly endpoint: string;
}

/** What is where when a run did not get to its end: is a rerun safe? which line of the drawing is proven? */
export interface RunState {
  readonly awsProven: string | undefined;
  readonly daemonProven: string | undefined;
  readonly registry: string | undefined;
  readonly registryProven: boolean;
  readonly pushed: readonly PushedTag[];
  /** Tags that were to be pushed and were not. */
  readonly missing: readonly string[];
}
