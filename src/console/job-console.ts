import type { TimedEvent } from '../domain/events';
import type { Mask } from '../pipeline/ports';
import { cut } from './cut';
import { FloodGate } from './flood';
import { cleanEvent, cleanOutput } from './foreign';
import type { Line } from './line';
import { LineAssembler, type AssembledLine } from './line-assembler';
import { Masker } from './mask';
import { INITIAL, render, type ConsoleEvent } from './render';
import { endColours, sanitise, withoutColours, withoutUserInfo } from './sanitise';

export interface JobConsoleOptions {
  /** One line of GoCD's console. */
  print(line: string): void;
  /** One line of the raw log: everything, in full, with its time. */
  raw(line: string): void;
}

export interface JobConsole {
  /** Where secrets are made known before their first use. */
  readonly mask: Mask;
  report(timed: TimedEvent): void;
  /** Nothing is printed after it: GoCD's console is gone then. */
  close(): void;
  /** Masks a text that goes elsewhere: the reply, the host's log, a result file. */
  redact(text: string): string;
}

/** Events in, lines out: masked, harmless, and no more of them than GoCD can take. */
export function createJobConsole(options: JobConsoleOptions): JobConsole {
  const console = new Console(options);
  return {
    mask: console.masker,
    report: (timed) => console.report(timed),
    close: () => console.close(),
    redact: (text) => withoutUserInfo(console.masker.redact(text)),
  };
}

class Console {
  readonly masker = new Masker();
  readonly #lines = new LineAssembler();
  readonly #gate = new FloodGate();
  #state = INITIAL;
  #closed = false;
  #at = 0;

  constructor(private readonly options: JobConsoleOptions) {}

  report({ at, event }: TimedEvent): void {
    if (this.#closed) return;
    this.#at = at;
    if (event.type === 'build-output') this.#output(event.id, this.#lines.push(event.id, event.text), at);
    if (event.type === 'raw') this.#raw(event.text, at);
    if (event.type === 'step-ended') this.#output(event.id, this.#lines.flush(event.id), at);
    if (event.type === 'phase-ended' || event.type === 'ended') this.#flush(at);
    this.#render(cleanEvent(event, this.#redact), at);
  }

  close(): void {
    if (this.#closed) return;
    this.#flush(this.#at);
    this.#print(this.#gate.rest(this.#at));
    this.#closed = true;
  }

  readonly #redact = (text: string): string => this.masker.redact(text);

  #flush(at: number): void {
    for (const id of this.#lines.sources()) this.#output(id, this.#lines.flush(id), at);
  }

  #output(id: string, lines: readonly AssembledLine[], at: number): void {
    for (const { text, lost } of lines) {
      // What ends a colour on a line of its own shows nothing.
      if (text !== '' && withoutColours(text) === '') continue;
      const masked = lost > 0 ? this.masker.redactBeginning(text) : this.masker.redact(text);
      this.#render({ type: 'output-line', id, text: cleanOutput(masked, this.#redact), lost }, at);
    }
  }

  #render(event: ConsoleEvent, at: number): void {
    const { state, lines } = render(this.#state, event, at);
    this.#state = state;
    for (const line of lines) this.#emit(line, at);
  }

  #emit(line: Line, at: number): void {
    if (line.kind === 'tail' || line.kind === 'rest') return this.#print(this.#gate.pass(line, at));
    const full = this.#finish(line.text);
    this.options.raw(stamped(withoutColours(full), at));
    if (line.kind === 'hidden') return;
    this.#print(this.#gate.pass({ ...line, text: endColours(cut(full, line.lost)) }, at));
  }

  #print(lines: readonly string[]): void {
    for (const line of lines) this.options.print(line);
  }

  #raw(text: string, at: number): void {
    for (const line of text.split('\n')) if (line !== '') this.options.raw(stamped(this.#finish(line), at));
  }

  /** The last word on every line, whatever made it: masked once more as a whole, and nothing in it but text and colours. */
  #finish(line: string): string {
    return sanitise(withoutUserInfo(this.masker.redact(line)));
  }
}

function stamped(line: string, at: number): string {
  return `${new Date(at).toISOString()} ${line}`;
}
