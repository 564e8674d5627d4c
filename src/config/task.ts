import type { Tag } from '../domain/image-ref';
import type { BuildPlan, Mode, RepositoryPlan, Ulimit } from '../domain/plan';
import type { CacheLine } from './buildkit/cache-lines';
import type { ContextLine } from './buildkit/context-lines';
import type { LoginLine } from './buildkit/login-lines';
import type { ProvenanceText } from './buildkit/provenance';
import type { SecretLine } from './buildkit/secret-lines';
import type { SshLine } from './buildkit/ssh-lines';
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
  readonly builder: BuildPlan['builder'];
  readonly noCache: BuildPlan['noCache'];
  readonly pull: boolean;
  readonly shmSizeBytes: number | undefined;
  readonly ulimits: readonly Ulimit[];
  readonly secrets: readonly SecretLine[];
  readonly ssh: readonly SshLine[];
  readonly contexts: readonly ContextLine[];
  readonly provenance: ProvenanceText | undefined;
  readonly logins: readonly LoginLine[];
  readonly cacheFrom: readonly CacheLine[];
  readonly cacheTo: readonly CacheLine[];
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
