/** Longer lines are kept this far: a pipe full of zeros must not fill the memory. In UTF-16 units. */
export const KEEP = 1024 * 1024;
/** Of all sources together: each of many steps may have an endless line. */
export const KEEP_IN_ALL = 16 * KEEP;

export interface AssembledLine {
  readonly text: string;
  /** UTF-16 units that were thrown away behind `text`. */
  readonly lost: number;
}

/** A line as it comes in. A carriage return ends a state of it, and what follows writes over that. */
interface Open {
  state: AssembledLine;
  /** The state before, as long as nothing has been written over it. */
  shown: AssembledLine | undefined;
}

const NOTHING: AssembledLine = { text: '', lost: 0 };

/** Makes whole lines of chunks, for each source of its own: two steps that run side by side never share a line. */
export class LineAssembler {
  readonly #open = new Map<string, Open>();
  /** How much of unfinished lines there is. */
  #kept = 0;

  push(id: string, chunk: string): readonly AssembledLine[] {
    const lines: AssembledLine[] = [];
    let open = this.#take(id);
    const room = Math.min(KEEP, KEEP_IN_ALL - this.#kept);
    const pieces = chunk.split('\n');
    for (const [index, piece] of pieces.entries()) {
      append(open, piece, room);
      if (index === pieces.length - 1) break;
      lines.push(lastState(open));
      open = { state: NOTHING, shown: undefined };
    }
    this.#keep(id, open);
    return lines;
  }

  /** What a source has left without a line feed, when it ends. */
  flush(id: string): readonly AssembledLine[] {
    const line = lastState(this.#take(id));
    return line.text === '' && line.lost === 0 ? [] : [line];
  }

  #take(id: string): Open {
    const open = this.#open.get(id);
    if (open === undefined) return { state: NOTHING, shown: undefined };
    this.#open.delete(id);
    this.#kept -= size(open);
    return open;
  }

  #keep(id: string, open: Open): void {
    if (open.state === NOTHING && open.shown === undefined) return;
    this.#open.set(id, open);
    this.#kept += size(open);
  }

  sources(): readonly string[] {
    return [...this.#open.keys()];
  }
}

function size({ state, shown }: Open): number {
  return state.text.length + (shown?.text.length ?? 0);
}

function append(open: Open, piece: string, room: number): void {
  for (const [index, text] of piece.split('\r').entries()) {
    if (index > 0) {
      open.shown = lastState(open);
      open.state = NOTHING;
    }
    if (text !== '') open.state = longer(open.state, text, room);
  }
}

function longer({ text, lost }: AssembledLine, more: string, most: number): AssembledLine {
  // Never on again after a gap: what stands on both sides of it is no text that anybody wrote.
  const room = lost > 0 ? 0 : Math.max(0, most - text.length);
  return { text: text + more.slice(0, room), lost: lost + Math.max(0, more.length - room) };
}

/** What a terminal would show last, or before it was wiped with blanks. */
function lastState({ state, shown }: Open): AssembledLine {
  return shown === undefined || /\S/.test(state.text) ? state : shown;
}
