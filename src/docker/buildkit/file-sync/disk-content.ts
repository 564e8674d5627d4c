import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { isSame, onDisk } from '../../../context/found';
import { changed, unreadable } from '../../../context/unreadable';
import type { AnnouncedFile } from './announced';
import type { Content } from './tree';

// O_NONBLOCK: a FIFO that took the file's place would otherwise block the open for ever.
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const probe = Buffer.alloc(1);

/** A file of the root, opened: the one that was announced, or a StepError. */
export class DiskContent implements Content {
  readonly size: number;
  #left: number;
  #open = true;

  private constructor(
    private readonly file: AnnouncedFile,
    private readonly descriptor: number,
  ) {
    this.size = file.size;
    this.#left = file.size;
  }

  static open(root: string, file: AnnouncedFile): DiskContent {
    const content = new DiskContent(file, descriptorOf(root, file));
    try {
      content.#compare();
      return content;
    } catch (error) {
      content.close();
      throw error;
    }
  }

  read(buffer: Buffer, at: number, length: number): void {
    // One more than there should be, in the same call where there is room: exactly the announced bytes may go.
    const last = length === this.#left;
    let missing = length;
    let sawEnd = false;
    while (missing > 0) {
      const from = at + length - missing;
      const wanted = Math.min(last ? missing + 1 : missing, buffer.length - from);
      const read = this.#readInto(buffer, from, wanted);
      if (read === 0 || read > missing) throw changed(this.file.path, 'changed its size');
      missing -= read;
      sawEnd = missing === 0 && wanted > read;
    }
    this.#left -= length;
    if (last && !sawEnd && this.#readInto(probe, 0, 1) > 0) throw changed(this.file.path, 'changed its size');
  }

  close(): void {
    if (this.#open) closeSync(this.descriptor);
    this.#open = false;
  }

  /** A folder on the way may have become a link to anywhere since the walk. */
  #compare(): void {
    const opened = fstatSync(this.descriptor, { bigint: true });
    if (!opened.isFile() || !isSame(opened, this.file)) throw changed(this.file.path, 'was replaced');
    if (Number(opened.size) !== this.file.size) throw changed(this.file.path, 'changed its size');
  }

  #readInto(buffer: Buffer, at: number, length: number): number {
    try {
      return readSync(this.descriptor, buffer, at, length, null);
    } catch (error) {
      throw unreadable(this.file.path, error);
    }
  }
}

function descriptorOf(root: string, file: AnnouncedFile): number {
  try {
    return openSync(onDisk(root, file), READ_FLAGS);
  } catch (error) {
    throw unreadable(file.path, error);
  }
}
