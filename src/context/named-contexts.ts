import { StepError } from '../domain/errors';
import type { NamedContext } from '../domain/plan';
import { confine } from '../files/confine';
import { readFolderRules } from './ignore-rules';

/** A folder of field BuildContexts. */
export interface NamedFolder {
  readonly name: string;
  /** Real. */
  readonly root: string;
  /** Of the `.dockerignore` in it, in order. */
  readonly ignore: readonly string[];
}

/** The named contexts that are folders, or what is wrong with one of them. */
export async function findNamedFolders(
  jobFolder: string,
  contexts: readonly NamedContext[],
): Promise<readonly NamedFolder[]> {
  const found: NamedFolder[] = [];
  for (const { name, source } of contexts) {
    if (source.kind === 'image') continue;
    const root = await confine(jobFolder, source.path, {
      absolute: 'allowed',
      what: `BuildContexts (${name})`,
      mustBe: 'folder',
      missing: (lookedFor, why) => missing(name, source.path, `${why} (looked for ${lookedFor})`, jobFolder),
    });
    found.push({ name, root, ignore: (await readFolderRules(jobFolder, source.path, root)).patterns });
  }
  return found;
}

function missing(name: string, path: string, why: string, jobFolder: string): StepError {
  return new StepError(
    'CONTEXT_MISSING',
    'none',
    'config',
    `BuildContexts (${name}) "${path}" cannot be used: ${why}`,
    {
      hint: `A named context is a folder, relative to the job's folder ${jobFolder}, or docker-image:// and a reference`,
    },
  );
}
