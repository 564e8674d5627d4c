import type { Problem } from '../domain/errors';
import { describeOrigin, type Origin } from '../domain/origin';
import type { SshDaemon } from '../domain/ssh-daemon';
import type { DaemonSources } from './daemon-sources';
import { sshUrl, type SshAddress } from './ssh-address';
import type { Task } from './task';

/** For the user's keys and configuration, an ssh-agent or Kerberos; nothing that loads code or asks somebody. */
const FOR_SSH = ['HOME', 'KRB5CCNAME', 'LOGNAME', 'SSH_AUTH_SOCK', 'TMPDIR', 'USER', 'XDG_RUNTIME_DIR'];

interface SshDecision {
  readonly target: SshDaemon | undefined;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/**
 * Whoever names the daemon, ssh is the agent's: program, keys and the list of hosts that it believes. So a job reaches
 * only hosts whose key the agent's user has accepted, and none of its variables gets to ssh.
 */
export function onSsh(
  { task, agent }: DaemonSources,
  address: SshAddress,
  origin: Origin,
  notes: readonly string[],
): SshDecision {
  const { user, host, port } = address;
  const display = { value: sshUrl(address), origin };
  const problems = tlsBesideSsh(`the daemon ${display.value} (${describeOrigin(origin)})`, task);
  const target: SshDaemon = { kind: 'ssh', user, host, port, environment: environmentOf(agent), display };
  return { target: problems.length > 0 ? undefined : target, problems, notes };
}

function environmentOf(agent: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const folders = (agent.get('PATH') ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const taken = FOR_SSH.map((name) => [name, agent.get(name) ?? ''] as const).filter(([, value]) => value !== '');
  return new Map([['PATH', folders.join(':')], ...taken]);
}

/** `daemon`: how the message names the address. */
export function tlsBesideSsh(daemon: string, { tlsVerify, certPath }: Pick<Task, 'tlsVerify' | 'certPath'>): Problem[] {
  const why = 'ssh has keys of its own, and no TLS';
  return [
    ...(tlsVerify === true ? [{ field: 'TlsVerify', message: `true contradicts ${daemon}: ${why}` }] : []),
    ...(certPath === undefined ? [] : [{ field: 'CertPath', message: `${certPath} contradicts ${daemon}: ${why}` }]),
  ];
}
