import type { Plan } from '../../domain/plan';
import type { Drift } from '../../domain/repository-settings';
import { isCode, lookUp } from '../look-up';
import type { Report, RepositoryFacts } from '../ports';
import type { Target } from '../target';

export interface FoundRepository {
  /** undefined: it may not be asked. */
  readonly exists: boolean | undefined;
  readonly facts: RepositoryFacts | undefined;
  readonly created: boolean;
}

/**
 * Finds the repository, or creates it where the task says so. `images` may know that it is missing where the repository
 * itself may not be looked up.
 */
export async function findRepository(
  target: Target,
  plan: Plan,
  images: Promise<unknown>,
  signal: AbortSignal,
): Promise<FoundRepository> {
  try {
    const found = await lookUp(target.ecr.describeRepository(target.path, signal));
    if (!found.denied) return { exists: true, facts: found.value, created: false };
    if (plan.creation.ifMissing) await images.catch(throwMissing);
    return { exists: undefined, facts: undefined, created: false };
  } catch (error) {
    if (!isCode(error, 'ECR_REPOSITORY_MISSING') || !plan.creation.ifMissing || plan.mode === 'build') throw error;
    if (plan.mode === 'check') return { exists: false, facts: undefined, created: false };
    const made = await target.ecr.createRepository(target.path, plan.creation.settings, signal);
    return { exists: true, ...made };
  }
}

/** Of all that can go wrong with them only this is about the repository; the rest is told where tags are. */
function throwMissing(error: unknown): void {
  if (isCode(error, 'ECR_REPOSITORY_MISSING')) throw error;
}

/** In what an existing repository is not as field RepositorySettings says. */
export async function findDrift(
  target: Target,
  plan: Plan,
  repository: Promise<FoundRepository>,
  signal: AbortSignal,
): Promise<readonly Drift[]> {
  const { settings } = plan.creation;
  const { facts, created } = await repository;
  if (settings === undefined || facts === undefined || created || plan.mode === 'build') return [];
  return target.ecr.compareRepository(target.path, settings, signal);
}

export function tellRepository(
  { path }: Target,
  { exists, facts, created }: FoundRepository,
  drift: readonly Drift[],
  report: Report,
): void {
  const { mutability, exclusions = [] } = facts ?? {};
  report({
    type: 'repository-described',
    name: path,
    exists,
    mutability,
    ...(exclusions.length > 0 && { exclusions }),
    ...(created && { created }),
  });
  if (exists === false) report({ type: 'note', text: `Mode=push would create the repository ${path}` });
  for (const each of drift) report({ type: 'repository-drift', name: path, drift: each });
}
