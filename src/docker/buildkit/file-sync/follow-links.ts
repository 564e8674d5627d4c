import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { posix } from 'node:path';
import { byBytes, cleanPath } from '../../../context/go-path';
import { onDisk } from '../../../context/found';
import { unreadable } from '../../../context/unreadable';
import { codeOf } from '../../../files/confine';
import { componentMatcher, hasWildcards } from './component-match';

/**
 * Include patterns for paths that a Dockerfile copies: the paths themselves, and what the symlinks on the way lead to,
 * inside the root (fsutil: followlinks.go, with its ways). Only looks at names and links. undefined: the whole root.
 */
export function followLinks(root: string, paths: readonly string[]): readonly string[] | undefined {
  const resolved = new Set<string>();
  const left: string[] = [];
  for (const path of paths.map((one) => cleanPath(`./${one}`)).toReversed()) {
    // A pattern that matches nothing, and is not looked for.
    if (path === '..' || path.startsWith('../')) resolved.add(path);
    else left.push(path);
  }
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    left.push(...follow(root, path, resolved).toReversed());
  }
  return dedupePaths([...resolved].sort(byBytes));
}

/** Of a sorted list, those that lie in no other; undefined: one is the root itself. */
export function dedupePaths(paths: readonly string[]): readonly string[] | undefined {
  const kept: string[] = [];
  for (const path of paths) {
    if (path === '.') return undefined;
    if (!path.startsWith(`${kept.at(-1) ?? ''}/`)) kept.push(path);
  }
  return kept;
}

/** A link does not lead out: as in a container's root, `/..` is `/`. */
function inRoot(path: string): string {
  return cleanPath(`/${path}`).slice(1) || '.';
}

/** Goes along one path up to its end or its first link; the links' targets, with what is left of the path, come next. */
function follow(root: string, path: string, resolved: Set<string>): readonly string[] {
  const parts = path.split('/');
  for (let end = 1; end <= parts.length; end++) {
    const current = parts.slice(0, end).join('/');
    const targets = targetsOf(root, current);
    if (!targets) continue;
    if (resolved.has(current)) return [];
    resolved.add(current);
    return targets.map((target) => inRoot([target, ...parts.slice(end)].join('/')));
  }
  resolved.add(path);
  return [];
}

/** Where a link, or those that a pattern matches, point to, from the root; undefined: there is none. */
function targetsOf(root: string, path: string): readonly string[] | undefined {
  const name = posix.basename(path);
  if (!hasWildcards(name)) {
    const target = targetOf(root, path);
    return target === undefined ? undefined : [target];
  }
  const folder = posix.dirname(path);
  const matches = componentMatcher(name);
  const targets = namesIn(root, folder)
    .filter(matches)
    .map((one) => targetOf(root, posix.join(folder, one)))
    .filter((target) => target !== undefined);
  return targets.length === 0 ? undefined : targets;
}

function targetOf(root: string, path: string): string | undefined {
  if (path === '.') return undefined;
  return ifThere(path, undefined, () => {
    const at = onDisk(root, { path, rawPath: undefined });
    if (!lstatSync(at).isSymbolicLink()) return undefined;
    const target = readlinkSync(at);
    return inRoot(target.startsWith('/') ? target : `${posix.dirname(path)}/${target}`);
  });
}

function namesIn(root: string, folder: string): readonly string[] {
  const at = folder === '.' ? root : onDisk(root, { path: folder, rawPath: undefined });
  return ifThere(folder, [], () => readdirSync(at).sort(byBytes));
}

function ifThere<T, U>(path: string, otherwise: U, look: () => T): T | U {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'].includes(codeOf(error))) return otherwise;
    throw unreadable(path, error);
  }
}
