import type { Response } from 'express';
import { lineFrame, responseFrame } from '../protocol/frames';
import type { Reply } from '../protocol/task-service';

// security.md 6. A bridge that takes nothing must not fill the agent's memory: what is past this is counted, not kept.
const MAX_WAITING = 16 * 1024 * 1024;

/** The frames of one execute, as they happen. */
export class FrameStream {
  #leftOut = 0;

  constructor(private readonly res: Response) {
    res.writeHead(200, { 'Content-Type': 'application/x-ndjson; charset=utf-8', Connection: 'close' });
    res.flushHeaders();
  }

  line(text: string): void {
    if (this.#isOver()) return;
    if (this.res.writableLength > MAX_WAITING) {
      this.#leftOut++;
      return;
    }
    this.#tellLeftOut();
    this.res.write(lineFrame(text));
  }

  /** The response gets through whatever is waiting before it. */
  end(reply: Reply): void {
    if (this.#isOver()) return;
    this.#tellLeftOut();
    this.res.end(responseFrame(reply));
  }

  /** The client has left, or the task was ended by force and goes on printing. */
  #isOver(): boolean {
    return this.res.destroyed || this.res.writableEnded;
  }

  #tellLeftOut(): void {
    if (this.#leftOut === 0) return;
    this.res.write(lineFrame(`… ${this.#leftOut} lines are not here: the agent did not take them in time`));
    this.#leftOut = 0;
  }
}
