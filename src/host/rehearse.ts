import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../domain/secret';
import type { Ecr, RegistryLogin } from '../pipeline/ports';
import type { Reply, TaskCall } from '../protocol/task-service';
import { createTaskService } from './task';
import type { TaskTools } from './task-tools';

const HOST = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
const HOUR_MS = 3_600_000;

/** Listens as a daemon does, on a socket. */
export type StartStandIn = (socketPath: string) => Promise<{ stop(): void }>;

/**
 * Runs a whole task from nothing, against nobody and for nobody: a process is some hundred milliseconds faster at what it
 * has done once, and a spare has the time. `folder` does not exist yet, and does not when it is over.
 */
export async function rehearse(
  tools: TaskTools,
  startStandIn: StartStandIn,
  folder: string,
  signal: AbortSignal,
): Promise<Reply> {
  mkdirSync(folder, { mode: 0o700 });
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clear);
  try {
    writeFileSync(join(folder, 'Dockerfile'), 'FROM rehearsal\nCOPY . /\n');
    const socketPath = join(folder, 'd.sock');
    const daemon = await startStandIn(socketPath);
    try {
      return await createTaskService(alone(tools)).execute(call(folder, socketPath), () => undefined, signal);
    } finally {
      daemon.stop();
    }
  } finally {
    clear();
    process.off('exit', clear);
  }
}

/** Nothing of the agent goes in, and nothing comes out. */
function alone(tools: TaskTools): TaskTools {
  const nothing = (): void => undefined;
  return {
    ...tools,
    agentEnvironment: new Map(),
    openEcr: () => Promise.resolve(ecr(tools)),
    everySecond: () => nothing,
    fault: nothing,
    masking: nothing,
  };
}

function call(folder: string, socketPath: string): TaskCall {
  const fields = { Repository: `${HOST}/rehearsal`, Tags: 'rehearsal', DockerHost: `unix://${socketPath}` };
  const environmentVariables = new Map([['GO_PIPELINE_NAME', 'rehearsal']]);
  const request = { workingDirectory: folder, environmentVariables, fields: new Map(Object.entries(fields)) };
  return { request, serverProperties: new Map(), secureNames: new Set() };
}

function ecr({ clock }: TaskTools): Ecr {
  const login = (): Promise<RegistryLogin> =>
    Promise.resolve({
      host: HOST,
      username: 'AWS',
      password: new Secret('a-rehearsal'),
      expiresAt: clock.now() + HOUR_MS,
    });
  const facts = { host: HOST, mutability: 'MUTABLE', exclusions: [] };
  return {
    region: 'us-east-1',
    identity: () => Promise.resolve('nobody'),
    authorize: login,
    authorizeFor: login,
    describeRepository: () => Promise.resolve(facts),
    createRepository: () => Promise.resolve({ facts, created: false }),
    compareRepository: () => Promise.resolve([]),
    findImages: () => Promise.resolve(new Map()),
    readConfig: () => Promise.resolve(undefined),
    pushedAt: () => Promise.resolve(undefined),
    putTag: () => Promise.resolve(),
  };
}
