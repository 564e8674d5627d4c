import {
  lstatSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDiskFolder, type FolderJob } from '../../../../src/docker/buildkit/file-sync/folders';
import type { ProducerRun } from '../../../../src/context/producer-run';
import type { SyncRequest, SyncTransfer } from '../../../../src/docker/buildkit/offer';
import { runHere } from '../context-jobs';

export const EVERYTHING: SyncRequest = { includePatterns: [], excludePatterns: [], followPaths: [] };

/** Two empty folders, one to send from and one to receive into. */
export class SyncScene {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sync-'));
  readonly from = join(this.#folder, 'from');
  readonly into = join(this.#folder, 'into');
  readonly runs: ProducerRun[] = [];

  constructor() {
    mkdirSync(this.from);
    mkdirSync(this.into);
  }

  open(request: Partial<SyncRequest> = {}, job: Partial<FolderJob> = {}): SyncTransfer {
    const folder = { root: this.from, ignore: [], always: [], never: [], ...job };
    return openDiskFolder(folder, runHere, (run) => this.runs.push(run)).open({ ...EVERYTHING, ...request });
  }

  /** `a` (id 0), `a/file` (1), and `large` (2), of so many bytes that a transfer is under way for a while. */
  fill(): void {
    mkdirSync(join(this.from, 'a'));
    writeFileSync(join(this.from, 'a/file'), 'content');
    writeFileSync(join(this.from, 'large'), '');
    truncateSync(join(this.from, 'large'), 40 * 1024 * 1024);
  }

  /** A path beside both, for what must never be read. */
  outside(name: string): string {
    return join(this.#folder, name);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** All that a copy must have in common with its original; the first name stands for all of one file. */
export function described(root: string): readonly unknown[] {
  const first = new Map<number, string>();
  return namesBeneath(Buffer.from(root)).map((path) => {
    const name = path.toString('latin1').slice(root.length);
    const stats = lstatSync(path);
    const { mode, mtimeMs, ino } = stats;
    if (!first.has(ino)) first.set(ino, name);
    const target = stats.isSymbolicLink() ? readlinkSync(path, 'latin1') : undefined;
    const content = stats.isFile() ? readFileSync(path, 'latin1') : undefined;
    // lutimes takes a double, of seconds.
    return {
      name,
      mode,
      time: Math.round(mtimeMs),
      target,
      content,
      sameAs: stats.isFile() ? first.get(ino) : undefined,
    };
  });
}

function namesBeneath(folder: Buffer): readonly Buffer[] {
  return readdirSync(folder, { encoding: 'buffer' })
    .sort(Buffer.compare)
    .flatMap((name) => {
      const path = Buffer.concat([folder, Buffer.from('/'), name]);
      return lstatSync(path).isDirectory() ? [path, ...namesBeneath(path)] : [path];
    });
}

/** What this process has open beneath a folder. */
export function openBeneath(folder: string): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return []; // the folder's own descriptor
    }
  });
}
