import type { Tag } from '../domain/image-ref';
import type { Mode, RepositoryPlan } from '../domain/plan';
import type { DockerHost } from './docker-host';
import type { Pair, Read } from './reading';

/** The task's fields as types, with our defaults. What could not be read is undefined, and the reading knows why. */
export interface Task {
  readonly repository: Read<RepositoryPlan> | undefined;
  readonly tags: readonly Read<Tag>[];
  readonly context: string;
  readonly dockerfile: string;
  readonly args: readonly Pair[];
  readonly labels: readonly Pair[];
  readonly ociLabels: boolean;
  readonly target: string | undefined;
  readonly platform: string | undefined;
  readonly networkMode: string | undefined;
  readonly extraHosts: readonly string[];
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly dockerHost: Read<DockerHost> | undefined;
  readonly tlsVerify: boolean | undefined;
  readonly certPath: string | undefined;
  readonly region: string | undefined;
  readonly registryId: string | undefined;
  readonly mode: Mode;
  readonly cleanup: 'own' | 'keep';
  readonly timeoutMinutes: number | undefined;
  readonly resultFile: string;
}
