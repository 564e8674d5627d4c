import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SshDaemon } from '../../domain/ssh-daemon';

/** What is started for each connection. */
export interface SshCommand {
  /** Absolute. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Less than what the preflight gives a black hole, so that ssh's own words about one are heard. */
const CONNECT_SECONDS = 10;

/**
 * The user's configuration says who and where; what it may not decide is said here, for the first one to say an option wins.
 * Forwardings of the configuration would be made by every process, and the second one of them would fail. A master process
 * would outlive the run. Errors are what is read, so they are neither silenced nor mixed with banners.
 */
const OPTIONS = [
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'ForwardAgent=no',
  'ClearAllForwardings=yes',
  'ControlMaster=no',
  'PermitLocalCommand=no',
  'LogLevel=ERROR',
  // Ends a connection that is silently gone after 90 s; a quiet RUN is answered for by the server.
  'ServerAliveInterval=30',
  `ConnectTimeout=${CONNECT_SECONDS}`,
];

export function sshCommand(program: string, { user, host, port, environment }: SshDaemon): SshCommand {
  const who = [...(user === undefined ? [] : ['-l', user]), ...(port === undefined ? [] : ['-p', String(port)])];
  return {
    program,
    args: ['-T', ...OPTIONS.flatMap((option) => ['-o', option]), ...who, '--', host, 'docker', 'system', 'dial-stdio'],
    // Its errors, and those of the shell there where the server takes the variable, are read here.
    env: { ...Object.fromEntries(environment), LC_ALL: 'C' },
  };
}

/** The same by hand, for whoever has to find out: `ssh -p 2222 go@build-2`. */
export function sshByHand({ user, host, port }: SshDaemon): string {
  return `ssh ${port === undefined ? '' : `-p ${port} `}${user === undefined ? '' : `${user}@`}${host}`;
}

/** On the agent's PATH, whose relative entries are not there any more; undefined: there is none. */
export async function findSsh({ environment }: SshDaemon): Promise<string | undefined> {
  for (const folder of (environment.get('PATH') ?? '').split(':')) {
    const program = join(folder, 'ssh');
    if (folder.startsWith('/') && (await isProgram(program))) return program;
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
