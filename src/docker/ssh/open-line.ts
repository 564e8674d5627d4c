import type { SshDaemon } from '../../domain/ssh-daemon';
import { sshError, sshMissing } from '../errors/ssh-errors';
import type { Where } from '../where';
import { findSsh, sshByHand, sshCommand } from './ssh-command';
import { SshLine } from './ssh-line';

/** The line to a daemon by `docker system dial-stdio` there, as the docker CLI has it. No ssh has been started yet. */
export async function openSshLine(daemon: SshDaemon, where: Where): Promise<SshLine> {
  const program = await findSsh(daemon);
  if (program === undefined) throw sshMissing(where, daemon.environment.get('PATH') ?? '');
  const byHand = sshByHand(daemon);
  return new SshLine(sshCommand(program, daemon), (end) => sshError(end, { where, byHand }));
}
