import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './command';
import { systemPath } from './places';
import { freePort } from './relay';

/** An sshd on loopback with a key of its own, and a user's home that may log in there. */
export interface LabSshServer {
  readonly port: number;
  /** Who runs the tests. */
  readonly user: string;
  /** `ssh://user@127.0.0.1:port` */
  readonly url: string;
  /** Holds `.ssh/config`, `.ssh/known_hosts` and `.ssh/id_ed25519`; and `bin` with an ssh that takes them from there. */
  readonly home: string;
  /** PATH and HOME of whoever shall use that ssh. */
  readonly environment: Readonly<Record<string, string>>;
  /** A known_hosts that takes this server for one with another key. */
  readonly foreignHostKey: string;
  /** Another home beneath the folder, whose ssh has this known_hosts, and this server's key or one it does not know. */
  otherHome(name: string, change: { readonly knownHosts?: string; readonly key?: 'foreign' }): Promise<Home>;
  stop(): Promise<void>;
}

export type Home = Pick<LabSshServer, 'home' | 'environment'>;

/** `dockerHost`: where docker looks for the daemon on the other side. */
export async function startSshServer(folder: string, dockerHost: string): Promise<LabSshServer> {
  const port = await freePort();
  const [hostKey, userKey] = [join(folder, 'host_key'), join(folder, 'user_key')];
  for (const key of [hostKey, userKey, join(folder, 'foreign_key')]) await makeKey(key);
  const child = await serve(folder, port, dockerHost);
  const known = async (key: string): Promise<string> => `[127.0.0.1]:${port} ${await publicKey(key)}\n`;
  const knownHosts = await known(hostKey);
  const foreignHostKey = await known(join(folder, 'foreign_key'));
  const otherHome: LabSshServer['otherHome'] = (name, change) =>
    makeHome(join(folder, name), change.knownHosts ?? knownHosts, change.key ? join(folder, 'foreign_key') : userKey);
  const { username: user } = userInfo();
  const home = await otherHome('home', {});
  const url = `ssh://${user}@127.0.0.1:${port}`;
  return { port, user, url, ...home, foreignHostKey, otherHome, stop: () => stop(child) };
}

async function makeKey(path: string): Promise<void> {
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab', '-f', path]);
}

/** Type and key, without the comment. */
async function publicKey(path: string): Promise<string> {
  return (await readFile(`${path}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ');
}

/** ssh knows its user's home from the system, not from HOME; so there is an ssh on PATH that is told. */
async function makeHome(home: string, knownHosts: string, key: string): Promise<Home> {
  const [dotSsh, bin] = [join(home, '.ssh'), join(home, 'bin')];
  for (const each of [dotSsh, bin]) await mkdir(each, { recursive: true, mode: 0o700 });
  await writeFile(join(dotSsh, 'known_hosts'), knownHosts);
  const settings = [`UserKnownHostsFile ${dotSsh}/known_hosts`, `IdentityFile ${key}`, 'IdentitiesOnly yes'];
  await writeFile(join(dotSsh, 'config'), `${settings.join('\n')}\nGlobalKnownHostsFile /dev/null\n`);
  await writeFile(join(bin, 'ssh'), '#!/bin/sh\nexec /usr/bin/ssh -F "$HOME/.ssh/config" "$@"\n');
  await chmod(join(bin, 'ssh'), 0o755);
  return { home, environment: { HOME: home, PATH: `${bin}:${systemPath()}` } };
}

async function serve(folder: string, port: number, dockerHost: string): Promise<ChildProcess> {
  await mkdir('/run/sshd', { recursive: true }); // sshd of a distribution will not start without it
  await writeFile(join(folder, 'authorized_keys'), `${await publicKey(join(folder, 'user_key'))}\n`);
  const settings = [
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    `HostKey ${folder}/host_key`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    `SetEnv DOCKER_HOST=${dockerHost} PATH=/usr/local/bin:/usr/bin:/bin`,
  ];
  await writeFile(join(folder, 'sshd_config'), `${settings.join('\n')}\n`);
  const log = openSync(join(folder, 'sshd.log'), 'a');
  const args = ['--pdeathsig', 'KILL', '/usr/sbin/sshd', '-D', '-e', '-f', join(folder, 'sshd_config')];
  const child = spawn('setpriv', args, { stdio: ['ignore', log, log], env: { PATH: systemPath() } });
  closeSync(log);
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(20)) {
    if (await listens(port)) return child;
    if (child.exitCode !== null) break;
  }
  await stop(child);
  throw new Error(`sshd did not start:\n${await readFile(join(folder, 'sshd.log'), 'utf8')}`);
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const connected = await Promise.race([
    once(socket, 'connect').then(() => true),
    new Promise<boolean>((resolve) => socket.once('error', () => resolve(false))),
  ]).catch(() => false);
  socket.destroy();
  return connected;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
