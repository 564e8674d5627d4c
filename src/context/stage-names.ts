import { StepError } from '../domain/errors';
import type { BuildPlan } from '../domain/plan';
import type { ScannedDockerfile } from './dockerfile';

/** Target and NoCache name stages. Of a NoCache that names none BuildKit says nothing, and uses its cache. */
export function checkStageNames(build: BuildPlan, scanned: ScannedDockerfile): void {
  if (!scanned.sure) return;
  const names = scanned.stages.map(({ alias }) => alias).filter((alias) => alias !== undefined);
  const { target, noCache } = build;
  // Whether a number names a stage is for the builder to say: they differ in that.
  if (target !== undefined && !/^\d+$/.test(target)) check('Target', target, names, build);
  if (noCache !== 'all') for (const name of noCache) check('NoCache', name, names, build);
}

function check(field: 'Target' | 'NoCache', name: string, names: readonly string[], { dockerfile }: BuildPlan): void {
  if (names.includes(name.toLowerCase())) return;
  const what = names.length > 0 ? `the stages ${names.join(', ')}` : 'no named stage';
  throw new StepError(
    'BUILD_TARGET_MISSING',
    'none',
    'config',
    `${field} "${name}" is no stage of ${dockerfile}, which has ${what}`,
    { hint: `Correct ${field}, or add \`AS\` and that name to a FROM line` },
  );
}
