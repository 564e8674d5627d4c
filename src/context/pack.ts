import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { StepError } from '../domain/errors';
import { confine, isBeneath } from '../files/confine';
import { openNoFollow, readBeneath } from '../files/open-beneath';
import { readIgnoreRules } from './ignore-rules';
import { TAR_END, tarHeader, tarPadding } from './tar-header';
import { unreadable, walk, type Found, type WalkOptions } from './walk';

export interface PackOptions {
  /** The job's working directory, absolute. */
  readonly jobFolder: string;
  /** Build context and Dockerfile as the plan has them: relative to the job's folder, or absolute. */
  readonly context: string;
  readonly dockerfile: string;
  /** Paths, relative to the job's folder, that are ours and never part of a context. */
  readonly outputs: readonly string[];
  readonly signal?: AbortSignal;
}

export interface ContextTotals {
  readonly files: number;
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

const MAX_DOCKERFILE_BYTES = 4 * 1024 * 1024; // larger than any that a daemon takes in reasonable time
const CHUNK_BYTES = 256 * 1024; // few system calls for a big file, and little memory

/** Packs the context as `docker build` would send it to the classic builder; the files are read while the stream is. */
export async function packContext(options: PackOptions): Promise<PackedContext> {
  const { jobFolder } = options;
  const folder = await confine(jobFolder, '.', { absolute: 'refused', what: 'Context', mustBe: 'folder' });
  const root = await confine(jobFolder, options.context, { absolute: 'allowed', what: 'Context', mustBe: 'folder' });
  const dockerfile = await readDockerfile(options, root);
  const rules = await readIgnoreRules(jobFolder, options.context, options.dockerfile);
  const ignoreFile = rules.file !== undefined && isBeneath(root, rules.file) ? inTar(root, rules.file) : undefined;
  const notes: string[] = [];
  const totals = { files: 0, bytes: 0 };
  const walkOptions: WalkOptions = {
    root,
    matcher: rules.matcher,
    always: new Set([dockerfile.inTar, ...(ignoreFile === undefined ? [] : [ignoreFile])]),
    never: new Set(options.outputs.map((path) => inTar(root, resolve(folder, path)))),
    note: (text) => notes.push(text),
  };
  const chunks = archive(walkOptions, dockerfile, totals);
  const stream = Readable.from(chunks, { objectMode: false, highWaterMark: CHUNK_BYTES });
  return { stream, dockerfileInTar: dockerfile.inTar, totals: () => ({ ...totals }), notes };
}

interface SentDockerfile {
  readonly inTar: string;
  /** Where it lies outside the context; undefined: the walk finds it. */
  readonly content: Buffer | undefined;
}

async function readDockerfile({ jobFolder, dockerfile }: PackOptions, root: string): Promise<SentDockerfile> {
  const options = { absolute: 'allowed', what: 'Dockerfile', maxBytes: MAX_DOCKERFILE_BYTES } as const;
  const real = await confine(jobFolder, dockerfile, { ...options, mustBe: 'file' });
  if (isBeneath(root, real)) return { inTar: inTar(root, real), content: undefined };
  const content = await readBeneath(jobFolder, dockerfile, options);
  // A name that no COPY can guess, as docker's CLI has it for a `-f` outside of the context.
  return { inTar: `.dockerfile.${randomBytes(10).toString('hex')}`, content };
}

function inTar(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

interface Totals {
  files: number;
  bytes: number;
}

async function* archive(
  options: WalkOptions,
  dockerfile: SentDockerfile,
  totals: Totals,
): AsyncGenerator<Buffer, void> {
  for await (const found of walk(options)) {
    if (found.kind === 'file') yield* file(options.root, found, totals);
    else yield tarHeader({ ...found, mode: found.stats.mode, size: 0, mtime: found.stats.mtimeMs / 1000 });
  }
  if (dockerfile.content !== undefined) {
    const { inTar: path, content } = dockerfile;
    yield tarHeader({ path, kind: 'file', mode: 0o600, size: content.length, mtime: 0 });
    yield Buffer.concat([content, tarPadding(content.length)]);
  }
  yield TAR_END;
}

async function* file(root: string, { path }: Found, totals: Totals): AsyncGenerator<Buffer, void> {
  const handle = await openNoFollow(join(root, path)).catch((error: unknown) => unreadable(path, error));
  try {
    const { size, mode, mtimeMs } = await handle.stat();
    yield tarHeader({ path, kind: 'file', mode, size, mtime: mtimeMs / 1000 });
    yield* content(handle, path, size);
    yield tarPadding(size);
    totals.files++;
    totals.bytes += size;
  } finally {
    await handle.close();
  }
}

/** Exactly the bytes that the header promised: a file that shrinks or grows meanwhile would shift all that follows. */
async function* content(handle: FileHandle, path: string, size: number): AsyncGenerator<Buffer, void> {
  let left = size;
  while (left > 0) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, left));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) throw changed(path);
    left -= bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
  const { size: now } = await handle.stat();
  if (now !== size) throw changed(path);
}

function changed(path: string): StepError {
  return new StepError(
    'CONTEXT_UNREADABLE',
    'none',
    'environment',
    `${path} of the build context changed its size while it was read`,
    { hint: 'Nothing may write into the context while it is sent; logs belong into .dockerignore' },
  );
}
