import { randomBytes } from 'node:crypto';
import { closeSync, copyFileSync, mkdirSync, openSync, renameSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MEBIBYTE = 1024 * 1024;

/** Files of one size, and how many of them. */
export interface Files {
  readonly folder: string;
  readonly count: number;
  readonly bytes: number;
}

export interface TreeShape {
  /** Without the FROM line */
  readonly steps: readonly string[];
  /** The first ones are those of which one changes. */
  readonly files: readonly [Files, ...Files[]];
}

/** The folder a contestant builds from. */
export class Tree {
  readonly #changing: readonly string[];
  readonly #sizes = new Map<string, number>();
  #changes = 0;

  constructor(
    readonly folder: string,
    base: string,
    shape: TreeShape,
  ) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'Dockerfile'), `${[`FROM ${base}`, ...shape.steps].join('\n')}\n`);
    for (const files of shape.files) for (const path of pathsOf(files)) this.#sizes.set(path, files.bytes);
    this.#changing = pathsOf(shape.files[0]);
    this.renew();
  }

  /** New content for one file, in turn. */
  change(): void {
    const path = this.#changing[this.#changes++ % this.#changing.length] ?? '';
    this.#write(path, this.#sizes.get(path) ?? 0);
  }

  /** New content for every file: nothing of it is anywhere yet. */
  renew(): void {
    for (const [path, bytes] of this.#sizes) this.#write(path, bytes);
  }

  /** The same content in new files, as a fresh clone has them: every time of change is now. */
  cloneAnew(): void {
    for (const path of this.#sizes.keys()) {
      const file = join(this.folder, path);
      copyFileSync(file, `${file}.new`);
      renameSync(`${file}.new`, file);
    }
  }

  get bytes(): number {
    return [...this.#sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  // Random, so that no contestant finds another one's layers.
  #write(path: string, bytes: number): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (bytes <= MEBIBYTE) return writeFileSync(file, text(bytes));
    const handle = openSync(file, 'w');
    for (let left = bytes; left > 0; left -= MEBIBYTE) writeSync(handle, randomBytes(Math.min(left, MEBIBYTE)));
    closeSync(handle);
    if (statSync(file).size !== bytes) throw new Error(`${file} is not whole`);
  }
}

function text(bytes: number): string {
  return randomBytes(bytes / 2).toString('hex');
}

/** A hundred files in a folder, as a repository has them, roughly. */
function pathsOf({ folder, count }: Files): readonly string[] {
  const name = (index: number): string => `${String(index % 100).padStart(2, '0')}.txt`;
  const below = (index: number): string => (count <= 100 ? '' : `${Math.floor(index / 100)}/`);
  return Array.from({ length: count }, (_, index) => `${folder}/${below(index)}${name(index)}`);
}
