import { parseEcrHost } from '../../domain/ecr-registry';
import type { Plan } from '../../domain/plan';
import type { SourceFacts } from '../ports';

/** Does the run need the registry that is pushed to? A build does for its name, or for a base image that is there. */
export function needsRegistry({ mode, repository }: Plan, source: SourceFacts): boolean {
  const baseIsThere = source.bases.some(({ host }) => host === repository.host && parseEcrHost(host) !== undefined);
  return mode !== 'build' || repository.host === undefined || baseIsThere;
}
