import type { Readable } from 'node:stream';
import type { ProducedFacts } from './producer';

/** A producer at work, wherever that is. */
export interface ProducerRun {
  /** What it makes. Ends with an error (StepError) when something could not be read; destroy it to stop. */
  readonly output: Readable;
  /** What the other side says. */
  input(bytes: Uint8Array): void;
  /** The other side has said all. */
  inputEnded(): void;
  /** Once the output has ended, or could not go on; undefined: it was destroyed before. Never rejected. */
  facts(): Promise<ProducedFacts | undefined>;
}

/** Enough for the calls to cost little, little enough for two to be no matter of memory. */
export const PIECE_BYTES = 256 * 1024;
