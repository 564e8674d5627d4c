import type { Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StepError } from '../domain/errors';
import { byBytes } from './go-path';
import type { ParentResults, PatternMatcher } from './pattern-matcher';

/** Something in the context that goes to the daemon. */
export interface Found {
  /** Relative to the context, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'symlink';
  readonly stats: Stats;
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

/** Everything that is not ignored, folders before what is in them, in byte order of the names. */
export function walk(options: WalkOptions): AsyncGenerator<Found, void> {
  return walkFolder(options, '', undefined);
}

async function* walkFolder(
  options: WalkOptions,
  folder: string,
  parent: ParentResults | undefined,
): AsyncGenerator<Found, void> {
  for (const name of (await namesIn(options.root, folder)).sort(byBytes)) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (options.never.has(path)) continue;
    const { ignored, results } = options.matcher.match(path, parent);
    const kept = !ignored || options.always.has(path);
    const stats = await statOf(options.root, path);
    if (stats.isDirectory()) {
      if (kept) yield { path, kind: 'folder', stats };
      if (kept || mayHoldKept(options, path, results)) yield* walkFolder(options, path, results);
    } else if (kept) {
      yield* leaf(options, path, stats);
    }
  }
}

async function* leaf({ root, note }: WalkOptions, path: string, stats: Stats): AsyncGenerator<Found, void> {
  if (stats.isFile()) yield { path, kind: 'file', stats };
  else if (stats.isSymbolicLink()) yield { path, kind: 'symlink', stats, target: await linkOf(root, path) };
  else note(`left out of the context, being neither a file nor a folder nor a link: ${path}`);
}

function mayHoldKept({ matcher, always }: WalkOptions, folder: string, results: ParentResults): boolean {
  if (matcher.mayHoldKept(folder, results)) return true;
  for (const path of always) if (path.startsWith(`${folder}/`)) return true;
  return false;
}

function namesIn(root: string, folder: string): Promise<string[]> {
  return readdir(join(root, folder)).catch((error: unknown) => unreadable(folder === '' ? '.' : folder, error));
}

function statOf(root: string, path: string): Promise<Stats> {
  return lstat(join(root, path)).catch((error: unknown) => unreadable(path, error));
}

function linkOf(root: string, path: string): Promise<string> {
  return readlink(join(root, path)).catch((error: unknown) => unreadable(path, error));
}

/** One path of the context that could not be read, by name. */
export function unreadable(path: string, cause: unknown): never {
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  const why = code === 'ENOENT' ? 'it vanished while the context was read' : (code ?? 'unknown error');
  throw new StepError(
    'CONTEXT_UNREADABLE',
    'none',
    'environment',
    `${path} of the build context cannot be read: ${why}`,
    {
      hint: 'Nothing may change the context while it is sent; what the image does not need belongs into .dockerignore',
      cause,
    },
  );
}
