import { GetLifecyclePolicyCommand, GetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import type { Drift, RepositorySettings } from '../domain/repository-settings';
import type { AwsSession } from './aws-session';
import { isDenied, isPolicyMissing } from './errors';
import { firstDifference } from './json-difference';
import { mayNotBeAsked } from './may-not-be-asked';
import { repositoryInput } from './repository-input';
import type { RepositoryInput } from './repository-input';

interface Policy {
  readonly setting: string;
  readonly action: string;
  /** undefined: not compared. */
  readonly wanted: string | undefined;
  readonly send: AskingSend;
}

/** Lifecycle and repository policy, as far as the task's field names them. */
export async function comparePolicies(
  session: AwsSession,
  path: string,
  settings: RepositorySettings,
  signal: AbortSignal,
): Promise<readonly Drift[]> {
  const compare = async ({ setting, action, wanted, send }: Policy): Promise<readonly Drift[]> => {
    if (wanted === undefined) return [];
    try {
      const found = await session.call({ action, repository: path }, signal, (client, options) =>
        send(client, options).catch(noneThere),
      );
      return driftOf(setting, wanted, found);
    } catch (error) {
      if (isDenied(error)) return [{ setting, wanted: 'a policy', found: mayNotBeAsked(action) }];
      throw error;
    }
  };
  const drifts = await Promise.all(policiesOf(repositoryInput(session, path), settings).map(compare));
  return drifts.flat();
}

function policiesOf(input: RepositoryInput, settings: RepositorySettings): readonly Policy[] {
  return [
    {
      setting: 'lifecyclePolicy',
      action: 'ecr:GetLifecyclePolicy',
      wanted: settings.lifecyclePolicy,
      send: async (client, options) =>
        (await client.send(new GetLifecyclePolicyCommand(input), options)).lifecyclePolicyText,
    },
    {
      setting: 'repositoryPolicy',
      action: 'ecr:GetRepositoryPolicy',
      wanted: settings.repositoryPolicy,
      send: async (client, options) => (await client.send(new GetRepositoryPolicyCommand(input), options)).policyText,
    },
  ];
}

type AskingSend = (...given: Parameters<Parameters<AwsSession['call']>[2]>) => Promise<string | undefined>;

function noneThere(error: unknown): undefined {
  if (!isPolicyMissing(error)) throw error;
}

function driftOf(setting: string, wanted: string, found: string | undefined): readonly Drift[] {
  if (found === undefined) return [{ setting, wanted: 'a policy', found: 'none' }];
  const difference = firstDifference(parsed(wanted), parsed(found));
  if (difference === undefined) return [];
  const at = (value: unknown): string => `${difference.path} ${brief(value)}`.trim();
  return [{ setting, wanted: at(difference.wanted), found: at(difference.found) }];
}

/** What is no JSON is compared as a text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// A line of the console holds both sides.
const MOST_SHOWN = 80;

function brief(value: unknown): string {
  const text = value === undefined ? 'not set' : JSON.stringify(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
