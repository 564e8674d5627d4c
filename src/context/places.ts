import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StepError } from '../domain/errors';
import type { ConfineOptions } from '../files/confine';
import { confine, isBeneath } from '../files/confine';
import { readBeneath } from '../files/open-beneath';

/** Context and Dockerfile as the plan has them: relative to the job's folder, or absolute. */
export interface Named {
  readonly context: string;
  readonly dockerfile: string;
}

export interface Places {
  /** The context's real folder. */
  readonly root: string;
  /** The Dockerfile's real path. */
  readonly dockerfile: string;
  readonly content: Buffer;
}

const MAX_DOCKERFILE_BYTES = 4 * 1024 * 1024; // security.md 6
const MAX_NAMES = 5;

/** Finds the context and reads the Dockerfile, or says which of the two is not there and what might be meant. */
export async function findPlaces(jobFolder: string, named: Named): Promise<Places> {
  const root = await findContext(jobFolder, named.context);
  try {
    return { root, ...(await readDockerfile(jobFolder, named, root)) };
  } catch (error) {
    if (!(error instanceof StepError) || error.code !== 'DOCKERFILE_MISSING') throw error;
    const { code, hop, blame, message, cause } = error;
    throw new StepError(code, hop, blame, message, { hint: await hintFor(jobFolder, named), cause });
  }
}

function findContext(jobFolder: string, context: string): Promise<string> {
  return confine(jobFolder, context, {
    absolute: 'allowed',
    what: 'Context',
    mustBe: 'folder',
    missing: (lookedFor, why) =>
      new StepError(
        'CONTEXT_MISSING',
        'none',
        'config',
        `Context "${context}" cannot be used: ${why} (looked for ${lookedFor})`,
        { hint: `Context is a folder, relative to the job's folder ${jobFolder}` },
      ),
  });
}

async function readDockerfile(jobFolder: string, named: Named, root: string): Promise<Omit<Places, 'root'>> {
  const { dockerfile } = named;
  const options = await rulesFor(jobFolder, named, root);
  const real = await confine(jobFolder, dockerfile, { ...options, mustBe: 'file' });
  const content = await readBeneath(jobFolder, dockerfile, {
    ...options,
    maxBytes: MAX_DOCKERFILE_BYTES,
    tooLarge: () =>
      new StepError('DOCKERFILE_INVALID', 'none', 'build', `Dockerfile "${dockerfile}" is larger than 4 MiB`, {
        hint: 'Move what is large in it into files that it copies',
      }),
  });
  return { dockerfile: real, content };
}

/**
 * How far a link may lead from an absolute Dockerfile: its lines are printed, and what lies in an absolute context is the
 * repository's as much as the job's folder is. Elsewhere its own folder is the limit; a mounted file is a link in there.
 */
async function rulesFor(jobFolder: string, { context, dockerfile }: Named, root: string): Promise<ConfineOptions> {
  const options: ConfineOptions = {
    absolute: 'allowed',
    what: 'Dockerfile',
    missing: (lookedFor, why) =>
      new StepError(
        'DOCKERFILE_MISSING',
        'none',
        'config',
        `Dockerfile "${dockerfile}" cannot be used: ${why} (looked for ${lookedFor})`,
      ),
  };
  if (isBeneath(resolve(jobFolder, context), resolve(jobFolder, dockerfile))) return { ...options, within: root };
  const folder = await confine(jobFolder, dirname(dockerfile), options).catch(() => undefined);
  return folder === undefined ? options : { ...options, within: folder };
}

async function hintFor(jobFolder: string, { context, dockerfile }: Named): Promise<string> {
  const inContext = join(context, dockerfile);
  if (inContext !== dockerfile && (await isFile(jobFolder, inContext))) {
    return `Dockerfile is relative to the job's folder, not to Context: write ${inContext}`;
  }
  const near = await namesNear(jobFolder, dockerfile);
  if (near.length > 0) return `There is ${near.join(', ')}: name one of them in Dockerfile`;
  return "Dockerfile is a file, relative to the job's folder and not to Context";
}

async function isFile(jobFolder: string, path: string): Promise<boolean> {
  return confine(jobFolder, path, { absolute: 'allowed', what: 'Dockerfile', mustBe: 'file' }).then(
    () => true,
    () => false,
  );
}

/** `Dockerfile.prod`, `web.dockerfile`, `Containerfile`, `dockerfile`. */
async function namesNear(jobFolder: string, dockerfile: string): Promise<readonly string[]> {
  const folder = dirname(dockerfile);
  const options: ConfineOptions = { absolute: 'allowed', what: 'Dockerfile', mustBe: 'folder' };
  const names = await confine(jobFolder, folder, options)
    .then((real) => readdir(real))
    .catch(() => []);
  return names
    .filter((name) => name !== basename(dockerfile) && !name.endsWith('.dockerignore'))
    .filter((name) => /dockerfile|containerfile/i.test(name))
    .sort()
    .slice(0, MAX_NAMES)
    .map((name) => join(folder, name));
}
