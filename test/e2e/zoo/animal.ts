import type { EngineKind } from '../../lab/state';
import type { Contestant } from './contestants';
import type { Den } from './den';

/** A small context with something about it that a builder may get wrong. */
export interface Animal {
  readonly name: string;
  /** Fills the folder that every contestant builds in; the context is `ctx` there. */
  make(den: Den): void;
  /** Text of the Dockerfile; blank: everything goes to /z. */
  readonly dockerfile?: string;
  /** Where it is, from the working folder; blank: `ctx/Dockerfile`. */
  readonly file?: string;
  readonly context?: string;
  readonly target?: string;
  /** What the classic builder does not know. */
  readonly only?: 'buildkit';
  /** docker's CLI 20.10 does otherwise, and is not asked. */
  readonly newerCli?: boolean;
  /** Where docker's own builders differ, or we differ from them on purpose. Nothing else may differ. */
  readonly apart?: readonly Apart[];
}

export interface Apart {
  readonly who: readonly Contestant[];
  /** Blank: on all engines. */
  readonly on?: readonly EngineKind[];
  /** How the line of a path begins (`file 4755`), unlike the others' one; null: it is not there. */
  readonly has?: Readonly<Record<string, string | null>>;
  /** No image: what is said. */
  readonly fails?: RegExp;
}

export const CLASSIC: readonly Contestant[] = ['plugin classic', 'docker'];
export const BUILDKIT: readonly Contestant[] = ['plugin buildkit', 'buildx'];

export const EVERYTHING = 'FROM scratch\nCOPY . /z/\n';
