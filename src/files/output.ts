import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, mkdir, open, realpath, rename, rmdir, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StepError } from '../domain/errors';
import { codeOf, isBeneath, realJobFolder } from './confine';

const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** The file names of a run, relative to the job's folder: result, variables, raw log, failure. */
export interface OutputNames {
  readonly result: string;
  readonly env: string;
  readonly log: string;
  readonly failed: string;
}

/** All four have the stem of `resultFile`. */
export function outputNames(resultFile: string): OutputNames {
  const stem = resultFile.replace(/\.json$/, '');
  return { result: resultFile, env: `${stem}.env`, log: `${stem}.log`, failed: `${stem}.failed.json` };
}

/** The absolute path of an output in its real folder beneath the job's; missing folders are made. */
export async function outputPath(jobFolder: string, path: string): Promise<string> {
  const root = await realJobFolder(jobFolder);
  const wanted = resolve(root, path);
  if (!isBeneath(root, wanted) || wanted === root) throw outside(path, `lies outside the job's folder ${root}`);
  await checkNearest(root, dirname(wanted), path);
  const folder = await makeFolder(dirname(wanted), path);
  if (!isBeneath(root, folder))
    throw outside(path, `leads through a link to ${folder}, outside the job's folder ${root}`);
  return join(folder, basename(wanted));
}

/** Creates a file under a random name, 0600, never through a link; `place` then puts it where it belongs. */
export async function createHidden(target: string): Promise<{ handle: FileHandle; hidden: string }> {
  const hidden = join(dirname(target), `.${basename(target)}.${randomBytes(8).toString('hex')}`);
  try {
    return { handle: await open(hidden, CREATE_FLAGS, 0o600), hidden };
  } catch (cause) {
    throw unwritable(target, cause);
  }
}

/** Renames a hidden file to its final name. A link that has that name is replaced, not followed. */
export async function place(hidden: string, target: string): Promise<void> {
  try {
    await rename(hidden, target);
  } catch (cause) {
    await unlink(hidden).catch(() => undefined);
    throw unwritable(target, cause);
  }
}

/** Writes a whole file: hidden first, on the disk, then in its place. */
export async function writeOutput(target: string, text: string): Promise<void> {
  const { handle, hidden } = await createHidden(target);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (cause) {
    await unlink(hidden).catch(() => undefined);
    throw unwritable(target, cause);
  } finally {
    await handle.close();
  }
  await place(hidden, target);
}

/** Removes an output of an earlier run: a file, a link (not what it names), or an empty folder; answers whether one was there. */
export async function removeOutput(target: string): Promise<boolean> {
  try {
    if ((await lstat(target)).isDirectory()) await rmdir(target);
    else await unlink(target);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false;
    throw unwritable(target, cause, 'cannot be removed');
  }
}

// A folder is only made below one that is already known to be the job's: a link on the way must not get folders either.
async function checkNearest(root: string, folder: string, path: string): Promise<void> {
  for (let nearest = folder; ; nearest = dirname(nearest)) {
    try {
      const real = await realpath(nearest);
      if (!isBeneath(root, real))
        throw outside(path, `leads through a link to ${real}, outside the job's folder ${root}`);
      return;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || (await isLink(nearest)))
        throw error instanceof StepError ? error : unwritable(path, error);
    }
  }
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}

async function makeFolder(folder: string, path: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    return await realpath(folder);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function outside(path: string, why: string): StepError {
  return new StepError('PATH_OUTSIDE', 'none', 'config', `ResultFile: "${path}" ${why}`, {
    hint: "Name a path inside the job's folder in ResultFile",
  });
}

function unwritable(target: string, cause: unknown, what = 'cannot be written'): StepError {
  return new StepError('RESULT_FILE', 'none', 'environment', `The output ${target} ${what} (${codeOf(cause)})`, {
    hint: "Let the agent's user write to that folder, or name another place in field ResultFile",
    cause,
  });
}
