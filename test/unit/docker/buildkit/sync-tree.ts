import { chmodSync, linkSync, lutimesSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** One thing on the disk, as the vectors have it. Folders come before what is in them. */
export interface Node {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'symlink' | 'hardlink' | 'fifo';
  readonly mode: number;
  readonly content?: string;
  readonly target?: string;
  readonly seconds: number;
  /** Such as a double can say beside the seconds: that is what lutimes takes. */
  readonly nanos?: number;
}

export function makeTree(root: string, tree: readonly Node[]): void {
  for (const node of tree) make(root, node);
  // Backwards: what is made in a folder changes its time.
  for (const { path, kind, mode, seconds, nanos = 0 } of tree.toReversed()) {
    const at = join(root, path);
    if (kind !== 'symlink' && kind !== 'hardlink') chmodSync(at, mode);
    if (kind !== 'hardlink') setTime(at, seconds + nanos / 1e9);
  }
}

/** Node takes a time before 1970 for now. */
function setTime(at: string, seconds: number): void {
  if (seconds >= 0) lutimesSync(at, seconds, seconds);
  else execFileSync('touch', ['--no-dereference', `--date=@${seconds}`, at]);
}

function make(root: string, { path, kind, content = '', target = '' }: Node): void {
  const at = join(root, path);
  switch (kind) {
    case 'file':
      return writeFileSync(at, content);
    case 'folder':
      return mkdirSync(at);
    case 'symlink':
      return symlinkSync(target, at);
    case 'hardlink':
      return linkSync(join(root, target), at);
    case 'fifo':
      return void execFileSync('mkfifo', [at]);
  }
}
