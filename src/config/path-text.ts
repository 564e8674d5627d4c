import { posix } from 'node:path';
import { Fault, type Parser } from './fault';
import type { Value } from './reading';

export function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\');
}

/** A relative path may not climb out of the job's folder; what links do is looked at when it is opened. */
function leavesFolder(path: string): boolean {
  return !isAbsolute(path) && posix.normalize(path.replaceAll('\\', '/')).split('/')[0] === '..';
}

// PATH_MAX of Linux.
const LONGEST = 4096;

export function pathTooLong(text: string): Fault | undefined {
  return text.length > LONGEST ? new Fault(`is longer than ${LONGEST} characters: no path is`) : undefined;
}

export const parsePath: Parser<string> = (text) => {
  const tooLong = pathTooLong(text);
  if (tooLong) return tooLong;
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|git@)/i.test(text))
    return new Fault('is not a path: only files of the job are built from');
  return leavesFolder(text) ? new Fault("leads out of the job's working directory") : text;
};

export const parseResultFile: Parser<string> = (text) => {
  const tooLong = pathTooLong(text);
  if (tooLong) return tooLong;
  if (isAbsolute(text)) return new Fault("is absolute: results are written inside the job's working directory");
  if (leavesFolder(text)) return new Fault("leads out of the job's working directory");
  const name = posix.basename(text);
  return name.endsWith('.json') && name !== '.json'
    ? posix.normalize(text)
    : new Fault('does not end in .json, such as ecr-image.json');
};

/** An absolute path reaches the agent's own files: it may be typed, but no variable may make one. */
export function absoluteByExpansion(value: Value): boolean {
  return value.names.length > 0 && isAbsolute(value.text);
}

export const ABSOLUTE_BY_EXPANSION =
  'becomes an absolute path by expansion: only a path that is typed as it is may be absolute';
