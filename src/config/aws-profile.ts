import type { Problem } from '../domain/errors';
import { describeOrigin, type Sourced } from '../domain/origin';
import type { AwsPlan } from '../domain/plan';
import type { AwsSources } from './aws-sources';
import { CREDENTIALS, firstSet, setOf } from './aws-variables';
import { ofLevel } from './defaults';
import { quote } from './quote';

export interface ProfileDecision {
  readonly profile: Sourced<string> | undefined;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

export const PROFILE = 'AWS_PROFILE';

/** First match wins: field, job variable; then, where the credentials are the agent's, its file, its variable, a property. */
export function profileOf(side: AwsPlan['side'], { task, job, agent, defaults }: AwsSources): ProfileDecision {
  const found: Sourced<string>[] = [
    ...(task.awsProfile === undefined ? [] : [named(task.awsProfile, 'field', 'AwsProfile')]),
    ...setOf(job, [PROFILE]).map(([, value]) => named(value, 'job-variable', PROFILE)),
    ...(side === 'job' ? [] : ofLevel(defaults.awsProfile, 'settings-file')),
    ...(side === 'job' ? [] : setOf(agent, [PROFILE]).map(([, value]) => named(value, 'agent-environment', PROFILE))),
    ...(side === 'job' ? [] : ofLevel(defaults.awsProfile, 'server-property')),
  ];
  const [profile, ...others] = found;
  if (profile?.origin.kind !== 'field') return { profile, problems: [], notes: [] };
  const notes = others
    .filter(({ value }) => value !== profile.value)
    .map(
      ({ value, origin }) =>
        `${describeOrigin(origin)} ${quote(value)} is not used: the profile is ${profile.value} (field AwsProfile)`,
    );
  return { profile, problems: withoutFiles(side, profile.value, job), notes };
}

function named(value: string, kind: 'field' | 'job-variable' | 'agent-environment', name: string): Sourced<string> {
  return { value, origin: { kind, name } };
}

const FILES = ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'];

/** A job's credentials never come from the agent's files: without files of its own a profile names nothing. */
function withoutFiles(side: AwsPlan['side'], profile: string, job: ReadonlyMap<string, string>): Problem[] {
  if (side === 'agent' || firstSet(job, FILES) !== undefined) return [];
  const credentials = firstSet(job, CREDENTIALS) ?? '';
  const message = `${profile} is a profile in AWS files, and the job's credentials (job variable ${credentials}) come without any: remove AwsProfile, or name the job's files in ${FILES.join(' or ')}`;
  return [{ field: 'AwsProfile', message }];
}
