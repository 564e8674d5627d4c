import type { Stats } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { StepError } from '../domain/errors';
import { codeOf, isBeneath, realJobFolder } from './confine';
import { isSameFile, openNoFollow, readAtMost } from './open-beneath';

const MAX_BYTES = 1024 * 1024;
/** What it is that others must not read. */
const KEYS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/"reuse\.key"\s*:/, 'reuse.key'],
];
const WRITABLE_BY_OTHERS = 0o022;
// Not by the group: a secret that Kubernetes mounts for a non-root agent belongs to root and is read by group (fsGroup).
const READABLE_BY_OTHERS = 0o004;

/** Who this process is; a parameter so that the rules can be tried without being root. */
export interface Reader {
  readonly uid: number;
}

/**
 * The text of the agent's settings file. It decides where credentials go, so nothing that a job can write to may stand in
 * for it: each rule that it breaks is said with its remedy.
 */
export async function readSettingsFile(
  path: string,
  jobFolder: string,
  reader: Reader = thisProcess(),
): Promise<string> {
  if (!isAbsolute(path)) throw refused(path, 'is not an absolute path', 'Name it from the root in GOCD_ECR_SETTINGS');
  const real = await realOf(path);
  await checkPlace(path, real, jobFolder);
  const handle = await openNoFollow(real).catch((cause: unknown) => {
    throw refused(path, `cannot be read (${codeOf(cause)})`, `Make ${real} readable for the agent's user`, cause);
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw refused(path, 'is not a file', 'Name a file in GOCD_ECR_SETTINGS');
    if (!isSameFile(stats, await lstat(real)))
      throw refused(path, 'was replaced while it was being opened', 'Try again');
    checkOwner(path, real, stats, reader);
    const content = await readAtMost(handle, MAX_BYTES);
    if (!content) throw refused(path, 'is larger than 1 MiB', 'Keep only settings in it');
    return checkKeys(path, real, stats, content.toString('utf8'));
  } finally {
    await handle.close();
  }
}

async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    const hint = 'Create it, or remove GOCD_ECR_SETTINGS from the environment of the agent';
    throw refused(path, `cannot be found (${codeOf(cause)})`, hint, cause);
  }
}

async function checkPlace(path: string, real: string, jobFolder: string): Promise<void> {
  const folder = await realJobFolder(jobFolder);
  if (!isBeneath(folder, real) && !isBeneath(jobFolder, path)) return;
  throw refused(path, `lies in the job's folder ${folder}, where every job can write it`, 'Move it out of there');
}

function checkOwner(path: string, real: string, stats: Stats, reader: Reader): void {
  if (stats.uid !== 0 && stats.uid !== reader.uid) {
    const who = `is owned by user ${stats.uid}, not by root or the agent's user (${reader.uid})`;
    throw refused(path, who, `chown root ${real}`);
  }
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0) {
    throw refused(path, `can be written by others (mode ${modeOf(stats)})`, `chmod go-w ${real}`);
  }
}

function checkKeys(path: string, real: string, stats: Stats, text: string): string {
  const [, key] = KEYS.find(([pattern]) => pattern.test(text)) ?? [];
  if ((stats.mode & READABLE_BY_OTHERS) !== 0 && key !== undefined) {
    const what = `holds ${key} and can be read by others (mode ${modeOf(stats)})`;
    throw refused(path, what, `chmod o-r ${real}`);
  }
  return text;
}

function modeOf(stats: Stats): string {
  return (stats.mode & 0o7777).toString(8).padStart(4, '0');
}

function refused(path: string, why: string, hint: string, cause?: unknown): StepError {
  const message = `The agent's settings file ${path} (agent environment GOCD_ECR_SETTINGS) ${why}`;
  return new StepError('CONFIG_INVALID', 'none', 'environment', message, { hint, cause });
}

function thisProcess(): Reader {
  return { uid: process.geteuid?.() ?? 0 };
}
