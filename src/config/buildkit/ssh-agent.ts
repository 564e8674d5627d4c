import { describeOrigin, type Origin, type Sourced } from '../../domain/origin';
import type { SshAgent } from '../../domain/plan';
import { Fault } from '../fault';
import type { SshLine } from './ssh-lines';
import type { VariableSources } from './variable-sources';

const SOCK = 'SSH_AUTH_SOCK';

/** The socket that the line names, else the job's, else the agent's. */
export function agentOf({ id, socketPath }: SshLine, sources: VariableSources): SshAgent | Fault {
  if (socketPath !== undefined) {
    return { id, socketPath: { value: socketPath, origin: { kind: 'field', name: 'Ssh' } } };
  }
  const found = byVariable(sources);
  if (!found) {
    return new Fault(
      `neither the job nor the agent has ${SOCK}: start an ssh-agent and load the key, or write ${id}=/path/of/agent.sock`,
    );
  }
  if (found.value.startsWith('/')) return { id, socketPath: found };
  return new Fault(`${describeOrigin(found.origin)} does not hold an absolute path`);
}

function byVariable({ job, agent }: VariableSources): Sourced<string> | undefined {
  const levels: readonly (readonly [Origin, ReadonlyMap<string, string>])[] = [
    [{ kind: 'job-variable', name: SOCK }, job],
    [{ kind: 'agent-environment', name: SOCK }, agent],
  ];
  for (const [origin, variables] of levels) {
    const value = variables.get(SOCK) ?? '';
    if (value !== '') return { value, origin };
  }
  return undefined;
}
