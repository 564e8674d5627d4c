import type { ContextReport } from '../domain/events';

/**
 * Makes bytes of a context, synchronously and a piece at a time, so that one loop can drive it in a worker thread: reading
 * 50,000 small files through Node's thread pool takes five times as long (facts measured in docs/speed.md).
 */
export interface Producer {
  /** What the other side says meanwhile (BuildKit asks for files). Never called for a tar. */
  receive?(bytes: Uint8Array): void;
  /** The other side has said all it will. */
  receiveEnd?(): void;
  /**
   * The next piece, at most about `wanted` bytes; `waiting`: nothing until `receive` brings something; `ended`: all has
   * been made. Throws a StepError for what can't be read.
   */
  produce(wanted: number): Uint8Array | 'waiting' | 'ended';
  /** What has been made so far; final after `ended`. */
  facts(): ProducedFacts;
  /** Closes what is open. Idempotent. */
  close(): void;
}

export interface ProducedFacts {
  readonly report: ContextReport;
  /** Things worth a line: skipped sockets and the like. */
  readonly notes: readonly string[];
}
