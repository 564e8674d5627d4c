import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { addAbortSignal, Readable } from 'node:stream';
import { realJobFolder } from '../files/confine';
import { archive } from './archive';
import { readIgnoreRules } from './ignore-rules';
import { placeDockerfile } from './place-dockerfile';
import { findPlaces, type Named } from './places';
import { walk } from './walk';

export interface PackOptions extends Named {
  /** The job's working directory, absolute. */
  readonly jobFolder: string;
  /** Paths, relative to the job's folder, that are ours and never part of a context. */
  readonly outputs: readonly string[];
  readonly signal?: AbortSignal;
}

export interface ContextTotals {
  /** Files and links; folders are not counted. */
  readonly files: number;
  /** Of their contents. */
  readonly bytes: number;
}

export interface PackedContext {
  /** An uncompressed tar. Ends with an error (StepError) when a file could not be read; destroy it to stop. */
  readonly stream: Readable;
  /** What the daemon's `dockerfile` parameter must say. */
  readonly dockerfileInTar: string;
  /** What has gone into the stream so far; final when the stream has ended. */
  totals(): ContextTotals;
  /** Things worth a line, complete when the stream has ended: skipped sockets and the like. */
  readonly notes: readonly string[];
}

/** Packs the context as `docker build` would send it to the classic builder; the files are read while the stream is. */
export async function packContext(options: PackOptions): Promise<PackedContext> {
  const { jobFolder, signal } = options;
  const places = await findPlaces(jobFolder, options);
  const { root } = places;
  const rules = await readIgnoreRules(jobFolder, options, root);
  const { inTar, always, extras } = await placeDockerfile(jobFolder, options, places, rules);
  const notes: string[] = [];
  const totals = { files: 0, bytes: 0 };
  const found = walk({
    root,
    matcher: rules.matcher,
    always: new Set(always),
    never: new Set(await outputsIn(root, options)),
    note: (text) => notes.push(text),
  });
  const stream = Readable.from(archive(root, found, extras, totals), { objectMode: false });
  if (signal) addAbortSignal(signal, stream);
  return { stream, dockerfileInTar: inTar, totals: () => ({ ...totals }), notes };
}

/** What a run writes, by the names that a walk meets: a folder on the way may be a link. */
async function outputsIn(root: string, { jobFolder, outputs }: PackOptions): Promise<readonly string[]> {
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
