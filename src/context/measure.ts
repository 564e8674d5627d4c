import { addAbortSignal } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ContextReport } from '../domain/events';
import type { BuildPlan } from '../domain/plan';
import { readIgnoreRules } from './ignore-rules';
import type { MeasureJob } from './measure-job';
import { createMeasureProducer } from './measure-producer';
import { outputsIn } from './pack';
import { findPlaces } from './places';
import type { ProducerRun } from './producer-run';
import { runInProcess } from './run-in-process';

/** Where contexts are looked over: a worker, or this thread. */
export type RunMeasure = (job: MeasureJob) => ProducerRun;

const inThisThread: RunMeasure = (job) => runInProcess(createMeasureProducer(job));

/** What `docker build` would send, by names and sizes. */
export async function measureContext(
  build: BuildPlan,
  place: { readonly jobFolder: string; readonly outputs: readonly string[] },
  signal: AbortSignal,
  run = inThisThread,
): Promise<ContextReport> {
  const { jobFolder } = place;
  const { root } = await findPlaces(jobFolder, build);
  const { patterns } = await readIgnoreRules(jobFolder, build, root);
  const never = await outputsIn(root, place);
  const { output, facts } = run({ kind: 'measure', root, ignore: patterns, always: [], never });
  addAbortSignal(signal, output);
  output.resume();
  try {
    await finished(output);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  const found = await facts();
  return found?.report ?? { files: 0, bytes: 0, sentFiles: 0, sentBytes: 0, largest: [], baggage: [] };
}
