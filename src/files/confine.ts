import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { StepError } from '../domain/errors';

export interface ConfineOptions {
  /** Whether a path outside the job's folder may be named at all. */
  readonly absolute: 'allowed' | 'refused';
  /** The field that holds the path, for messages. */
  readonly what: string;
  /** A real folder that a path outside the job's must stay in, whatever links lead there. */
  readonly within?: string;
  readonly mustBe?: 'file' | 'folder';
  /** The error for a path that is not there or not of the right kind; without it CONFIG_INVALID. */
  readonly missing?: (lookedFor: string, why: string) => StepError;
}

/** True when `path` is `folder` or lies in it. Compares text: both must be real paths, or neither. */
export function isBeneath(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The job's real folder. */
export async function realJobFolder(jobFolder: string): Promise<string> {
  try {
    return await realpath(jobFolder);
  } catch (cause) {
    throw new StepError(
      'CONTEXT_MISSING',
      'none',
      'config',
      `The task's working directory ${jobFolder} is not there (${codeOf(cause)})`,
      {
        hint: 'A material or an earlier task must create it; the working directory is set on the task itself',
        cause,
      },
    );
  }
}

/**
 * The real path of `path`, which must lie beneath the job's real folder whatever links lead there. An absolute path that
 * begins with the job's folder is held to the same rule: it is the repository's content all the same.
 */
export async function confine(jobFolder: string, path: string, options: ConfineOptions): Promise<string> {
  const root = await realJobFolder(jobFolder);
  const lookedFor = resolve(jobFolder, path);
  const inside = isBeneath(resolve(jobFolder), lookedFor) || isBeneath(root, lookedFor);
  if (!inside && !(isAbsolute(path) && options.absolute === 'allowed')) {
    throw outside(options.what, path, `lies outside the job's folder ${jobFolder}`);
  }
  const real = await realOf(lookedFor, path, options);
  if (inside && !isBeneath(root, real)) {
    throw outside(options.what, path, `leads through a link to ${real}, outside the job's folder ${root}`);
  }
  if (!inside && options.within !== undefined && !isBeneath(options.within, real)) {
    throw outside(options.what, path, `leads through a link to ${real}, outside ${options.within}`);
  }
  if (options.mustBe) await checkKind(real, lookedFor, path, options);
  return real;
}

/** The system's name for what went wrong, such as ENOENT. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}

function outside(what: string, path: string, why: string): StepError {
  return new StepError('PATH_OUTSIDE', 'none', 'config', `${what} "${path}" ${why}`, {
    hint: `Name a path inside the job's folder in ${what}`,
  });
}

async function realOf(lookedFor: string, path: string, options: ConfineOptions): Promise<string> {
  try {
    return await realpath(lookedFor);
  } catch (cause) {
    throw unusable(lookedFor, path, reasonOf(cause), options);
  }
}

async function checkKind(real: string, lookedFor: string, path: string, options: ConfineOptions): Promise<void> {
  let stats: Stats;
  try {
    stats = await stat(real);
  } catch (cause) {
    throw unusable(lookedFor, path, reasonOf(cause), options);
  }
  const right = options.mustBe === 'file' ? stats.isFile() : stats.isDirectory();
  if (right) return;
  const found = stats.isDirectory() ? 'a folder' : stats.isFile() ? 'a file' : 'neither a file nor a folder';
  throw unusable(lookedFor, path, `it is ${found}, not a ${options.mustBe ?? ''}`, options);
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ERR_INVALID_ARG_VALUE') return 'it is not there';
  if (code === 'EACCES') return "the agent's user may not reach it (EACCES)";
  if (code === 'ELOOP') return 'its links lead in a circle (ELOOP)';
  return `it cannot be reached (${code})`;
}

/** The error for a path that names nothing usable, in the caller's words where it has some. */
export function unusable(lookedFor: string, path: string, why: string, options: ConfineOptions): StepError {
  return (
    options.missing?.(lookedFor, why) ??
    new StepError(
      'CONFIG_INVALID',
      'none',
      'config',
      `${options.what} "${path}" cannot be used: ${why} (looked for ${lookedFor})`,
    )
  );
}
