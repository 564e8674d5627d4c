import type { AwsSession } from './aws-session';

/** A repository as the calls of ECR name it; without an account it is the credentials' own. */
export interface RepositoryInput {
  readonly registryId?: string;
  readonly repositoryName: string;
}

export function repositoryInput(session: AwsSession, path: string): RepositoryInput {
  return { ...registryInput(session), repositoryName: path };
}

export function registryInput({ accountId }: AwsSession): { readonly registryId?: string } {
  return accountId === undefined ? {} : { registryId: accountId };
}
