import { FoundFile } from '../../../context/found-file';
import type { AnnouncedFile } from './announced';
import type { Content } from './tree';

/** A file of the root, opened: the one that was announced, or a StepError. */
export class DiskContent implements Content {
  readonly size: number;
  readonly #file: FoundFile;

  constructor(root: string, file: AnnouncedFile) {
    this.size = file.size;
    this.#file = new FoundFile(root, file);
  }

  read(buffer: Buffer, at: number, length: number): void {
    const end = at + length;
    // At the file's end one more than there should be, where there is room: a file that has grown is told by that.
    const into = buffer.subarray(0, length === this.#file.left ? end + 1 : end);
    for (let from = at; from < end;) from += this.#file.read(into, from);
  }

  close(): void {
    this.#file.close();
  }
}
