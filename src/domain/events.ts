import type { Digest, ImageId, TaggedRef } from './image-ref';
import type { FieldSet, Mode } from './plan';
import type { Outcome } from './outcome';
import type { Base, DaemonInfo } from './daemon-info';
import type { CancelReason, Phase } from './phase';

/** What happens, as data. Nobody below the console knows what a line looks like. */
export type PluginEvent =
  | {
      readonly type: 'started';
      readonly version: string;
      readonly mode: Mode;
      readonly repository: string;
      readonly phases: readonly Phase[];
      readonly fieldsSet: readonly FieldSet[];
      /** The daemon that the plan names: the drawing needs it also when it never answers. */
      readonly endpoint?: string;
    }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'phase-started'; readonly phase: Phase }
  /** `summary`: the phase's result in a few words, on its closing line. */
  | { readonly type: 'phase-ended'; readonly phase: Phase; readonly ok: boolean; readonly summary?: string }
  | { readonly type: 'daemon-described'; readonly info: DaemonInfo; readonly endpoint: string; readonly origin: string }
  | {
      readonly type: 'aws-described';
      readonly account: string | undefined;
      readonly region: string;
      readonly identity: string;
    }
  | {
      readonly type: 'repository-described';
      readonly name: string;
      /** undefined: could not be asked (denied). */
      readonly exists: boolean | undefined;
      readonly mutability: string | undefined;
    }
  | {
      readonly type: 'tag-described';
      readonly tag: string;
      readonly taken: boolean | undefined;
      readonly digest?: Digest;
    }
  | { readonly type: 'platform-described'; readonly wanted: string; readonly daemon: string }
  | {
      readonly type: 'base-described';
      readonly ref: string;
      readonly platform: string | undefined;
      readonly local: boolean;
    }
  | {
      readonly type: 'token-issued';
      readonly registry: string;
      readonly expiresAt: number;
      readonly refreshed: boolean;
    }
  | { readonly type: 'daemon-login'; readonly registry: string; readonly accepted: boolean }
  | { readonly type: 'build-started'; readonly builder: 'classic' | 'buildkit'; readonly context: string }
  | { readonly type: 'context-measured'; readonly files: number; readonly bytes: number }
  | { readonly type: 'context-progress'; readonly bytes: number }
  | { readonly type: 'context-sent'; readonly files: number; readonly bytes: number }
  | {
      readonly type: 'step-started';
      readonly id: string;
      readonly index: number;
      readonly total: number;
      readonly instruction: string;
    }
  | { readonly type: 'step-ended'; readonly id: string; readonly cached: boolean; readonly failed: boolean }
  /** A chunk, not a line: the console assembles lines, so that masking sees them whole. */
  | { readonly type: 'build-output'; readonly id: string; readonly text: string }
  | { readonly type: 'build-warning'; readonly text: string }
  | { readonly type: 'pull-progress'; readonly text: string }
  | {
      readonly type: 'image-built';
      readonly imageId: ImageId;
      readonly sizeBytes: number;
      readonly platform: string;
      readonly bases: readonly Base[];
    }
  | {
      readonly type: 'layer';
      readonly ref: TaggedRef;
      readonly id: string;
      readonly state: 'waiting' | 'pushing' | 'pushed' | 'present' | 'mounted';
      readonly currentBytes?: number;
      readonly totalBytes?: number;
    }
  | {
      readonly type: 'tag-pushed';
      readonly ref: TaggedRef;
      readonly digest: Digest;
      readonly previous: Digest | undefined;
    }
  | { readonly type: 'tag-refused'; readonly ref: TaggedRef }
  | {
      readonly type: 'retrying';
      readonly what: string;
      readonly attempt: number;
      readonly attempts: number;
      readonly delayMs: number;
      readonly reason: string;
    }
  | {
      readonly type: 'digest-verified';
      readonly ref: TaggedRef;
      readonly digest: Digest;
      readonly by: 'registry' | 'daemon';
    }
  | { readonly type: 'refs-removed'; readonly refs: readonly string[]; readonly kept: readonly string[] }
  | { readonly type: 'cleanup-failed'; readonly ref: string; readonly reason: string }
  | { readonly type: 'cancelling'; readonly reason: CancelReason }
  /** One line of the daemon's own stream, for the raw log only. */
  | { readonly type: 'raw'; readonly text: string }
  /** From the composition root about once a second, so that silence can be noticed without a clock in the renderer. */
  | { readonly type: 'tick' }
  | { readonly type: 'ended'; readonly outcome: Outcome; readonly files: readonly string[] };

/** An event and when it happened, in milliseconds since the epoch. */
export interface TimedEvent {
  readonly at: number;
  readonly event: PluginEvent;
}
