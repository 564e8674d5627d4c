import type { Stats } from 'node:fs';
import { writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { codeOf } from './confine';
import { createHidden, outputPath, place } from './output';

/** The whole log of a run as a file. Its lines must be masked already. */
export interface RawLog {
  /** Real, absolute. */
  readonly path: string;
  write(line: string): void;
  close(): Promise<void>;
  /** Why lines are missing, such as a full disk; undefined: none are. A log that cannot be written fails no build. */
  trouble(): string | undefined;
}

const MAX_BYTES = 256 * 1024 * 1024;
/** Lines are written once per turn of the event loop, or as soon as this many bytes wait. */
const MAX_WAITING = 256 * 1024;

// The open logs of this process by device and inode: what clears the outputs of earlier runs must spare them. A closed one
// is forgotten, as its inode may soon be another file's.
const own = new Set<string>();

/** True for a log that this process has open, whatever it is called. */
export function isOwnLog(stats: Stats): boolean {
  return own.has(identity(stats));
}

/**
 * Creates the log and puts it in its place at once, so that it is there however this process ends. Whatever has that name
 * already, a link too, is replaced and not followed.
 */
export async function openRawLog(jobFolder: string, path: string, maxBytes = MAX_BYTES): Promise<RawLog> {
  const target = await outputPath(jobFolder, path);
  const { handle, hidden } = await createHidden(target);
  try {
    const name = identity(await handle.stat());
    await place(hidden, target);
    own.add(name);
    return new FileLog(target, handle, maxBytes, () => own.delete(name));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class FileLog implements RawLog {
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #bytes = 0;
  #flush: NodeJS.Immediate | undefined;
  #trouble: string | undefined;
  #closed = false;

  constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    private readonly maxBytes: number,
    private readonly forget: () => void,
  ) {}

  write(line: string): void {
    if (this.#trouble !== undefined || this.#closed) return;
    const bytes = Buffer.from(`${line}\n`);
    if (this.#bytes + bytes.length > this.maxBytes) return this.#cut();
    this.#add(bytes);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#writeOut();
    this.forget();
    await this.handle.close();
  }

  trouble(): string | undefined {
    return this.#trouble;
  }

  #cut(): void {
    const limit = this.maxBytes / (1024 * 1024);
    this.#add(Buffer.from(`(the log is cut here: it has reached its limit of ${limit} MiB)\n`));
    this.#trouble = `the raw log is cut at its limit of ${limit} MiB`;
  }

  #add(bytes: Buffer): void {
    this.#bytes += bytes.length;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= MAX_WAITING) this.#writeOut();
    else this.#flush ??= setImmediate(() => this.#writeOut());
  }

  // Synchronous, so that a burst of lines waits for the disk and not in memory.
  #writeOut(): void {
    if (this.#flush) clearImmediate(this.#flush);
    this.#flush = undefined;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.handle.fd, bytes, done);
    } catch (error) {
      this.#trouble = `the raw log could not be written any further (${codeOf(error)})`;
    }
  }
}

function identity(stats: Stats): string {
  return `${stats.dev}:${stats.ino}`;
}
