import { parentPort } from 'node:worker_threads';
import type { MeasureJob } from './context/measure-job';
import { createMeasureProducer } from './context/measure-producer';
import type { Producer } from './context/producer';
import type { TarJob } from './context/tar-job';
import { createTarProducer } from './context/tar-producer';
import { serveJobs } from './context/worker-loop';
import { workerFault, type WorkerJob } from './context/worker-messages';
import { createSyncProducer, type SyncJob } from './docker/buildkit/file-sync/sync-job';

// The entry of the thread that reads contexts: scripts/package.mjs embeds its bundle in the plugin's.

/** All that this thread can make. */
function create(job: WorkerJob): Producer {
  if (isTar(job)) return createTarProducer(job);
  if (isSync(job)) return createSyncProducer(job);
  if (isMeasure(job)) return createMeasureProducer(job);
  throw workerFault(`no producer of ${job.kind}`);
}

function isTar(job: WorkerJob): job is TarJob {
  return job.kind === 'tar';
}

function isSync(job: WorkerJob): job is SyncJob {
  return job.kind === 'sync';
}

function isMeasure(job: WorkerJob): job is MeasureJob {
  return job.kind === 'measure';
}

if (parentPort) serveJobs(parentPort, create);
