import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { realJobFolder } from '../files/confine';
import { readIgnoreRules } from './ignore-rules';
import { placeDockerfile } from './place-dockerfile';
import { findPlaces, type Named } from './places';
import type { ProducedFacts } from './producer';
import type { ProducerRun } from './producer-run';
import { runInProcess } from './run-in-process';
import type { TarJob } from './tar-job';
import { createTarProducer } from './tar-producer';

export interface PackOptions extends Named {
  /** The job's working directory, absolute. */
  readonly jobFolder: string;
  /** Paths, relative to the job's folder, that are ours and never part of a context. */
  readonly outputs: readonly string[];
  readonly signal?: AbortSignal;
  /** Where the packing is done: a worker, or this thread. */
  readonly run?: (job: TarJob) => ProducerRun;
}

export interface PackedContext {
  /** An uncompressed tar. Ends with an error (StepError) when a file could not be read; destroy it to stop. */
  readonly stream: Readable;
  /** What the daemon's `dockerfile` parameter must say. */
  readonly dockerfileInTar: string;
  /** Once the stream has ended; undefined: it was destroyed before. */
  facts(): Promise<ProducedFacts | undefined>;
}

const inThisThread = (job: TarJob): ProducerRun => runInProcess(createTarProducer(job));

/** Packs the context as `docker build` would send it to the classic builder; the files are read while the stream is. */
export async function packContext(options: PackOptions): Promise<PackedContext> {
  const { jobFolder, signal, run = inThisThread } = options;
  const places = await findPlaces(jobFolder, options);
  const { root } = places;
  const rules = await readIgnoreRules(jobFolder, options, root);
  const { inTar, always, extras } = await placeDockerfile(jobFolder, options, places, rules);
  const never = await outputsIn(root, options);
  const { output, facts } = run({ kind: 'tar', root, ignore: rules.patterns, always, never, extras });
  if (signal) addAbortSignal(signal, output);
  return { stream: output, dockerfileInTar: inTar, facts };
}

/** What a run writes, by the names that a walk meets: a folder on the way may be a link. */
export async function outputsIn(
  root: string,
  { jobFolder, outputs }: Pick<PackOptions, 'jobFolder' | 'outputs'>,
): Promise<readonly string[]> {
  const folder = await realJobFolder(jobFolder);
  return Promise.all(
    outputs.map(async (output) => {
      const wanted = resolve(folder, output);
      const parent = await realpath(dirname(wanted)).catch(() => dirname(wanted));
      const path = relative(root, join(parent, basename(wanted)));
      return path.split(sep).join('/');
    }),
  );
}
