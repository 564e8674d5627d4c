import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './command';
import { systemPath } from './places';

/** An ssh-agent of the test's own with one key that is thrown away with it. */
export interface LabSshAgent {
  readonly socketPath: string;
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicKey: string;
  /** What the agent holds now, one key a line */
  keys(): Promise<string>;
  stop(): Promise<void>;
}

export async function startSshAgent(folder: string): Promise<LabSshAgent> {
  const [socketPath, key] = [join(folder, 'ssh-agent.sock'), join(folder, 'key')];
  const env = { PATH: systemPath(), SSH_AUTH_SOCK: socketPath };
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'ssh-agent', '-D', '-a', socketPath], {
    env,
    stdio: 'ignore',
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  try {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab key', '-f', key]);
    for (const end = Date.now() + 10_000; !existsSync(socketPath) && Date.now() < end;) await sleep(10);
    const add = (args: readonly string[]) => run('env', [`SSH_AUTH_SOCK=${socketPath}`, 'ssh-add', ...args]);
    await add(['-q', key]);
    const keys = () => add(['-L']);
    return { socketPath, publicKey: (await keys()).trim(), keys, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
