import type { AuthorizationData } from '@aws-sdk/client-ecr';
import type { AwsSession } from './aws-session';
import { incomplete } from './errors';

// The service's name in the JSON 1.1 protocol (its API model).
const TARGET = 'SpencerFrontendService.GetAuthorizationToken';

export const PUBLIC_TOKEN = 'ecr-public:GetAuthorizationToken';

/** A token for ECR Public: its answer holds one, where that of private registries holds a list. */
export async function publicToken(session: AwsSession, signal: AbortSignal): Promise<AuthorizationData> {
  const text = await session.callPublic({ action: PUBLIC_TOKEN }, TARGET, '{}', signal);
  const data = readToken(text);
  if (data === undefined) throw incomplete(PUBLIC_TOKEN, 'a token');
  return data;
}

function readToken(text: string): AuthorizationData | undefined {
  const { authorizationData: data } = parse(text);
  if (typeof data?.authorizationToken !== 'string') return undefined;
  const { authorizationToken, expiresAt } = data;
  return { authorizationToken, ...(typeof expiresAt === 'number' ? { expiresAt: new Date(expiresAt * 1000) } : {}) };
}

interface Answer {
  readonly authorizationData?: { readonly authorizationToken?: unknown; readonly expiresAt?: unknown };
}

function parse(text: string): Answer {
  try {
    return (JSON.parse(text) ?? {}) as Answer;
  } catch {
    return {};
  }
}
