import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { StepError } from '../domain/errors';
import type { BuildPlan } from '../domain/plan';
import { confine } from '../files/confine';
import { readBeneath } from '../files/open-beneath';
import type { BaseReference, SourceFacts, Sources } from '../pipeline/ports';
import { scanDockerfile, type ScannedDockerfile } from './dockerfile';

const MAX_DOCKERFILE_BYTES = 4 * 1024 * 1024; // larger than any Dockerfile that a daemon takes in reasonable time

/** The job's sources on this agent's disk. What is wrong with them is told before anything else is tried. */
export function createSources(): Sources {
  return { inspect };
}

async function inspect(build: BuildPlan, jobFolder: string, signal: AbortSignal): Promise<SourceFacts> {
  signal.throwIfAborted();
  await confine(jobFolder, build.context, {
    absolute: 'allowed',
    what: 'Context',
    mustBe: 'folder',
    missing: (lookedFor, why) => contextMissing(build.context, lookedFor, why),
  });
  const near = await namesNear(jobFolder, build.dockerfile);
  const bytes = await readBeneath(jobFolder, build.dockerfile, {
    absolute: 'allowed',
    what: 'Dockerfile',
    missing: (lookedFor, why) => dockerfileMissing(build.dockerfile, lookedFor, why, near),
    maxBytes: MAX_DOCKERFILE_BYTES,
  });
  const dockerfile = bytes.toString('utf8');
  const scanned = scanDockerfile(dockerfile, build.args);
  if (scanned.empty) throw emptyDockerfile(build.dockerfile);
  checkTarget(build, scanned);
  return { dockerfile, bases: basesOf(scanned), stages: scanned.sure ? namesOf(scanned) : [] };
}

function basesOf({ stages }: ScannedDockerfile): readonly BaseReference[] {
  const bases = new Map<string, BaseReference>();
  for (const { base, platform, internal, line } of stages) {
    if (base === undefined || internal || bases.has(base)) continue;
    bases.set(base, { ref: base, host: hostOf(base), platform, line });
  }
  return [...bases.values()];
}

/** As docker has it: a first component with a dot, a port, or `localhost` is a registry. */
function hostOf(reference: string): string {
  const first = reference.split('/')[0] ?? '';
  return reference.includes('/') && (/[.:]/.test(first) || first === 'localhost') ? first.toLowerCase() : 'docker.io';
}

function namesOf({ stages }: ScannedDockerfile): readonly string[] {
  return stages.map((stage, index) => stage.alias ?? String(index));
}

function checkTarget(build: BuildPlan, scanned: ScannedDockerfile): void {
  const { target } = build;
  if (target === undefined || !scanned.sure) return;
  const wanted = target.toLowerCase();
  const number = /^\d+$/.test(target) ? Number(target) : undefined;
  if (scanned.stages.some((stage) => stage.alias === wanted)) return;
  if (number !== undefined && number < scanned.stages.length) return;
  const names = scanned.stages.map((stage) => stage.alias).filter((alias) => alias !== undefined);
  throw new StepError(
    'BUILD_TARGET_MISSING',
    'none',
    'config',
    `Target "${target}" is no stage of ${build.dockerfile}, which has ${names.length > 0 ? `the stages ${names.join(', ')}` : 'no named stage'}`,
    { hint: 'Correct Target, or add `AS` and that name to a FROM line' },
  );
}

function contextMissing(path: string, lookedFor: string, why: string): StepError {
  return new StepError(
    'CONTEXT_MISSING',
    'none',
    'config',
    `Context "${path}" cannot be used: ${why} (looked for ${lookedFor})`,
    {
      hint: "Context is a folder, relative to the job's working directory",
    },
  );
}

function dockerfileMissing(path: string, lookedFor: string, why: string, near: readonly string[]): StepError {
  return new StepError(
    'DOCKERFILE_MISSING',
    'none',
    'config',
    `Dockerfile "${path}" cannot be used: ${why} (looked for ${lookedFor})`,
    {
      hint:
        near.length > 0
          ? `That folder has ${near.join(', ')}: name one of them in Dockerfile`
          : "Dockerfile is a path relative to the job's working directory, not to Context",
    },
  );
}

/** What a user may have meant: `Dockerfile.prod`, `web.dockerfile`, `Containerfile`. */
async function namesNear(jobFolder: string, dockerfile: string): Promise<readonly string[]> {
  try {
    const folder = await confine(jobFolder, dirname(dockerfile), {
      absolute: 'allowed',
      what: 'Dockerfile',
      mustBe: 'folder',
    });
    const names = await readdir(folder);
    const wanted = basename(dockerfile);
    return names
      .filter((name) => name !== wanted && !name.endsWith('.dockerignore') && /dockerfile|containerfile/i.test(name))
      .sort()
      .slice(0, 5);
  } catch {
    return []; // the Dockerfile's own error says it better
  }
}

function emptyDockerfile(path: string): StepError {
  return new StepError('DOCKERFILE_INVALID', 'none', 'build', `Dockerfile "${path}" has no instruction in it`, {
    hint: 'A Dockerfile begins with a FROM line',
  });
}
