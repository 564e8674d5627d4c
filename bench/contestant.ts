import type { Tree } from './tree';

/** One way to get an image built and pushed, with a context folder and a repository of its own. */
export interface Contestant {
  readonly name: string;
  readonly tree: Tree;
  /** Without the host */
  readonly repository: string;
  /** What happens before the clock starts. */
  ready(): Promise<void>;
  /** Builds, and pushes under that tag; only this is measured. */
  run(tag: string): Promise<void>;
  /** What happens after the clock has stopped. */
  done(): Promise<void>;
}
