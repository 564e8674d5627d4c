import { createHash } from 'node:crypto';
import { ContextTally } from '../../../context/context-tally';
import type { ProducedFacts } from '../../../context/producer';
import type { Content, Entry, Tree } from './tree';

/** A file that is sent from memory, whatever lies on the disk by now. */
export interface MemoryFile {
  readonly name: string;
  readonly content: Uint8Array;
}

const READABLE_FILE = 0o644;

/** A folder of a few files. */
export class MemoryTree implements Tree {
  readonly #files: readonly MemoryFile[];
  readonly #asked = new Set<number>();
  readonly #tally = new ContextTally();
  #next = 0;

  constructor(files: readonly MemoryFile[]) {
    this.#files = files.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  }

  next(): Entry | undefined {
    const file = this.#files[this.#next++];
    if (!file) return undefined;
    const { name, content } = file;
    const size = content.length;
    this.#tally.found(name, size);
    return { path: name, rawPath: undefined, mode: READABLE_FILE, size, mtimeNs: timeOf(content), linkName: undefined };
  }

  open(id: number): Content | undefined {
    const file = id < this.#next ? this.#files[id] : undefined;
    if (!file || this.#asked.has(id)) return undefined;
    this.#asked.add(id);
    this.#tally.sent(file.name, file.content.length);
    let done = 0;
    return {
      size: file.content.length,
      read: (buffer, at, length) => {
        buffer.set(file.content.subarray(done, done + length), at);
        done += length;
      },
      close: () => undefined,
    };
  }

  facts(): ProducedFacts {
    return { report: this.#tally.report(), notes: [] };
  }

  close(): void {
    this.#next = this.#files.length;
  }
}

/** Decided by the content: to an engine of 20.10 a file of the same size and time is the same. No image has these files. */
function timeOf(content: Uint8Array): bigint {
  const hash = createHash('sha256').update(content).digest();
  return BigInt(hash.readUInt32BE(0) >>> 1) * 1_000_000_000n + BigInt(hash.readUInt32BE(4) % 1_000_000_000);
}
