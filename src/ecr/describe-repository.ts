import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import type { Repository } from '@aws-sdk/client-ecr';
import type { RepositoryFacts } from '../pipeline/ports';
import type { AwsSession } from './aws-session';
import { incomplete } from './errors';
import { registryInput } from './repository-input';

export const DESCRIBE = 'ecr:DescribeRepositories';

/** As AWS describes it; throws ECR_REPOSITORY_MISSING. */
export async function describeRepository(session: AwsSession, path: string, signal: AbortSignal): Promise<Repository> {
  const input = { ...registryInput(session), repositoryNames: [path] };
  const { repositories } = await session.call({ action: DESCRIBE, repository: path }, signal, (client, options) =>
    client.send(new DescribeRepositoriesCommand(input), options),
  );
  return repositories?.[0] ?? {};
}

/** A repository that names none is mutable: the field is newer than ECR. */
export function mutabilityOf(repository: Repository): string {
  return repository.imageTagMutability ?? 'MUTABLE';
}

export function exclusionsOf(repository: Repository): readonly string[] {
  return (repository.imageTagMutabilityExclusionFilters ?? []).flatMap(({ filter }) => filter ?? []);
}

export function factsOf(repository: Repository, hostOf: (repositoryUri: string) => string): RepositoryFacts {
  if (repository.repositoryUri === undefined) throw incomplete(DESCRIBE, 'a repositoryUri');
  return {
    host: hostOf(repository.repositoryUri),
    mutability: mutabilityOf(repository),
    exclusions: exclusionsOf(repository),
  };
}
