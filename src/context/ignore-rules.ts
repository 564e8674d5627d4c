import { lstat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StepError } from '../domain/errors';
import type { ConfineOptions } from '../files/confine';
import { confine, isBeneath } from '../files/confine';
import { readBeneath } from '../files/open-beneath';
import { parseIgnoreFile } from './ignore-file';
import { compilePattern, type Pattern } from './pattern';
import { PatternMatcher } from './pattern-matcher';
import type { Named } from './places';

const MAX_IGNORE_BYTES = 4 * 1024 * 1024; // as for a Dockerfile

export interface IgnoreRules {
  /** In order; what `matcher` is made of. */
  readonly patterns: readonly string[];
  readonly matcher: PatternMatcher;
  /** Whose they are: this Dockerfile's own, the whole context's, or nobody's. */
  readonly of: 'dockerfile' | 'context' | 'nobody';
}

interface IgnoreFile {
  readonly text: string;
  /** Real. */
  readonly path: string;
}

/** The rules for one build: `<Dockerfile>.dockerignore` where it is there, else `.dockerignore` of the context. */
export async function readIgnoreRules(jobFolder: string, named: Named, root: string): Promise<IgnoreRules> {
  const own = `${named.dockerfile}.dockerignore`;
  const ownFile = await readIgnoreFile(jobFolder, named, own, root);
  if (ownFile) return { ...rulesOf(ownFile.text, own), of: 'dockerfile' };
  return readFolderRules(jobFolder, named.context, root);
}

/** Those of a folder's own `.dockerignore`. */
export async function readFolderRules(jobFolder: string, context: string, root: string): Promise<IgnoreRules> {
  const shared = await readSharedIgnoreFile(jobFolder, { context }, root);
  if (shared) return { ...rulesOf(shared.text, join(context, '.dockerignore')), of: 'context' };
  return { patterns: [], matcher: new PatternMatcher([]), of: 'nobody' };
}

/** `.dockerignore` of the context; undefined: there is none. */
export function readSharedIgnoreFile(
  jobFolder: string,
  named: Pick<Named, 'context'>,
  root: string,
): Promise<IgnoreFile | undefined> {
  return readIgnoreFile(jobFolder, named, join(named.context, '.dockerignore'), root);
}

async function readIgnoreFile(
  jobFolder: string,
  { context }: Pick<Named, 'context'>,
  path: string,
  root: string,
): Promise<IgnoreFile | undefined> {
  const isThere = await lstat(resolve(jobFolder, path)).then(Boolean, () => false);
  if (!isThere) return undefined;
  const options: ConfineOptions = {
    absolute: 'allowed',
    what: 'Ignore file',
    mustBe: 'file',
    missing: (lookedFor, why) => unusable(`Ignore file "${path}" cannot be used: ${why} (looked for ${lookedFor})`),
    ...(isBeneath(resolve(jobFolder, context), resolve(jobFolder, path)) && { within: root }),
  };
  const tooLarge = (): StepError => unusable(`Ignore file "${path}" is larger than 4 MiB`);
  const content = await readBeneath(jobFolder, path, { ...options, maxBytes: MAX_IGNORE_BYTES, tooLarge });
  return { text: content.toString('utf8'), path: await confine(jobFolder, path, options) };
}

function rulesOf(text: string, path: string): Pick<IgnoreRules, 'patterns' | 'matcher'> {
  const lines = parseIgnoreFile(text);
  const matcher = new PatternMatcher(lines.map(({ pattern, line }) => compiled(pattern, path, line)));
  return { patterns: lines.map(({ pattern }) => pattern), matcher };
}

function compiled(text: string, path: string, line: number): Pattern {
  const pattern = compilePattern(text);
  if (pattern) return pattern;
  throw unusable(
    `Ignore file "${path}" line ${line}: "${text}" is no pattern`,
    'A [ needs its ], a ! needs a pattern, and \\ can escape no letter and no digit',
  );
}

function unusable(message: string, hint?: string): StepError {
  return new StepError('IGNORE_FILE_INVALID', 'none', 'build', message, hint === undefined ? {} : { hint });
}
