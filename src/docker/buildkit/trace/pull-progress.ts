import type { Report } from '../../../pipeline/ports';
import type { VertexStatus } from './status-response';

/** How often progress is told. */
const STEP_BYTES = 4 * 1024 * 1024;

interface Layer {
  readonly current: number;
  readonly total: number;
}

/** Makes few events of the ten a second that BuildKit sends for each layer of an image that it pulls. */
export class PullProgress {
  /** Of a vertex: its layers by digest. */
  readonly #layers = new Map<string, Map<string, Layer>>();
  readonly #unpacking = new Set<string>();
  readonly #told = new Map<string, number>();

  constructor(private readonly report: Report) {}

  take(status: VertexStatus, image: string): void {
    if (status.id.startsWith('sha256:')) this.#layer(status, image);
    if (status.id.startsWith('extracting ') && !status.completed) this.#extracting(status, image);
  }

  #layer({ id, vertex, current, total }: VertexStatus, image: string): void {
    const layers = this.#layers.get(vertex) ?? new Map<string, Layer>();
    this.#layers.set(vertex, layers.set(id, { current, total }));
    const { got, of } = sum(layers);
    if (!this.#isDue(vertex, got)) return;
    this.report({ type: 'pull-progress', text: `pulling ${image}: ${megabytes(got)} of ${megabytes(of)} MB` });
  }

  /** The first layer is unpacked while the others are still on their way. */
  #extracting({ vertex }: VertexStatus, image: string): void {
    const { got, of } = sum(this.#layers.get(vertex) ?? new Map<string, Layer>());
    if (of === 0 || got < of || this.#unpacking.has(vertex)) return;
    this.#unpacking.add(vertex);
    this.report({ type: 'pull-progress', text: `unpacking ${image}: ${megabytes(of)} MB` });
  }

  #isDue(key: string, bytes: number): boolean {
    if (bytes - (this.#told.get(key) ?? 0) < STEP_BYTES) return false;
    this.#told.set(key, bytes);
    return true;
  }
}

function sum(layers: ReadonlyMap<string, Layer>): { readonly got: number; readonly of: number } {
  let [got, of] = [0, 0];
  for (const { current, total } of layers.values()) {
    got += current;
    of += Math.max(current, total);
  }
  return { got, of };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
