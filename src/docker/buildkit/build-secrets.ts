import { stat } from 'node:fs/promises';
import { StepError } from '../../domain/errors';
import type { BuildPlan } from '../../domain/plan';
import { Secret } from '../../domain/secret';
import { readSecretFile } from '../../files/secret-file';
import type { Mask } from '../../pipeline/ports';

/** The secrets' bytes by id, each known to the mask before anybody has it. */
export async function readSecrets(plan: BuildPlan, jobFolder: string, mask: Mask): Promise<Map<string, Buffer>> {
  const secrets = new Map<string, Buffer>();
  for (const { id, from } of plan.secrets) {
    const bytes =
      from.kind === 'value'
        ? Buffer.from(from.value.reveal())
        : await readSecretFile(jobFolder, { id, path: from.path });
    mask.register(`Secrets (${id})`, new Secret(bytes.toString('utf8')));
    secrets.set(id, bytes);
  }
  return secrets;
}

/** The ssh agents' sockets by id. One that is not there would only be told in the middle of the build. */
export async function findSshAgents(plan: BuildPlan): Promise<Map<string, string>> {
  const agents = new Map<string, string>();
  for (const { id, socketPath } of plan.ssh) {
    const path = socketPath.value;
    const isSocket = await stat(path).then(
      (found) => found.isSocket(),
      () => false,
    );
    if (!isSocket) throw noAgent(id, path);
    agents.set(id, path);
  }
  return agents;
}

function noAgent(id: string, path: string): StepError {
  return new StepError('SECRET_MISSING', 'none', 'environment', `Ssh (${id}): ${path} is no socket of an ssh agent`, {
    hint: 'Start ssh-agent on the GoCD agent, add the key with ssh-add, and let SSH_AUTH_SOCK or Ssh name its socket',
  });
}
