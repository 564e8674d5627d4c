import type { Producer } from '../../../context/producer';
import { runInProcess } from '../../../context/run-in-process';
import type { ProducerRun } from '../../../context/producer-run';
import type { SyncFolder, SyncRequest } from '../offer';
import { withBatchedInput } from './batched-input';
import { ignoreFile } from './dockerfile-folder';
import { MemoryTree, type MemoryFile } from './memory-tree';
import type { SyncJob } from './sync-job';
import { SyncProducer } from './sync-producer';

/** Runs a job where files are read: in the worker, or in this thread. */
export type RunSync = (job: SyncJob) => ProducerRun;

/** Everything that a folder on the disk needs but the request. */
export type FolderJob = Omit<SyncJob, 'kind' | 'request'>;

/** Files of a folder begin to travel; reading the ignore file alone is not that. */
export type OnTransfer = (run: ProducerRun) => void;

const IGNORE_FILE = '.dockerignore';

/** A folder of a few files, sent from memory whatever of it is asked for. */
export function openMemoryFolder(files: readonly MemoryFile[]): SyncFolder {
  return { open: () => runInProcess(memoryProducer(files)) };
}

/** A folder on the disk. A frontend that reads its ignore file to apply it gets the rules that hold here. */
export function openDiskFolder(folder: FolderJob, run: RunSync, onTransfer: OnTransfer): SyncFolder {
  const rules = ignoreFile(IGNORE_FILE, folder.ignore);
  return {
    open: (request) => {
      // Without rules the file is one like others: COPY may want it.
      if (isForIgnoreFile(request) && folder.ignore.length > 0) return runInProcess(memoryProducer([rules]));
      const transfer = run({ kind: 'sync', ...folder, request });
      if (!isForIgnoreFile(request)) onTransfer(transfer);
      return withBatchedInput(transfer);
    },
  };
}

function isForIgnoreFile({ followPaths, includePatterns, excludePatterns }: SyncRequest): boolean {
  const nothingElse = includePatterns.length === 0 && excludePatterns.length === 0;
  return nothingElse && followPaths.length === 1 && followPaths[0] === IGNORE_FILE;
}

function memoryProducer(files: readonly MemoryFile[]): Producer {
  return new SyncProducer(() => new MemoryTree(files));
}
