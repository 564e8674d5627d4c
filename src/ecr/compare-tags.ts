import { ListTagsForResourceCommand } from '@aws-sdk/client-ecr';
import type { Repository } from '@aws-sdk/client-ecr';
import type { Drift } from '../domain/repository-settings';
import type { AwsSession } from './aws-session';
import { DESCRIBE } from './describe-repository';
import { isDenied } from './errors';
import { mayNotBeAsked } from './may-not-be-asked';

const ACTION = 'ecr:ListTagsForResource';

/** The wanted tags; others are somebody else's business (cost allocation, owners). */
export async function compareTags(
  session: AwsSession,
  path: string,
  wanted: ReadonlyMap<string, string>,
  repository: Repository | undefined,
  signal: AbortSignal,
): Promise<readonly Drift[]> {
  if (wanted.size === 0) return [];
  const found = await tagsOf(session, path, repository?.repositoryArn, signal);
  if (typeof found === 'string') return [{ setting: 'tags', wanted: [...wanted].map(shown).join(', '), found }];
  return [...wanted].flatMap(([key, value]) => {
    const other = found.get(key);
    if (other === value) return [];
    return [
      { setting: 'tags', wanted: shown([key, value]), found: other === undefined ? 'not set' : shown([key, other]) },
    ];
  });
}

/** Or why they are not known: the ARN holds the account, which nobody need have named. */
async function tagsOf(
  session: AwsSession,
  path: string,
  resourceArn: string | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string> | string> {
  if (resourceArn === undefined) return mayNotBeAsked(DESCRIBE);
  try {
    const { tags } = await session.call({ action: ACTION, repository: path }, signal, (client, options) =>
      client.send(new ListTagsForResourceCommand({ resourceArn }), options),
    );
    return new Map((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  } catch (error) {
    if (isDenied(error)) return mayNotBeAsked(ACTION);
    throw error;
  }
}

function shown([key, value]: readonly [string, string]): string {
  return `${key}=${value}`;
}
