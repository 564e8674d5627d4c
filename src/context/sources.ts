import { StepError } from '../domain/errors';
import type { BuildPlan } from '../domain/plan';
import { readSecretFile } from '../files/secret-file';
import type { SourceFacts, Sources } from '../pipeline/ports';
import { scanDockerfile, type ScannedDockerfile } from './dockerfile';
import { readIgnoreRules } from './ignore-rules';
import { measureContext, type RunMeasure } from './measure';
import { findNamedFolders } from './named-contexts';
import { neededImages } from './needed-images';
import { findPlaces } from './places';
import { checkStageNames } from './stage-names';

/** The job's sources on this agent's disk. What is wrong with them is told before anything else is tried. */
export function createSources(run?: RunMeasure): Sources {
  return {
    inspect,
    measure: (build, jobFolder, outputs, signal) => measureContext(build, { jobFolder, outputs }, signal, run),
  };
}

async function inspect(build: BuildPlan, jobFolder: string, signal: AbortSignal): Promise<SourceFacts> {
  signal.throwIfAborted();
  const { root, content } = await findPlaces(jobFolder, build);
  await readIgnoreRules(jobFolder, build, root);
  const dockerfile = content.toString('utf8');
  const scanned = scanDockerfile(dockerfile, build.args);
  if (scanned.empty) throw emptyDockerfile(build.dockerfile);
  checkStageNames(build, scanned);
  await findNamedFolders(jobFolder, build.contexts);
  await checkSecretFiles(build, jobFolder);
  return { dockerfile, bases: neededImages(scanned, build.contexts), stages: scanned.sure ? namesOf(scanned) : [] };
}

function namesOf({ stages }: ScannedDockerfile): readonly string[] {
  return stages.map((stage, index) => stage.alias ?? String(index));
}

/** Now, and not only when BuildKit asks for them: `Mode=check` has no build. */
async function checkSecretFiles({ secrets }: BuildPlan, jobFolder: string): Promise<void> {
  for (const { id, from } of secrets) {
    if (from.kind === 'file') await readSecretFile(jobFolder, { id, path: from.path });
  }
}

function emptyDockerfile(path: string): StepError {
  return new StepError('DOCKERFILE_INVALID', 'none', 'build', `Dockerfile "${path}" has no instruction in it`, {
    hint: 'A Dockerfile begins with a FROM line',
  });
}
