import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, open } from 'node:fs/promises';
import { StepError } from '../domain/errors';
import type { ConfineOptions } from './confine';
import { codeOf, confine, unusable } from './confine';

export interface OpenedFile {
  readonly handle: FileHandle;
  /** The file's real path. */
  readonly path: string;
  readonly stats: Stats;
}

// O_NONBLOCK: a FIFO that took the file's place would otherwise block the open for ever.
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Opens a file for reading that is no link and no FIFO, at a path that is already real. */
export function openNoFollow(realPath: string): Promise<FileHandle> {
  return open(realPath, READ_FLAGS);
}

/** True when an open file is the one that a path named (before or after the opening). */
export function isSameFile(opened: Stats, named: Stats): boolean {
  return opened.dev === named.dev && opened.ino === named.ino;
}

/** Opens a regular file that `confine` allows; what was opened is compared with what the path names afterwards. */
export async function openBeneath(jobFolder: string, path: string, options: ConfineOptions): Promise<OpenedFile> {
  const checked = { ...options, mustBe: 'file' } as const;
  const real = await confine(jobFolder, path, checked);
  const handle = await openReal(real, path, options);
  try {
    const stats = await handle.stat();
    const named = await lstat(await confine(jobFolder, path, checked));
    if (!stats.isFile() || !isSameFile(stats, named)) throw changed(path, options);
    return { handle, path: real, stats };
  } catch (error) {
    await handle.close();
    throw error instanceof StepError ? error : changed(path, options, error);
  }
}

/** Reads a small file whole, or refuses it when it has more than `maxBytes`. */
export async function readBeneath(
  jobFolder: string,
  path: string,
  options: ConfineOptions & { readonly maxBytes: number; readonly tooLarge?: () => StepError },
): Promise<Buffer> {
  const { handle } = await openBeneath(jobFolder, path, options);
  try {
    const content = await readAtMost(handle, options.maxBytes);
    if (content) return content;
    throw options.tooLarge?.() ?? tooLarge(path, options);
  } finally {
    await handle.close();
  }
}

/** The whole file, or undefined when it has more than `maxBytes`; the size that it claims to have is not asked for. */
export async function readAtMost(handle: FileHandle, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total <= maxBytes) {
    const chunk = Buffer.allocUnsafe(Math.min(64 * 1024, maxBytes + 1 - total));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) return Buffer.concat(chunks, total);
    chunks.push(chunk.subarray(0, bytesRead));
    total += bytesRead;
  }
  return undefined;
}

async function openReal(real: string, path: string, options: ConfineOptions): Promise<FileHandle> {
  try {
    return await openNoFollow(real);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ELOOP' || code === 'ENOENT') throw changed(path, options, cause);
    const why = code === 'EACCES' ? "the agent's user may not read it (EACCES)" : `it cannot be read (${code})`;
    throw unusable(real, path, why, options);
  }
}

function tooLarge(path: string, { what, maxBytes }: ConfineOptions & { readonly maxBytes: number }): StepError {
  return new StepError('CONFIG_INVALID', 'none', 'config', `${what} "${path}" is larger than ${maxBytes} bytes`);
}

function changed(path: string, options: ConfineOptions, cause?: unknown): StepError {
  return new StepError(
    'PATH_OUTSIDE',
    'none',
    'environment',
    `${options.what} "${path}" was replaced while it was being opened`,
    {
      hint: "Let nothing else write to the job's folder while the task runs",
      cause,
    },
  );
}
