/** Where raw lines go once the job's log is open. What comes before it waits. */
export interface LineSink {
  write(line: string): void;
}

/** Lines of the raw log that are there before its file is: the console speaks before the plan says where the file is. */
export class LateLog {
  #sink: LineSink | undefined;
  #early: string[] = [];

  write(line: string): void {
    if (this.#sink) this.#sink.write(line);
    else this.#early.push(line);
  }

  open(sink: LineSink): void {
    this.#sink = sink;
    for (const line of this.#early) sink.write(line);
    this.#early = [];
  }
}
