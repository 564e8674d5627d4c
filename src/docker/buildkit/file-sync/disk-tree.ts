import { ContextTally } from '../../../context/context-tally';
import type { Found } from '../../../context/found';
import { Notes } from '../../../context/notes';
import type { ProducedFacts } from '../../../context/producer';
import { walkSync, type WalkOptions } from '../../../context/walk';
import { Announced } from './announced';
import { DiskContent } from './disk-content';
import { goFileMode } from './file-mode';
import type { Content, Entry, Tree } from './tree';

/** A folder on the disk, walked while its entries are taken. */
export class DiskTree implements Tree {
  readonly #root: string;
  readonly #walk: Generator<Found, void>;
  readonly #announced = new Announced();
  /** Paths of the files that have several names, by device and inode: the first that is sent. */
  readonly #linked = new Map<string, string | Buffer>();

  readonly #tally = new ContextTally();
  readonly #notes = new Notes();

  constructor(options: Omit<WalkOptions, 'note'>) {
    this.#root = options.root;
    this.#walk = walkSync({ ...options, note: this.#notes.add });
  }

  next(): Entry | undefined {
    const step = this.#walk.next();
    if (step.done === true) return undefined;
    const found = step.value;
    const first = found.kind === 'file' && found.nlink > 1 ? this.#firstNameOf(found) : undefined;
    if (found.kind === 'file' && first === undefined) this.#announced.add(found);
    else this.#announced.skip();
    const size = found.kind === 'folder' ? 0 : found.size;
    if (found.kind !== 'folder') this.#tally.found(found.path, found.kind === 'file' && first === undefined ? size : 0);
    return {
      path: found.path,
      rawPath: found.rawPath,
      mode: goFileMode(found.mode),
      size,
      mtimeNs: found.mtimeNs,
      linkName: first ?? found.rawTarget ?? found.target,
    };
  }

  open(id: number): Content | undefined {
    const file = this.#announced.take(id);
    if (!file) return undefined;
    const content = new DiskContent(this.#root, file);
    this.#tally.sent(file.path, file.size);
    return content;
  }

  facts(): ProducedFacts {
    return { report: this.#tally.report(), notes: this.#notes.list() };
  }

  close(): void {
    this.#walk.return();
  }

  #firstNameOf({ dev, ino, path, rawPath }: Found): string | Buffer | undefined {
    const key = `${dev}:${ino}`;
    const first = this.#linked.get(key);
    if (first === undefined) this.#linked.set(key, rawPath ?? path);
    return first;
  }
}
