import type { AuthorizationData } from '@aws-sdk/client-ecr';
import type { AwsSession } from './aws-session';
import { incomplete } from './errors';
import { objectAt, parseObject } from './json-parts';

export const PUBLIC_TOKEN = 'ecr-public:GetAuthorizationToken';

/** A token for ECR Public: its answer holds one, where that of private registries holds a list. */
export async function publicToken(session: AwsSession, signal: AbortSignal): Promise<AuthorizationData> {
  const text = await session.callPublic({ action: PUBLIC_TOKEN }, '{}', signal);
  const data = readToken(text);
  if (data === undefined) throw incomplete(PUBLIC_TOKEN, 'a token');
  return data;
}

function readToken(text: string): AuthorizationData | undefined {
  const data = objectAt(parseObject(text), 'authorizationData');
  const { authorizationToken, expiresAt } = data ?? {};
  if (typeof authorizationToken !== 'string') return undefined;
  return { authorizationToken, ...(typeof expiresAt === 'number' ? { expiresAt: new Date(expiresAt * 1000) } : {}) };
}
