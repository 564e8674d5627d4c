import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { isSame, onDisk, type Found } from './found';
import { changed, unreadable } from './unreadable';

// O_NONBLOCK: a FIFO that took the file's place would otherwise block the open for ever.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A file that the walk found, open: exactly the bytes that it had then, or an error that names it. */
export class FoundFile {
  #left: number;
  #fd: number | undefined;

  /** What is opened must be what the walk saw: a folder on the way may have become a link to anywhere since. */
  constructor(
    root: string,
    private readonly found: Pick<Found, 'path' | 'rawPath' | 'size' | 'dev' | 'ino'>,
  ) {
    this.#left = found.size;
    this.#fd = this.#try(() => openSync(onDisk(root, found), FLAGS));
    try {
      this.#compare(this.#fd);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Bytes that are still to be read. */
  get left(): number {
    return this.#left;
  }

  /** Reads at least one byte, or all that fit; what `into` holds behind them is spoilt. 0: nothing is left. */
  read(into: Uint8Array, at: number): number {
    const fd = this.#fd;
    if (fd === undefined || this.#left === 0) return 0;
    // One byte more than there should be tells that the file has grown, without asking for its size again.
    const asked = Math.min(into.length - at, this.#left + 1);
    const got = this.#try(() => readSync(fd, into, at, asked, null));
    if (got === 0 || got > this.#left) throw changed(this.found.path, 'changed its size');
    this.#left -= got;
    if (this.#left === 0 && got === asked) this.#compare(fd);
    return got;
  }

  /** Idempotent. */
  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #compare(fd: number): void {
    const now = this.#try(() => fstatSync(fd, { bigint: true }));
    if (!now.isFile() || !isSame(now, this.found)) throw changed(this.found.path, 'was replaced');
    if (Number(now.size) !== this.found.size) throw changed(this.found.path, 'changed its size');
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw unreadable(this.found.path, error);
    }
  }
}
