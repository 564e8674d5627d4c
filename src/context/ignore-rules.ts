import { lstat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StepError } from '../domain/errors';
import { readBeneath } from '../files/open-beneath';
import { parseIgnoreFile } from './ignore-file';
import { compilePattern, type Pattern } from './pattern';
import { PatternMatcher } from './pattern-matcher';

const MAX_IGNORE_BYTES = 4 * 1024 * 1024; // as for a Dockerfile

export interface IgnoreRules {
  readonly matcher: PatternMatcher;
  /** Real or lexical path of the file that was read, absolute; undefined: there is none. */
  readonly file: string | undefined;
}

/** The rules for one build: `<Dockerfile>.dockerignore` where it is there, else `.dockerignore` of the context. */
export async function readIgnoreRules(jobFolder: string, context: string, dockerfile: string): Promise<IgnoreRules> {
  for (const path of [`${dockerfile}.dockerignore`, join(context, '.dockerignore')]) {
    if (!(await isThere(resolve(jobFolder, path)))) continue;
    const options = { absolute: 'allowed', what: 'The ignore file', maxBytes: MAX_IGNORE_BYTES } as const;
    const text = (await readBeneath(jobFolder, path, options)).toString('utf8');
    return { matcher: new PatternMatcher(patternsOf(text, path)), file: resolve(jobFolder, path) };
  }
  return { matcher: new PatternMatcher([]), file: undefined };
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function patternsOf(text: string, path: string): readonly Pattern[] {
  return parseIgnoreFile(text).map(({ pattern, line }) => {
    const compiled = compilePattern(pattern);
    if (compiled !== undefined) return compiled;
    throw new StepError(
      'CONTEXT_UNREADABLE',
      'none',
      'build',
      `${path} line ${line}: "${pattern}" is no legal pattern`,
      {
        hint: 'An opened [ must be closed, and `!` needs a pattern after it',
      },
    );
  });
}
