/** GoCD's console buffer (ConsoleOutputTransmitter): the last 10,240 lines, sent every 10 s; what is older is lost. */
export class GocdRing {
  readonly sent: string[] = [];
  #waiting: string[] = [];
  #drainedAt: number;

  constructor(start: number) {
    this.#drainedAt = start;
  }

  print(line: string, at: number): void {
    this.pass(at);
    this.#waiting.push(line);
    if (this.#waiting.length > 10_240) this.#waiting.shift();
  }

  pass(at: number): void {
    if (at - this.#drainedAt < 10_000) return;
    this.#drainedAt = at;
    this.drain();
  }

  drain(): void {
    this.sent.push(...this.#waiting);
    this.#waiting = [];
  }
}
