import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StepError } from '../domain/errors';
import { codeOf } from '../files/confine';
import { byBytes } from './go-path';
import type { ParentResults, PatternMatcher } from './pattern-matcher';

/** Something in the context that goes to the daemon. */
export interface Found {
  /** Relative to the context, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'symlink';
  readonly stats: Stats;
  /** Where a symlink points, as written. */
  readonly target?: string;
}

export interface WalkOptions {
  /** The context's real folder. */
  readonly root: string;
  readonly matcher: PatternMatcher;
  /** Sent even where they are ignored: the Dockerfile and the ignore file, as docker's CLI does. */
  readonly always: ReadonlySet<string>;
  /** Never sent: what this plugin writes. */
  readonly never: ReadonlySet<string>;
  /** Told of what no archive can hold. */
  note(text: string): void;
}

interface Candidate {
  readonly path: string;
  readonly kept: boolean;
  readonly results: ParentResults;
}

// As many as keep the four threads of libuv's pool busy.
const STATS_AT_ONCE = 32;

/** Everything that is not ignored, folders before what is in them, in byte order of the names. */
export function walk(options: WalkOptions): AsyncGenerator<Found, void> {
  return walkFolder(options, '', undefined, []);
}

/** `ignored`: the folders above that are not sent unless something in them is. */
async function* walkFolder(
  options: WalkOptions,
  folder: string,
  parent: ParentResults | undefined,
  ignored: Found[],
): AsyncGenerator<Found, void> {
  const candidates = await candidatesIn(options, folder, parent);
  for (let at = 0; at < candidates.length; at += STATS_AT_ONCE) {
    const some = candidates.slice(at, at + STATS_AT_ONCE);
    const found = await Promise.all(some.map(({ path }) => look(options, path)));
    for (const [index, { path, kept, results }] of some.entries()) {
      const item = found[index];
      if (!item) continue;
      if (kept) yield* ignored.splice(0);
      if (kept) yield item;
      if (item.kind !== 'folder') continue;
      if (!kept) ignored.push(item);
      yield* walkFolder(options, path, results, ignored);
      if (!kept && ignored.at(-1) === item) ignored.pop();
    }
  }
}

/** What is sent from a folder, and the ignored folders that may hold something to be sent. */
async function candidatesIn(
  options: WalkOptions,
  folder: string,
  parent: ParentResults | undefined,
): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const entry of (await entriesOf(options.root, folder)).sort((a, b) => byBytes(a.name, b.name))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (options.never.has(path)) continue;
    const { ignored, results } = options.matcher.match(path, parent);
    const kept = !ignored || options.always.has(path);
    if (kept || (entry.isDirectory() && mayHoldKept(options, path, results))) candidates.push({ path, kept, results });
  }
  return candidates;
}

function mayHoldKept({ matcher, always }: WalkOptions, folder: string, results: ParentResults): boolean {
  if (matcher.mayHoldKept(folder, results)) return true;
  for (const path of always) if (path.startsWith(`${folder}/`)) return true;
  return false;
}

async function look({ root, note }: WalkOptions, path: string): Promise<Found | undefined> {
  try {
    const stats = await lstat(join(root, path));
    if (stats.isDirectory()) return { path, kind: 'folder', stats };
    if (stats.isFile()) return { path, kind: 'file', stats };
    if (stats.isSymbolicLink()) return { path, kind: 'symlink', stats, target: await readlink(join(root, path)) };
  } catch (error) {
    throw unreadable(path, error);
  }
  note(`left out of the context, being no file, folder or link: ${path}`);
  return undefined;
}

function entriesOf(root: string, folder: string): Promise<Dirent[]> {
  return readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(folder === '' ? '.' : folder, error);
  });
}

/** One path of the context that could not be read, by name. */
export function unreadable(path: string, cause: unknown): StepError {
  const code = codeOf(cause);
  if (code === 'ENOENT' && path.includes('\ufffd')) return badName(path, cause);
  const why = code === 'ENOENT' ? 'it vanished while the context was read' : `the agent's user may not (${code})`;
  return new StepError('CONTEXT_UNREADABLE', 'none', 'environment', `Context: ${path} cannot be read: ${why}`, {
    hint:
      code === 'ENOENT'
        ? 'Let nothing change the context while it is sent, or name the file in .dockerignore'
        : 'Make it readable, or name it in .dockerignore if the image does not need it',
    cause,
  });
}

function badName(path: string, cause: unknown): StepError {
  return new StepError('CONTEXT_UNREADABLE', 'none', 'environment', `Context: the name of ${path} is not UTF-8`, {
    hint: 'Rename it, or name it in .dockerignore with ? for each such character',
    cause,
  });
}
