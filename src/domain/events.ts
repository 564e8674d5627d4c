import type { Digest, ImageId, TaggedRef } from './image-ref';
import type { FieldSet, Mode } from './plan';
import type { Outcome, TagMade } from './outcome';
import type { Hop, StepError } from './errors';
import type { Drift } from './repository-settings';
import type { Base, DaemonInfo, DiskUse } from './daemon-info';
import type { CancelReason, Phase } from './phase';

export type BuilderName = 'classic' | 'buildkit';
export type SessionKind = 'upgrade' | 'h2c';

/** What the builder's linter found, by BuildKit's own names. */
export interface LintRule {
  readonly rule: string;
  /** Of the Dockerfile, from 1. */
  readonly line: number | undefined;
  readonly url: string | undefined;
}

export interface ExcerptLine {
  readonly number: number;
  readonly text: string;
  readonly failing: boolean;
}

/** What a build's context was, and what of it had to travel. */
export interface ContextReport {
  /** Files and links; folders are not counted. */
  readonly files: number;
  /** Of their contents. */
  readonly bytes: number;
  /** Whose content was sent: the daemon had the rest (BuildKit); with the classic builder, all. */
  readonly sentFiles: number;
  readonly sentBytes: number;
  /** The largest files, largest first, at most 10. */
  readonly largest: readonly { readonly path: string; readonly bytes: number }[];
  /** Bytes by folder name, of those that rarely belong into an image: `.git`, `node_modules`; only those that travel. */
  readonly baggage: readonly { readonly path: string; readonly bytes: number; readonly files: number }[];
}

/**
 * What a tag names before the run. `free`: nothing; `ours`: this run's image; `foreign`: another one, and it stays, which
 * is an error; `moves`: another one, and the run moves it; `undecided`: something that only the built image can be
 * compared with; `unknown`: could not be asked (denied).
 */
export type TagFound = 'free' | 'ours' | 'foreign' | 'moves' | 'undecided' | 'unknown';

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
  /** Mode=check: what every line that follows belongs to. */
  | { readonly type: 'check-started'; readonly version: string; readonly runtime: string }
  | HopChecked
  /** undefined: the daemon did not tell it, or not in time. */
  | { readonly type: 'disk-described'; readonly use: DiskUse | undefined }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'phase-started'; readonly phase: Phase }
  /** `summary`: the phase's result in a few words, on its closing line. */
  | { readonly type: 'phase-ended'; readonly phase: Phase; readonly ok: boolean; readonly summary?: string }
  | { readonly type: 'daemon-described'; readonly info: DaemonInfo; readonly endpoint: string; readonly origin: string }
  | {
      readonly type: 'aws-described';
      readonly account: string | undefined;
      readonly region: string;
      /** Who asks: `arn:aws:sts::111122223333:assumed-role/gocd-push/gocd-cart-42 (field AssumeRole, from instance role)`. */
      readonly identity: string;
    }
  | {
      readonly type: 'repository-described';
      readonly name: string;
      /** undefined: could not be asked (denied). */
      readonly exists: boolean | undefined;
      readonly mutability: string | undefined;
      /** Tags that the mutability is not for, `latest*`. */
      readonly exclusions?: readonly string[];
      /** This run has made it. */
      readonly created?: boolean;
    }
  | { readonly type: 'repository-drift'; readonly name: string; readonly drift: Drift }
  /** From here on AWS, repository and tags are those of that target; only where the task has several. */
  | { readonly type: 'target-started'; readonly name: string; readonly index: number; readonly total: number }
  /** The others go on. */
  | { readonly type: 'target-failed'; readonly name: string; readonly error: StepError }
  | {
      readonly type: 'tag-described';
      readonly tag: string;
      readonly floating: boolean;
      readonly state: TagFound;
      readonly digest?: Digest;
      /** The run whose image it names: `run 41`, or `run 7 of pipeline cart-release`; undefined: not known. */
      readonly run?: string;
      /** When that image was pushed, in milliseconds since the epoch. */
      readonly since?: number;
    }
  /** Field Source: what is pushed. */
  | {
      readonly type: 'source-described';
      readonly ref: string;
      readonly imageId: ImageId;
      readonly sizeBytes: number;
      readonly platform: string;
    }
  /** This run's image is in the registry already: nothing is built. */
  | { readonly type: 'image-reused'; readonly digest: Digest; readonly sizeBytes: number }
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
  | {
      readonly type: 'builder-chosen';
      readonly builder: BuilderName;
      /** `Builder=auto, and the daemon has BuildKit`: who decided. */
      readonly why: string;
      /** How the session reaches BuildKit; undefined for the classic builder. */
      readonly session: SessionKind | undefined;
    }
  | { readonly type: 'build-started'; readonly builder: BuilderName; readonly context: string }
  | { readonly type: 'context-progress'; readonly bytes: number }
  | { readonly type: 'context-sent'; readonly report: ContextReport }
  | {
      readonly type: 'step-started';
      readonly id: string;
      readonly index: number;
      readonly total: number;
      readonly instruction: string;
      /** Where the Dockerfile has several; undefined: one stage, or the classic builder, which does not tell. */
      readonly stage?: string;
    }
  /** Of a step that was stopped because another failed there is none. */
  | {
      readonly type: 'step-ended';
      readonly id: string;
      readonly cached: boolean;
      readonly failed: boolean;
      /** By the daemon's own clock, where it tells. */
      readonly durationMs?: number;
    }
  /** What a build does besides the steps: resolving a base, exporting. Worth a line when it lasts. */
  | { readonly type: 'task-started'; readonly id: string; readonly name: string }
  | { readonly type: 'task-ended'; readonly id: string; readonly failed: boolean; readonly durationMs?: number }
  /** A chunk, not a line: the console assembles lines, so that masking sees them whole. */
  | { readonly type: 'build-output'; readonly id: string; readonly text: string }
  | { readonly type: 'build-warning'; readonly text: string; readonly lint?: LintRule }
  /** The Dockerfile around the instruction that failed. */
  | { readonly type: 'dockerfile-excerpt'; readonly path: string; readonly lines: readonly ExcerptLine[] }
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
      readonly how: TagMade;
      readonly floating: boolean;
      /** Of `left`: the later run, `run 42`. */
      readonly run?: string;
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
      /** Who says so: the registry through the daemon, AWS, or the push's own answer alone. */
      readonly by: 'registry' | 'aws' | 'daemon';
    }
  | { readonly type: 'refs-removed'; readonly refs: readonly string[]; readonly kept: readonly string[] }
  | { readonly type: 'cleanup-failed'; readonly ref: string; readonly reason: string }
  | { readonly type: 'cancelling'; readonly reason: CancelReason }
  /** One line of the daemon's own stream, for the raw log only. */
  | { readonly type: 'raw'; readonly text: string }
  /** From the composition root about once a second, so that silence can be noticed without a clock in the renderer. */
  | { readonly type: 'tick' }
  | { readonly type: 'ended'; readonly outcome: Outcome; readonly files: readonly string[] };

/** One hop that Mode=check has tried. */
export interface HopChecked {
  readonly type: 'hop-checked';
  /** A word: `token`, `version`. */
  readonly name: string;
  /** Which of several, where there are: the target's name. */
  readonly about?: string;
  readonly hop: Hop;
  /** `skipped`: something that it needs has failed. */
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly durationMs: number;
  readonly facts: readonly HopFact[];
  /** Of `failed`. */
  readonly error?: StepError;
  /** Of `skipped`: `token failed`. */
  readonly because?: string;
  /** What is known of the hop's far end now, for the drawing. */
  readonly farEnd?: string;
}

/** A text, or what the preflight of a run tells too. */
export type HopFact =
  | string
  | Extract<
      PluginEvent,
      {
        readonly type:
          | 'daemon-described'
          | 'disk-described'
          | 'repository-described'
          | 'repository-drift'
          | 'tag-described'
          | 'token-issued'
          | 'builder-chosen'
          | 'source-described'
          | 'platform-described'
          | 'base-described'
          | 'context-sent'
          | 'note'
          | 'retrying';
      }
    >;

/** An event and when it happened, in milliseconds since the epoch. */
export interface TimedEvent {
  readonly at: number;
  readonly event: PluginEvent;
}
