import type { Report } from '../../../pipeline/ports';
import { warningEvent } from './lint';
import { OutputText } from './output-text';
import { PullProgress } from './pull-progress';
import type { StatusResponse, Vertex, VertexLog, VertexStatus, VertexWarning } from './status-response';
import { TrackedVertex } from './tracked-vertex';

const EXPORT = /^exporting /;
// Written in place of what it leaves out (buildkit: util/progress/logs/logs.go).
const CLIPPED = /\n\[output clipped, log limit [^\]]+ reached\]\n/;
const CACHE_IMPORT = /^importing cache manifest from /;

/** Makes events of a build's progress: in whatever order vertices come, and however often. */
export class BuildTrace {
  readonly #vertices = new Map<string, TrackedVertex>();
  readonly #output = new OutputText();
  readonly #warned = new Set<string>();
  #clipped = false;
  readonly #pull: PullProgress;

  constructor(private readonly report: Report) {
    this.#pull = new PullProgress(report);
  }

  take({ vertexes, statuses, logs, warnings }: StatusResponse): void {
    for (const vertex of vertexes) this.#vertex(vertex);
    for (const status of statuses) this.#status(status);
    for (const log of logs) this.#log(log);
    for (const warning of warnings) this.#warning(warning);
  }

  /** No more will come. What is still open stays so: it was cut off. */
  end(): void {
    for (const one of this.#vertices.values()) if (one.state === 'held') this.#end(one);
  }

  /** What failed the build, by the error that it ended with, where that is known: not every failed vertex fails it. */
  failed(text?: string): TrackedVertex | undefined {
    return [...this.#vertices.values()].find(
      (one) => one.hasFailed && (text === undefined ? !isCacheImport(one) : text.includes(one.error)),
    );
  }

  #vertex(vertex: Vertex): void {
    const known = this.#vertices.get(vertex.digest);
    const one = known ?? new TrackedVertex(vertex.digest, vertex);
    if (known === undefined) this.#vertices.set(vertex.digest, one);
    if (vertex.startedAt === undefined) return;
    one.note(vertex);
    if (one.isTrifle(vertex)) return;
    if (one.state !== 'running') this.#begin(one);
    if (vertex.completedAt === undefined || one.state !== 'running') return;
    if (one.mayBeginAgain) one.state = 'held';
    else this.#end(one);
  }

  #begin(one: TrackedVertex): void {
    const { name, state, digest } = one;
    if (state === 'held') one.state = 'running';
    if (state === 'held' || (state === 'ended' && name.kind === 'step')) return;
    one.state = 'running';
    this.#release(one);
    if (name.kind === 'task') {
      this.#raw(name.name);
      return this.report({ type: 'task-started', id: digest, name: name.name });
    }
    const { index, total, instruction, stage } = name;
    this.report({
      type: 'step-started',
      id: digest,
      index,
      total,
      instruction,
      ...(stage === undefined ? {} : { stage }),
    });
  }

  /** Whoever needs a vertex begins when that is really done. */
  #release({ inputs, name }: TrackedVertex): void {
    const isExport = name.kind === 'task' && EXPORT.test(name.name);
    const needed = isExport ? this.#vertices.keys() : inputs;
    for (const digest of needed) {
      const one = this.#vertices.get(digest);
      if (one?.state === 'held') this.#end(one);
    }
  }

  #end(one: TrackedVertex): void {
    const { digest: id, name, cached, durationMs } = one;
    const failed = one.hasFailed;
    one.state = 'ended';
    const rest = this.#output.end(id);
    if (rest !== '') this.report({ type: 'build-output', id, text: rest });
    if (name.kind === 'task') {
      this.report({ type: 'task-ended', id, failed, durationMs });
      if (failed && isCacheImport(one)) this.#cacheMissed(name.name, one.error);
      return;
    }
    // A step that was stopped because another one failed has neither failed nor been done.
    if (!one.isCancelled) this.report({ type: 'step-ended', id, cached, failed, durationMs });
  }

  #cacheMissed(name: string, error: string): void {
    const ref = name.replace(CACHE_IMPORT, '');
    this.report({ type: 'build-warning', text: `the cache ${ref} could not be read, built without it: ${error}` });
  }

  #status(status: VertexStatus): void {
    const name = this.#vertices.get(status.vertex)?.name;
    const from = name?.kind === 'step' ? /^FROM (\S+)/.exec(name.instruction)?.[1] : undefined;
    if (from !== undefined) this.#pull.take(status, from.replace(/@sha256:[0-9a-f]+$/, ''));
    if (status.completed && name?.kind === 'task') this.#raw(`${name.name}: ${status.id}`);
  }

  #log(log: VertexLog): void {
    const one = this.#vertices.get(log.vertex);
    if (one?.state === 'announced' || one?.state === 'held') this.#begin(one);
    const text = this.#output.decode(log);
    if (text !== '') this.report({ type: 'build-output', id: log.vertex, text });
    if (CLIPPED.test(text) && !this.#clipped) this.#noteClipped();
  }

  #noteClipped(): void {
    this.#clipped = true;
    this.report({
      type: 'note',
      text: "BuildKit leaves out output beyond the daemon's limits (BUILDKIT_STEP_LOG_MAX_SIZE and BUILDKIT_STEP_LOG_MAX_SPEED in the environment of dockerd); Builder=classic shows all of it",
    });
  }

  /** BuildKit's frontend checks each instruction once for every stage that uses it. */
  #warning(warning: VertexWarning): void {
    const key = `${warning.line ?? 0} ${warning.short}`;
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.report(warningEvent(warning));
  }

  #raw(text: string): void {
    this.report({ type: 'raw', text });
  }
}

function isCacheImport({ name }: TrackedVertex): boolean {
  return name.kind === 'task' && CACHE_IMPORT.test(name.name);
}
