import { Budget } from './flood-budget';
import { StepOutput, TAIL } from './flood-step';
import { plural } from './human';
import type { HiddenLine, Line, StepTail, TextLine } from './line';

/** Foreign output that was stopped goes on when there is room for this many lines: never in a trickle. */
const RESUME_ROOM = 1_000;
/** With more lines than this behind it, the end of a failed step's output is out of sight, and some is repeated. */
const OUT_OF_SIGHT = 40;
const REPEATED = 20;
/** So many lines of a step that ended well are there, whatever was cut. */
const ENDING = 20;
/** Of more steps at once than this, the one that has been quiet longest loses its end: a line can have 8 KiB. */
const MOST_STEPS = 32;
/** What a closing block may need. */
const RESERVED = 150;
const CUT = "cut here: GoCD's console would lose them without a word, the raw log has them";

/** Lets through what GoCD's console can take, and says what it holds back. Time comes with the lines. */
export class FloodGate {
  readonly #budget = new Budget();
  readonly #steps = new Map<string, StepOutput>();
  #printed = 0;
  #dropped = 0;

  pass(line: Exclude<Line, HiddenLine>, at: number): readonly string[] {
    if (line.kind === 'rest') return this.rest(at);
    if (line.kind === 'tail') return this.#tail(line, at);
    if (line.step !== undefined) return this.#output(line, line.step, at);
    if (line.rank !== 'ours' && this.#budget.room(line.rank, at) === 0) {
      this.#dropped++;
      return [];
    }
    return [...this.#tellDropped(at), ...this.#print([line.text], at)];
  }

  /** What is still held back when a run ends. */
  rest(at: number): readonly string[] {
    const lines = [...this.#steps.values()].flatMap((step) => this.#endOf(step, at));
    this.#steps.clear();
    return [...lines, ...this.#tellDropped(at)];
  }

  #output(line: TextLine, id: string, at: number): readonly string[] {
    const known = this.#steps.get(id);
    const crowded = known === undefined ? this.#makeRoom(at) : [];
    const step = known ?? new StepOutput();
    if (known === undefined) this.#steps.set(id, step);
    step.name = line.beside ?? 'this step';
    const resumed =
      step.cut > 0 && this.#budget.room(line.rank, at) >= RESUME_ROOM ? this.#tellCut(step, TAIL, at) : [];
    step.add(line.text);
    if (step.cut > 0 || this.#budget.room(line.rank, at) === 0) {
      step.cut++;
      return resumed.length === 0 ? crowded : [...crowded, ...resumed];
    }
    return [...crowded, ...resumed, ...this.#show(step, [line.text], at)];
  }

  #makeRoom(at: number): readonly string[] {
    if (this.#steps.size < MOST_STEPS) return [];
    const [id, step] = [...this.#steps].reduce((a, b) => (b[1].lastPrinted < a[1].lastPrinted ? b : a));
    this.#steps.delete(id);
    return this.#endOf(step, at);
  }

  #tail({ step: id, label, how }: StepTail, at: number): readonly string[] {
    const step = this.#steps.get(id);
    if (step === undefined) return [];
    this.#steps.delete(id);
    if (how === 'ended') return this.#endOf(step, at);
    if (how === 'stopped') return step.cut === 0 ? [] : this.#tellCut(step, 0, at);
    const most = Math.max(0, this.#budget.room('ours', at) - RESERVED);
    if (step.cut > 0) return this.#tellCut(step, most, at);
    if (this.#printed - step.lastPrinted <= OUT_OF_SIGHT) return [];
    const lines = step.last(Math.min(most, REPEATED));
    return lines.length === 0 ? [] : this.#print([`    the end of ${label} once more:`, ...lines], at);
  }

  #endOf(step: StepOutput, at: number): readonly string[] {
    if (step.cut === 0) return [];
    const room = this.#budget.room('structure', at) - 1;
    if (room >= 0) return this.#tellCut(step, Math.max(this.#budget.room('foreign', at), Math.min(room, ENDING)), at);
    this.#dropped += step.cut;
    return [];
  }

  /** How much was cut, in one line, and the end of it. */
  #tellCut(step: StepOutput, most: number, at: number): readonly string[] {
    const end = step.last(Math.min(most, step.cut));
    const hidden = step.cut - end.length;
    step.cut = 0;
    const told = hidden === 0 ? [] : this.#print([`    … ${plural(hidden, 'line')} of ${step.name} ${CUT}`], at);
    return [...told, ...this.#show(step, end, at)];
  }

  #tellDropped(at: number): readonly string[] {
    if (this.#dropped === 0) return [];
    const told = `  … ${plural(this.#dropped, 'line')} ${CUT}`;
    this.#dropped = 0;
    return this.#print([told], at);
  }

  #show(step: StepOutput, lines: readonly string[], at: number): readonly string[] {
    this.#print(lines, at);
    step.lastPrinted = this.#printed;
    return lines;
  }

  #print(lines: readonly string[], at: number): readonly string[] {
    this.#budget.take(lines.length, at);
    this.#printed += lines.length;
    return lines;
  }
}
