/** Longer lines are kept this far: a pipe full of zeros must not fill the memory. In UTF-16 units. */
export const KEEP = 1024 * 1024;

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

  push(id: string, chunk: string): readonly AssembledLine[] {
    const lines: AssembledLine[] = [];
    let open = this.#open.get(id) ?? { state: NOTHING, shown: undefined };
    const pieces = chunk.split('\n');
    for (const [index, piece] of pieces.entries()) {
      append(open, piece);
      if (index === pieces.length - 1) break;
      lines.push(lastState(open));
      open = { state: NOTHING, shown: undefined };
    }
    this.#open.set(id, open);
    return lines;
  }

  /** What a source has left without a line feed, when it ends. */
  flush(id: string): readonly AssembledLine[] {
    const open = this.#open.get(id);
    this.#open.delete(id);
    const line = open === undefined ? NOTHING : lastState(open);
    return line.text === '' ? [] : [line];
  }

  sources(): readonly string[] {
    return [...this.#open.keys()];
  }
}

function append(open: Open, piece: string): void {
  for (const [index, text] of piece.split('\r').entries()) {
    if (index > 0) {
      open.shown = lastState(open);
      open.state = NOTHING;
    }
    if (text !== '') open.state = longer(open.state, text);
  }
}

function longer({ text, lost }: AssembledLine, more: string): AssembledLine {
  const room = KEEP - text.length;
  return { text: text + more.slice(0, room), lost: lost + Math.max(0, more.length - room) };
}

/** What a terminal would show last, or before it was wiped with blanks. */
function lastState({ state, shown }: Open): AssembledLine {
  return shown === undefined || /\S/.test(state.text) ? state : shown;
}
