import type { Problem } from '../domain/errors';
import type { AwsPlan } from '../domain/plan';
import type { AwsSources } from './aws-sources';
import { CREDENTIALS, ENDPOINTS, firstSet, NAMES, PEERS, setOf, TOKEN_FILE, type Variables } from './aws-variables';
import { isLoopback } from './docker-host';
import { quote } from './quote';

/** The agent's endpoints and CA serve the job's credentials too; the job's serve only its own. */
export function peersOf(side: AwsPlan['side'], job: Variables, agent: Variables): [string, string][] {
  if (side === 'agent') return setOf(agent, PEERS);
  // A job's endpoint for all services goes before the agent's for one of them.
  const narrower = (job.get('AWS_ENDPOINT_URL') ?? '') === '' ? [] : ENDPOINTS;
  return [
    ...setOf(
      agent,
      PEERS.filter((name) => !narrower.includes(name)),
    ),
    ...setOf(job, PEERS),
  ];
}

export function endpointProblems(side: AwsPlan['side'], { job, agent }: AwsSources, environment: Variables): Problem[] {
  return [
    ...(side === 'agent' ? foreignPeers(job, agent) : tokenToStranger(job)),
    ...setOf(environment, ENDPOINTS).flatMap(([name, url]) => unusable(name, url)),
  ];
}

function foreignPeers(job: Variables, agent: Variables): Problem[] {
  const found = firstSet(agent, [...CREDENTIALS, ...NAMES]);
  const credentials =
    found === undefined ? "the agent's own credentials" : `the agent's credentials (agent environment ${found})`;
  return setOf(job, PEERS).map(([name]) => ({
    field: name,
    message: `is set by the job and would stand between AWS and ${credentials}: set it on the agent, or give the job credentials of its own`,
  }));
}

/** A token file may be any file of the agent's disk: the job that names it does not also say where it is sent. */
function tokenToStranger(job: Variables): Problem[] {
  if ((job.get(TOKEN_FILE) ?? '') === '') return [];
  return setOf(job, ['AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL']).map(([name]) => ({
    field: name,
    message: `is set by the job and would receive the file that job variable ${TOKEN_FILE} names: such a file goes to AWS or to the agent's endpoints only`,
  }));
}

/** The registry's token comes back over this line. */
function unusable(name: string, text: string): Problem[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    return [{ field: name, message: `${quote(text)} is not an https:// URL` }];
  if (url.username !== '' || url.password !== '')
    return [{ field: name, message: `${quote(text)} holds a user: AWS has none` }];
  if (url.protocol === 'https:' || isLoopback(url.hostname.replace(/^\[|\]$/g, ''))) return [];
  return [
    {
      field: name,
      message: `${quote(text)} is another machine without TLS: the registry's token would cross the network in plain text`,
    },
  ];
}
