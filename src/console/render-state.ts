import type { DaemonInfo } from '../domain/daemon-info';
import type { PluginEvent } from '../domain/events';
import type { TaggedRef } from '../domain/image-ref';
import type { Phase } from '../domain/phase';
import type { Line } from './line';
import type { IdleStep, Step, Task, Warnings } from './render-build-state';
import { NO_REGISTRIES, ONE_TARGET, type Registries, type TagFact, type Targets } from './render-registry-state';

type Event<T extends PluginEvent['type']> = Extract<PluginEvent, { type: T }>;
export type EventOf<T extends PluginEvent['type']> = Event<T>;

/** The preflight's lines have an order, whichever answer comes first. */
export interface Preflight {
  /** By place in that order: what waits for a line that belongs above it. */
  readonly waiting: ReadonlyMap<number, readonly Line[]>;
  /** The place whose line is next. */
  readonly next: number;
}

/** A phase is one line, unless something must be said before it ends. */
export interface OpenPhase {
  readonly name: Phase;
  readonly startedAt: number;
  readonly opened: boolean;
  /** For its one line. */
  readonly facts: readonly string[];
}

export interface Layer {
  readonly state: Event<'layer'>['state'];
  readonly currentBytes: number;
  readonly totalBytes: number;
}

/** What the lines to come depend on. */
export interface RenderState {
  readonly startedAt: number | undefined;
  /** Of Mode=check: what was tried; undefined: it is none. */
  readonly check: readonly Event<'hop-checked'>[] | undefined;
  readonly started: Event<'started'> | undefined;
  /** A cancel or the time limit has come: what breaks now has not failed. */
  readonly stopping: boolean;
  readonly ended: boolean;
  readonly phase: OpenPhase | undefined;
  readonly times: readonly { readonly phase: Phase; readonly ms: number }[];
  readonly endpoint: string | undefined;
  readonly daemon: DaemonInfo | undefined;
  readonly preflight: Preflight;
  readonly builder: Event<'builder-chosen'> | undefined;
  readonly identity: string | undefined;
  readonly targets: Targets;
  readonly registries: Registries;
  /** By target and tag. */
  readonly tags: ReadonlyMap<string, TagFact>;
  /** Tags that were described and have no line yet. */
  readonly untoldTags: readonly string[];
  readonly sentBytes: number;
  readonly contextSent: boolean;
  readonly steps: ReadonlyMap<string, Step>;
  readonly idle: readonly IdleStep[];
  readonly tasks: ReadonlyMap<string, Task>;
  /** The step whose heading was printed last: as long as no other runs, its output needs no number. */
  readonly speaker: string | undefined;
  /** How wide the numbers in the gutter are. */
  readonly gutter: number;
  /** The first that failed. */
  readonly failedStep: Step | undefined;
  readonly excerpt: Event<'dockerfile-excerpt'> | undefined;
  readonly warnings: Warnings;
  /** A pull's latest word that was not shown. */
  readonly pulled: string | undefined;
  readonly pullShownAt: number;
  readonly image: Event<'image-built'> | undefined;
  readonly source: Event<'source-described'> | undefined;
  /** By repository and id. */
  readonly layers: ReadonlyMap<string, Layer>;
  readonly pushing: TaggedRef | undefined;
  readonly pushedTags: readonly Event<'tag-pushed'>[];
  readonly untoldPushed: readonly Event<'tag-pushed'>[];
  readonly verified: readonly Event<'digest-verified'>[];
  readonly removed: Event<'refs-removed'> | undefined;
  readonly unremoved: readonly Event<'cleanup-failed'>[];
  readonly progress: Progress;
  readonly quiet: Quiet;
}

/** What the last progress line said, so that the next says something new. */
export interface Progress {
  readonly at: number;
  readonly bytes: number;
}

/** How long it has been silent. */
export interface Quiet {
  /** The last line, a heartbeat too. */
  readonly lineAt: number;
  /** The last line that was no heartbeat. */
  readonly since: number;
  /** The last event that was not just the time. */
  readonly aliveAt: number;
  /** Heartbeats have ended, because nothing else came for too long. */
  readonly given: boolean;
}

export interface Rendered {
  readonly state: RenderState;
  readonly lines: readonly Line[];
}

export const INITIAL: RenderState = {
  startedAt: undefined,
  check: undefined,
  started: undefined,
  stopping: false,
  ended: false,
  phase: undefined,
  times: [],
  endpoint: undefined,
  daemon: undefined,
  preflight: { waiting: new Map(), next: 0 },
  builder: undefined,
  identity: undefined,
  targets: ONE_TARGET,
  registries: NO_REGISTRIES,
  tags: new Map(),
  untoldTags: [],
  sentBytes: 0,
  contextSent: false,
  steps: new Map(),
  idle: [],
  tasks: new Map(),
  speaker: undefined,
  gutter: 0,
  failedStep: undefined,
  excerpt: undefined,
  warnings: { held: [], told: 0, hidden: 0, rules: new Set() },
  pulled: undefined,
  pullShownAt: 0,
  image: undefined,
  source: undefined,
  layers: new Map(),
  pushing: undefined,
  pushedTags: [],
  untoldPushed: [],
  verified: [],
  removed: undefined,
  unremoved: [],
  progress: { at: 0, bytes: 0 },
  quiet: { lineAt: 0, since: 0, aliveAt: 0, given: false },
};

export function still(state: RenderState): Rendered {
  return { state, lines: [] };
}

/** One thing after another: what each says stands beneath what was said before. */
export function then(first: Rendered, ...steps: readonly ((state: RenderState) => Rendered)[]): Rendered {
  return steps.reduce((done: Rendered, step) => {
    const next = step(done.state);
    return { state: next.state, lines: [...done.lines, ...next.lines] };
  }, first);
}
