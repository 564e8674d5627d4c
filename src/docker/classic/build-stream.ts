import { parseImageId, type ImageId } from '../../domain/image-ref';
import type { Report } from '../../pipeline/ports';
import type { DaemonMessage } from '../message-stream';
import { PullProgress } from './pull-progress';

interface OpenStep {
  readonly id: string;
  readonly index: number;
  readonly total: number;
  cached: boolean;
}

/** An error event of the stream: the daemon's words, not understood yet. */
export class BuildFailure extends Error {
  constructor(
    message: string,
    /** Number of the step that failed; undefined: none had begun. */
    readonly step?: number,
  ) {
    super(message);
  }
}

// What the builder says, one message each, on 20.10 to 29 (Podman: STEP). A command's output comes in messages of its
// own between "Running in" and "Removing" or "Removed", and may contain any of these.
const STEP = /^step (\d+)\/(\d+) ?: ([\s\S]*)$/i;
const USING_CACHE = /^ ---> Using cache\n?$/;
const RUNNING = /^ ---> Running in ([0-9a-f]+)\n?$/;
const REMOVED = /^(?:Removing| ---> Removed) intermediate container ([0-9a-f]+)\n?$/;
const CHATTER = /^(?: ---> [0-9a-f]+|Successfully (?:built|tagged) .*|\s*)\n?$/;
const WARNING = /^\[warning\]:? ?/i;
// The builder paints what a command writes to stderr, chunk by chunk: in the middle of a word too.
const STDERR = /^\u001b\[91m([\s\S]*)\u001b\[0m$/;

/** Makes events of the classic builder's stream, and knows whether the build has succeeded. */
export class BuildStream {
  /** The last one is the image: each stage has one. */
  #imageId: ImageId | undefined;
  #step: OpenStep | undefined;
  #container: string | undefined;
  readonly #pull: PullProgress;

  /** `labels`: how many were asked for; the builder makes a step at the end for each of them. */
  constructor(
    private readonly report: Report,
    private readonly labels = 0,
  ) {
    this.#pull = new PullProgress(report);
  }

  take(message: DaemonMessage): void {
    // Output has events of its own, which put lines together again before they are masked: as raw text it would be
    // masked chunk by chunk.
    if (message.stream === undefined && message.progress?.current === undefined) this.#raw(message.line);
    if (message.error !== undefined) {
      const step = this.#step?.index;
      this.#endStep(true);
      throw new BuildFailure(message.error, step);
    }
    if (message.aux !== undefined && 'ID' in message.aux) this.#imageId = parseImageId(message.aux['ID']);
    if (message.status !== undefined) this.#pull.take(message);
    if (message.stream !== undefined) this.#take(message.stream);
  }

  /** The image; undefined: the stream ended before it named one. */
  end(): ImageId | undefined {
    this.#endStep(this.#imageId === undefined);
    return this.#imageId;
  }

  #take(text: string): void {
    if (this.#container !== undefined) {
      if (REMOVED.exec(text)?.[1] !== this.#container) return this.#output(text);
      this.#container = undefined;
      return this.#raw(text);
    }
    const step = STEP.exec(text);
    if (step !== null && this.#isNext(Number(step[1]), Number(step[2]))) return this.#startStep(step);
    if (WARNING.test(unpainted(text))) return this.#warn(unpainted(text));
    this.#container = RUNNING.exec(text)?.[1];
    if (this.#container !== undefined || REMOVED.test(text) || CHATTER.test(text)) return this.#raw(text);
    if (USING_CACHE.test(text)) {
      if (this.#step !== undefined) this.#step.cached = true;
      return this.#raw(text);
    }
    this.#output(text);
  }

  /** Output that looks like a step is no step: they are counted. */
  #isNext(index: number, total: number): boolean {
    const { index: last, total: known } = this.#step ?? { index: 0, total };
    return index === last + 1 && total === known;
  }

  #startStep([, at, of, instruction = '']: RegExpExecArray): void {
    const [index, total] = [Number(at), Number(of)];
    const firstLabel = total - this.labels + 1;
    if (index > firstLabel && this.#step !== undefined) {
      this.#step = { ...this.#step, index }; // our labels are one step to whoever reads the log
      return;
    }
    this.#endStep(false);
    const id = String(index);
    const isOurs = this.labels > 1 && index === firstLabel;
    this.#step = { id, index, total, cached: false };
    const told = isOurs ? `LABEL (the ${this.labels} labels of this task)` : instruction.trim();
    this.report({ type: 'step-started', id, index, total, instruction: told });
  }

  #endStep(failed: boolean): void {
    if (this.#step !== undefined) {
      this.report({ type: 'step-ended', id: this.#step.id, cached: this.#step.cached, failed });
    }
    this.#step = failed ? undefined : this.#step;
  }

  #output(text: string): void {
    if (this.#step === undefined) return this.#raw(text);
    this.report({ type: 'build-output', id: this.#step.id, text: unpainted(text) });
  }

  /** 20.10 sends several warnings as one text, with lines between that belong to them. */
  #warn(text: string): void {
    const lines = text.trim().split('\n');
    const clean = lines.map((line) => line.replace(WARNING, '').trim());
    this.report({ type: 'build-warning', text: clean.join('\n') });
  }

  #raw(text: string): void {
    if (text.trim() !== '') this.report({ type: 'raw', text: text.trimEnd() });
  }
}

function unpainted(text: string): string {
  return STDERR.exec(text)?.[1] ?? text;
}
