import type { Problem } from '../domain/errors';
import type { AwsPlan } from '../domain/plan';
import { credentialProblems } from './aws-credentials';
import { endpointProblems, peersOf } from './aws-endpoints';
import { PROFILE, profileOf } from './aws-profile';
import { proxyOf } from './aws-proxy';
import { regionOf } from './aws-region';
import type { AwsSources } from './aws-sources';
import { AGENT_ONLY, CREDENTIALS, ENDPOINTS, firstSet, NAMES, setOf, SWITCHES, type Variables } from './aws-variables';

export interface AwsDecision {
  readonly plan: AwsPlan;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/** All credentials come from one side: the job's if it names any, else the agent's. */
export function planAws(sources: AwsSources): AwsDecision {
  const { makeRole, task } = sources;
  const { assumeRole } = task;
  const side = firstSet(sources.job, CREDENTIALS) === undefined ? 'agent' : 'job';
  const profile = profileOf(side, sources);
  const environment = environmentOf(side, sources, profile.profile);
  const proxy = proxyOf(sources);
  const region = regionOf(sources);
  return {
    plan: {
      region: region.region,
      registryId: registryIdOf(sources),
      side,
      environment,
      role: assumeRole && makeRole('AssumeRole', assumeRole.value),
      profile: profile.profile,
      proxy: proxy.proxy,
      customEndpoint: firstSet(environment, ENDPOINTS.slice(0, 2)) !== undefined,
    },
    problems: [
      ...region.problems,
      ...credentialProblems(side, sources, environment),
      ...endpointProblems(side, sources, environment),
      ...profile.problems,
      ...proxy.problems,
    ],
    notes: [...region.notes, ...losers(side, sources), ...profile.notes, ...proxy.notes],
  };
}

function environmentOf(side: AwsPlan['side'], { job, agent }: AwsSources, profile: AwsPlan['profile']): Variables {
  const own = side === 'job' ? job : agent;
  // A profile or a role is a name: the job may choose among the agent's.
  const names = side === 'job' ? job : new Map([...setOf(agent, NAMES), ...setOf(job, NAMES)]);
  return new Map([
    ...setOf(own, CREDENTIALS),
    ...setOf(names, NAMES),
    ...(profile ? [[PROFILE, profile.value] as const] : []),
    ...setOf(agent, SWITCHES),
    ...setOf(job, SWITCHES),
    ...(side === 'agent' ? setOf(agent, AGENT_ONLY) : []),
    ...peersOf(side, job, agent),
  ]);
}

/** First match wins: field, the repository's host, the agent's settings. */
function registryIdOf({ task, defaults }: AwsSources): AwsPlan['registryId'] {
  if (task.registryId !== undefined) {
    return { value: task.registryId, origin: { kind: 'field', name: 'RegistryId' } };
  }
  const account = task.repository?.value.registry?.accountId;
  return account === undefined ? defaults.registryId : { value: account, origin: { kind: 'repository-host' } };
}

function losers(side: AwsPlan['side'], { task, job, agent }: AwsSources): string[] {
  const winner = firstSet(job, CREDENTIALS);
  if (side === 'job') {
    return setOf(agent, [...CREDENTIALS, ...NAMES]).map(
      ([name]) => `agent environment ${name} is not used: the credentials are the job's (job variable ${winner ?? ''})`,
    );
  }
  return setOf(job, NAMES)
    .filter(([name, value]) => (agent.get(name) ?? value) !== value)
    .filter(([name]) => name !== PROFILE || task.awsProfile === undefined)
    .map(([name]) => `agent environment ${name} is not used: job variable ${name} goes before it`);
}
