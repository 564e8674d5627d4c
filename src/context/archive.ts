import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { StepError } from '../domain/errors';
import { isSameFile, openNoFollow } from '../files/open-beneath';
import { inLargePieces, readAhead } from './read-ahead';
import { TAR_END, tarHeader, tarPadding } from './tar-header';
import type { Found } from './walk';
import { unreadable } from './walk';

/** A file of the archive that is not what lies in the context. */
export interface Extra {
  readonly path: string;
  readonly content: Buffer;
}

export interface Totals {
  files: number;
  bytes: number;
}

// Files up to this size are read ahead, whole: the waiting for each costs more than the reading.
const SMALL_BYTES = 64 * 1024;
const FILES_AHEAD = 16;
const CHUNK_BYTES = 256 * 1024;

interface Ready {
  readonly found: Found;
  /** The whole file, where it is small. */
  readonly content: Buffer | undefined;
}

/** A tar of what was found, with the extras: in the place of a file of that name, or else at the end. */
export function archive(
  root: string,
  found: AsyncIterable<Found>,
  extras: readonly Extra[],
  totals: Totals,
): AsyncGenerator<Buffer, void> {
  return inLargePieces(members(root, found, extras, totals), SMALL_BYTES);
}

async function* members(
  root: string,
  found: AsyncIterable<Found>,
  extras: readonly Extra[],
  totals: Totals,
): AsyncGenerator<Buffer, void> {
  const left = new Map(extras.map((extra) => [extra.path, extra]));
  const links = new Map<string, string>();
  for await (const ready of readAhead(found, (item) => prepare(root, item), FILES_AHEAD)) {
    const extra = left.get(ready.found.path);
    left.delete(ready.found.path);
    if (ready.found.kind !== 'folder') totals.files++;
    if (extra) yield extraMember(extra, ready.found.stats);
    else yield* member(root, ready, links, totals);
  }
  for (const extra of left.values()) yield extraMember(extra);
  yield TAR_END;
}

async function* member(
  root: string,
  { found, content }: Ready,
  links: Map<string, string>,
  totals: Totals,
): AsyncGenerator<Buffer, void> {
  const { path, kind, stats } = found;
  const plain = { ...found, mode: stats.mode, mtime: stats.mtimeMs / 1000, size: 0 };
  if (kind !== 'file') {
    yield tarHeader(plain);
    return;
  }
  const first = stats.nlink > 1 ? links.get(`${stats.dev}:${stats.ino}`) : undefined;
  if (first !== undefined) {
    yield tarHeader({ ...plain, kind: 'hardlink', target: first });
    return;
  }
  if (stats.nlink > 1) links.set(`${stats.dev}:${stats.ino}`, path);
  if (content) yield fileMember({ ...plain, size: content.length }, content);
  else yield* largeFile(root, found, totals);
  totals.bytes += content?.length ?? 0;
}

function extraMember({ path, content }: Extra, stats?: Stats): Buffer {
  const mode = stats?.isFile() ? stats.mode : 0o600;
  const mtime = (stats?.mtimeMs ?? 0) / 1000;
  return fileMember({ path, kind: 'file', mode, mtime, size: content.length }, content);
}

function fileMember(entry: Parameters<typeof tarHeader>[0], content: Buffer): Buffer {
  return Buffer.concat([tarHeader(entry), content, tarPadding(content.length)]);
}

async function prepare(root: string, found: Found): Promise<Ready> {
  if (found.kind !== 'file' || found.stats.size > SMALL_BYTES) return { found, content: undefined };
  const handle = await openFound(root, found);
  try {
    return { found, content: await wholeFile(handle, found) };
  } finally {
    await handle.close();
  }
}

/** What is opened must be what the walk saw: a folder on the way may have become a link to anywhere since. */
async function openFound(root: string, { path, stats }: Found): Promise<FileHandle> {
  const handle = await openNoFollow(join(root, path)).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const opened = await handle.stat();
    if (!opened.isFile() || !isSameFile(opened, stats)) throw changed(path, 'was replaced');
    if (opened.size !== stats.size) throw changed(path, 'changed its size');
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function wholeFile(handle: FileHandle, { path, stats }: Found): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(stats.size + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < buffer.length;) {
    read = await readInto(handle, path, buffer.subarray(length));
    length += read;
  }
  if (length !== stats.size) throw changed(path, 'changed its size');
  return buffer.subarray(0, length);
}

/** Exactly the bytes that the header promises: one more or less would shift all that follows. */
async function* largeFile(root: string, found: Found, totals: Totals): AsyncGenerator<Buffer, void> {
  const { path, stats } = found;
  const handle = await openFound(root, found);
  try {
    yield tarHeader({ path, kind: 'file', mode: stats.mode, size: stats.size, mtime: stats.mtimeMs / 1000 });
    for (let left = stats.size; left > 0;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, left));
      const read = await readInto(handle, path, chunk);
      if (read === 0) throw changed(path, 'changed its size');
      left -= read;
      totals.bytes += read;
      yield chunk.subarray(0, read);
    }
    if ((await handle.stat()).size !== stats.size) throw changed(path, 'changed its size');
    yield tarPadding(stats.size);
  } finally {
    await handle.close();
  }
}

async function readInto(handle: FileHandle, path: string, buffer: Buffer): Promise<number> {
  try {
    return (await handle.read(buffer, 0, buffer.length, null)).bytesRead;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function changed(path: string, how: string): StepError {
  return new StepError('CONTEXT_UNREADABLE', 'none', 'environment', `Context: ${path} ${how} while it was read`, {
    hint: 'Let nothing change the context while it is sent, or name the file in .dockerignore',
  });
}
