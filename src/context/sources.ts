import { StepError } from '../domain/errors';
import type { BuildPlan } from '../domain/plan';
import type { SourceFacts, Sources } from '../pipeline/ports';
import { scanDockerfile, type ScannedDockerfile } from './dockerfile';
import { readIgnoreRules } from './ignore-rules';
import { neededImages } from './needed-images';
import { findPlaces } from './places';

/** The job's sources on this agent's disk. What is wrong with them is told before anything else is tried. */
export function createSources(): Sources {
  return { inspect };
}

async function inspect(build: BuildPlan, jobFolder: string, signal: AbortSignal): Promise<SourceFacts> {
  signal.throwIfAborted();
  const { root, content } = await findPlaces(jobFolder, build);
  await readIgnoreRules(jobFolder, build, root);
  const dockerfile = content.toString('utf8');
  const scanned = scanDockerfile(dockerfile, build.args);
  if (scanned.empty) throw emptyDockerfile(build.dockerfile);
  checkTarget(build, scanned);
  return { dockerfile, bases: neededImages(scanned, build.contexts), stages: scanned.sure ? namesOf(scanned) : [] };
}

function namesOf({ stages }: ScannedDockerfile): readonly string[] {
  return stages.map((stage, index) => stage.alias ?? String(index));
}

function checkTarget(build: BuildPlan, scanned: ScannedDockerfile): void {
  const { target } = build;
  // Whether a number names a stage is for the builder to say: they differ in that.
  if (target === undefined || !scanned.sure || /^\d+$/.test(target)) return;
  const names = scanned.stages.map((stage) => stage.alias).filter((alias) => alias !== undefined);
  if (names.includes(target.toLowerCase())) return;
  const what = names.length > 0 ? `the stages ${names.join(', ')}` : 'no named stage';
  throw new StepError(
    'BUILD_TARGET_MISSING',
    'none',
    'config',
    `Target "${target}" is no stage of ${build.dockerfile}, which has ${what}`,
    { hint: 'Correct Target, or add `AS` and that name to a FROM line' },
  );
}

function emptyDockerfile(path: string): StepError {
  return new StepError('DOCKERFILE_INVALID', 'none', 'build', `Dockerfile "${path}" has no instruction in it`, {
    hint: 'A Dockerfile begins with a FROM line',
  });
}
