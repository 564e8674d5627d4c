import type { Vertex } from './status-response';
import { vertexName, type VertexName } from './vertex-name';

/** What is known of one vertex. */
export class TrackedVertex {
  readonly name: VertexName;
  readonly inputs: readonly string[];
  /** Announced, begun, completed but perhaps to begin again, told as ended. */
  state: 'announced' | 'running' | 'held' | 'ended' = 'announced';
  cached = false;
  error = '';
  #workedMs = 0;
  #countedTo = 0;

  constructor(
    readonly digest: string,
    first: Vertex,
  ) {
    this.name = vertexName(first.name);
    this.inputs = first.inputs;
  }

  /** All of its work, by the daemon's clock. */
  get durationMs(): number {
    return Math.round(this.#workedMs);
  }

  /** It ended because something else failed or the build was cancelled. */
  get isCancelled(): boolean {
    return /context canceled$/.test(this.error);
  }

  get hasFailed(): boolean {
    return this.error !== '' && !this.isCancelled;
  }

  /**
   * A vertex without inputs works twice or three times, for its cache key, for its content and for unpacking
   * (buildkit's solver/jobs.go, CacheMap, Exec): its first end says little.
   */
  get mayBeginAgain(): boolean {
    return this.name.kind === 'step' && this.inputs.length === 0 && this.error === '';
  }

  /** A task that is over before anybody heard of it, such as the cache key of a context. */
  isTrifle({ completedAt }: Vertex): boolean {
    return this.name.kind === 'task' && this.state !== 'running' && completedAt !== undefined && this.error === '';
  }

  note({ cached, startedAt, completedAt, error }: Vertex): void {
    this.cached = cached;
    this.error = error;
    if (startedAt === undefined || completedAt === undefined || completedAt <= this.#countedTo) return;
    this.#workedMs += Math.max(0, completedAt - startedAt);
    this.#countedTo = completedAt;
  }
}
