import { Fault } from '../fault';
import { nearNames } from '../near';
import type { VariableSources } from './variable-sources';

/** A secret's value. Never the agent's: a job could hand that one's secrets to a Dockerfile, or to a daemon. */
export function jobVariable(name: string, { job, agent }: VariableSources): string | Fault {
  const text = job.get(name);
  if (text !== undefined) return text.trim() === '' ? new Fault(`job variable ${name} is empty`) : text;
  const near = nearNames(name, job.keys());
  if (near.length > 0) return new Fault(`the job has no variable ${name}; there is ${near.join(', ')}`);
  const unused = agent.has(name) ? "; the agent's is not used, because secrets come from the job" : '';
  return new Fault(`the job has no variable ${name}${unused}`);
}
