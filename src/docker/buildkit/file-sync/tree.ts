import type { ProducedFacts } from '../../../context/producer';

/**
 * One entry as a STAT packet tells of it (fsutil: types/stat.proto). Owner and group are 0, as docker's CLI sends them; there
 * are no extended attributes, which Node cannot read.
 */
export interface Entry {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** The path's bytes, where `path` cannot say them. */
  readonly rawPath: Buffer | undefined;
  /** In the bits of Go's fs.FileMode. */
  readonly mode: number;
  readonly size: number;
  readonly mtimeNs: bigint;
  /** Where a symlink points; the path, announced before, whose content a hard link shares. */
  readonly linkName: string | Buffer | undefined;
}

/** The content of one announced file, from its beginning. */
export interface Content {
  readonly size: number;
  /** The next `length` bytes, never fewer; `at + length` may be the end of the buffer. Throws a StepError. */
  read(buffer: Buffer, at: number, length: number): void;
  /** Idempotent. */
  close(): void;
}

/** What is sent: its entries in fsutil's order, depth first with siblings in byte order, and the contents that are asked for. */
export interface Tree {
  /** undefined after the last. Throws a StepError for what cannot be read. */
  next(): Entry | undefined;
  /**
   * Opens the file that was announced as the `id`-th, counted from 0. undefined: there is none of that number, or it has
   * been opened before. Throws a StepError when it is no longer what was announced.
   */
  open(id: number): Content | undefined;
  /** What has been announced so far, and whose content has been opened. */
  facts(): ProducedFacts;
  close(): void;
}
