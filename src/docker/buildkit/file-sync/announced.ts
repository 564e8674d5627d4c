import type { Found } from '../../../context/found';

/** What is known of a file that may be asked for. */
export interface AnnouncedFile {
  readonly path: string;
  readonly rawPath: Buffer | undefined;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: number;
}

interface Place {
  /** The folder's path with `/` at the end; empty: the root. */
  readonly folder: string;
  readonly dev: bigint;
}

const NONE = 0;
const BLOCK_BYTES = 64 * 1024;
const FIRST_ENTRIES = 1024;
// Linux has names of at most 255 bytes; as many that are no UTF-8 become three each.
const MAX_NAME_ROOM = 2 + 3 * 255;

/**
 * The files of a tree by their numbers. About 30 bytes and a name each, because there may be a million: names lie in
 * blocks of bytes, one behind the other, and a folder's path is held once.
 */
export class Announced {
  /** How many entries of any kind have been counted. */
  #count = 0;
  /** Where the name lies: block * BLOCK_BYTES + offset; NONE: no file, or asked for before. */
  #names = new Float64Array(FIRST_ENTRIES);
  #sizes = new Float64Array(FIRST_ENTRIES);
  #inodes = new BigUint64Array(FIRST_ENTRIES);
  #places = new Uint32Array(FIRST_ENTRIES);
  readonly #allPlaces: Place[] = [];
  readonly #blocks: Buffer[] = [];
  #blockEnd = BLOCK_BYTES;
  /** Paths that are no UTF-8, by number. */
  readonly #odd = new Map<number, Buffer>();

  get count(): number {
    return this.#count;
  }

  /** An entry that has no content of its own: a folder, a symlink, a further name of a file. */
  skip(): void {
    this.#grow();
    this.#count++;
  }

  add({ path, rawPath, dev, ino, size }: Found): void {
    this.#grow();
    const nameAt = path.lastIndexOf('/') + 1;
    if (rawPath) this.#odd.set(this.#count, rawPath);
    this.#names[this.#count] = this.#keepName(path.slice(nameAt));
    this.#places[this.#count] = this.#placeOf(path.slice(0, nameAt), dev);
    this.#inodes[this.#count] = ino;
    this.#sizes[this.#count] = size;
    this.#count++;
  }

  /** The file of that number, once. */
  take(id: number): AnnouncedFile | undefined {
    const at = this.#names[id] ?? NONE;
    const place = this.#allPlaces[this.#places[id] ?? 0];
    if (at === NONE || !place) return undefined;
    this.#names[id] = NONE;
    const path = place.folder + this.#nameAt(at);
    return {
      path,
      rawPath: this.#odd.get(id),
      dev: place.dev,
      ino: this.#inodes[id] ?? 0n,
      size: this.#sizes[id] ?? 0,
    };
  }

  #placeOf(folder: string, dev: bigint): number {
    const last = this.#allPlaces.at(-1);
    // Files of a folder follow each other, but for the folders between them.
    if (last?.dev !== dev || last.folder !== folder) this.#allPlaces.push({ folder, dev });
    return this.#allPlaces.length - 1;
  }

  #keepName(name: string): number {
    if (this.#blockEnd + MAX_NAME_ROOM > BLOCK_BYTES) {
      this.#blocks.push(Buffer.allocUnsafeSlow(BLOCK_BYTES));
      this.#blockEnd = 2; // so that no name lies at NONE
    }
    const block = this.#blocks.length - 1;
    const at = this.#blockEnd;
    const written = this.#blocks[block]?.write(name, at + 2) ?? 0;
    this.#blocks[block]?.writeUInt16LE(written, at);
    this.#blockEnd += 2 + written;
    return block * BLOCK_BYTES + at;
  }

  #nameAt(at: number): string {
    const block = this.#blocks[Math.floor(at / BLOCK_BYTES)];
    const offset = at % BLOCK_BYTES;
    return block?.toString('utf8', offset + 2, offset + 2 + block.readUInt16LE(offset)) ?? '';
  }

  #grow(): void {
    if (this.#count < this.#names.length) return;
    const length = 2 * this.#names.length;
    this.#names = copied(new Float64Array(length), this.#names);
    this.#sizes = copied(new Float64Array(length), this.#sizes);
    this.#places = copied(new Uint32Array(length), this.#places);
    const inodes = new BigUint64Array(length);
    inodes.set(this.#inodes);
    this.#inodes = inodes;
  }
}

function copied<T extends Float64Array | Uint32Array>(to: T, from: T): T {
  to.set(from);
  return to;
}
