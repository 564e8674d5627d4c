import type { PluginEvent } from '../domain/events';
import type { TaggedRef } from '../domain/image-ref';
import type { Report } from '../pipeline/ports';

type LayerState = Extract<PluginEvent, { type: 'layer' }>['state'];

/** Of a layer being sent, every this many bytes are told: a daemon reports ten times a second. */
const STEP_BYTES = 4 * 1024 * 1024;

interface Known {
  state: LayerState;
  toldBytes: number;
}

/** Makes `layer` events of a push's statuses, in both image stores' words: one per change, few while one is sent. */
export class LayerProgress {
  readonly #known = new Map<string, Known>();

  constructor(
    private readonly ref: TaggedRef,
    private readonly report: Report,
  ) {}

  take(id: string, status: string, progress: { current?: number; total?: number } | undefined): void {
    const state = stateOf(status);
    if (state === undefined) return;
    const current = progress?.current;
    const known = this.#known.get(id);
    if (known?.state === state && (current === undefined || current - known.toldBytes < STEP_BYTES)) return;
    this.#known.set(id, { state, toldBytes: current ?? known?.toldBytes ?? 0 });
    this.report({
      type: 'layer',
      ref: this.ref,
      id,
      state,
      ...(current !== undefined && { currentBytes: current }),
      ...(progress?.total !== undefined && { totalBytes: progress.total }),
    });
  }
}

function stateOf(status: string): LayerState | undefined {
  if (status === 'Preparing' || status === 'Waiting') return 'waiting';
  if (status === 'Pushing') return 'pushing';
  if (status === 'Pushed') return 'pushed';
  if (status === 'Layer already exists') return 'present';
  return status.startsWith('Mounted from ') ? 'mounted' : undefined;
}
