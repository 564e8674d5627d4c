import { posix } from 'node:path';
import type { MemoryFile } from './memory-tree';

/** What a frontend finds in the folder `dockerfile`. */
export interface DockerfileFolder {
  /** What the build call must name. */
  readonly name: string;
  readonly files: readonly MemoryFile[];
}

// Frontends take the name for a pattern, and old ones for ASCII.
const PLAIN_NAME = /^[A-Za-z0-9_.+@=,-]+$/;

/**
 * The Dockerfile, under its own name where a frontend is sure to understand it, and the rules that hold for this build as
 * `<Dockerfile>.dockerignore`: every frontend since 1.1 asks for that first, and takes no other where it is there. So the
 * rules are read once, here, and the frontend applies the very same.
 */
export function dockerfileFolder(path: string, content: Uint8Array, ignore: readonly string[]): DockerfileFolder {
  const own = posix.basename(path);
  const name = PLAIN_NAME.test(own) && !/^\.*$/.test(own) ? own : 'Dockerfile';
  return { name, files: [{ name, content }, ignoreFile(`${name}.dockerignore`, ignore)] };
}

// A frontend sends the patterns back, each in a header: 160 KB of them pass, 290 KB break the connection (measured on 29).
const MAX_PATTERN_BYTES = 64 * 1024;

/**
 * An ignore file that is read as these patterns. An empty file is for some frontends as good as none. More than a frontend
 * can send back are left out: they hold on this side anyway.
 */
export function ignoreFile(name: string, patterns: readonly string[]): MemoryFile {
  const lines = patterns.map(lineOf);
  const text = lines.join('\n');
  const told = Buffer.byteLength(text) > MAX_PATTERN_BYTES ? [] : lines;
  return { name, content: Buffer.from(`${['#', ...told].join('\n')}\n`) };
}

function lineOf(pattern: string): string {
  // A comment begins a line, and a pattern may stand behind a blank.
  if (pattern.startsWith('#')) return ` ${pattern}`;
  // Blanks before a name would be taken away, and so is a slash.
  return /^!\s/.test(pattern) ? `!/${pattern.slice(1)}` : pattern;
}
