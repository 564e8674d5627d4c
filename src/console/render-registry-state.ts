import type { TagFound } from '../domain/events';
import type { Digest } from '../domain/image-ref';

/** What a tag named before the run. */
export interface TagFact {
  readonly state: TagFound;
  readonly floating: boolean;
  readonly digest: Digest | undefined;
  /** Whose image that is, `run 41`; undefined: not known. */
  readonly run: string | undefined;
  /** In milliseconds since the epoch. */
  readonly since: number | undefined;
}

/** Where the image goes to. */
export interface Targets {
  /** Whose turn it is; undefined: the task has one. */
  readonly current: string | undefined;
  readonly total: number;
  /** The last heading of one: its phase and its name. */
  readonly told: string;
  /** Who asks AWS, by target. */
  readonly identities: ReadonlyMap<string, string>;
}

export const ONE_TARGET: Targets = { current: undefined, total: 1, told: '', identities: new Map() };

/** What is known of the registries' logins, by host. */
export interface Registries {
  /** When the latest token ends. */
  readonly tokenEnds: ReadonlyMap<string, number>;
  /** Whether the daemon's login was accepted. */
  readonly accepted: ReadonlyMap<string, boolean>;
}

export const NO_REGISTRIES: Registries = { tokenEnds: new Map(), accepted: new Map() };
