import { runInProcess } from '../../../src/context/run-in-process';
import { createTarProducer } from '../../../src/context/tar-producer';
import type { RunContextJob } from '../../../src/docker/builders';
import { createSyncProducer } from '../../../src/docker/buildkit/file-sync/sync-job';

/** Contexts read in this thread. */
export const runHere: RunContextJob = (job) =>
  runInProcess(job.kind === 'tar' ? createTarProducer(job) : createSyncProducer(job));
