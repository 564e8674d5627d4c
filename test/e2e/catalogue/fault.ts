import type { ErrorCode, Hop } from '../../../src/domain/errors';
import type { E2eAgent, ExecuteOptions, Scene } from '../scene';

/** As LAB_ENGINE names them. */
export type EngineName = 'debian' | '29-containerd' | '29-classic';

/** The same everywhere, or by engine: texts differ between engines and image stores. */
export type PerEngine<T> = T | Readonly<Record<EngineName, T>>;

/** What the log of the failed job says, whole; `{name}` stands for a value that differs from run to run. */
export interface Told {
  /** The lines behind the gutter of the closing block: the daemon's, the registry's or AWS's own words; none: []. */
  readonly words: readonly string[];
  readonly why: string;
  /** undefined: there is no such line. */
  readonly fix: string | undefined;
}

/** The same fault as docker's own CLI tells it, for the documentation. */
export interface CliText {
  readonly command: string;
  readonly prints: string;
}

/** A task that meets the fault. */
export interface Provoked {
  readonly scene: Scene;
  readonly config: Readonly<Record<string, string>>;
  readonly options?: ExecuteOptions;
  /** Real values by the name that `{name}` in the table has. */
  readonly names: Readonly<Record<string, string>>;
  /** What is replaced before the comparison and has no fixed value, such as the port of a connection. */
  readonly masks?: readonly (readonly [RegExp, string])[];
  undo?(): void | Promise<void>;
}

/** One line of the catalogue: how it is provoked in the lab, and the whole text expected. */
export interface Fault {
  /** Its heading in docs/troubleshooting.md, in lower case: `the registry's password is wrong`. */
  readonly name: string;
  readonly code: ErrorCode;
  readonly hop: Hop;
  /** How it is made here, half a sentence. */
  readonly how: string;
  readonly told: PerEngine<Told>;
  /** undefined: docker has nothing like it (AWS). */
  readonly cli: PerEngine<CliText> | undefined;
  provoke(agent: E2eAgent): Promise<Provoked>;
}

export function onEngine<T extends object>(value: PerEngine<T>, engine: EngineName): T {
  return 'debian' in value ? value[engine] : value;
}
