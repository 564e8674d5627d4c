import { StepError, type Blame, type ErrorCode } from '../../domain/errors';
import type { SshEnd } from '../ssh/ssh-connection';
import type { Where } from '../where';
import type { ConnectionRow } from './connection-row';

/** The daemon, and how somebody logs in there by hand: `ssh -p 2222 go@build-2`. */
export interface SshPlace {
  readonly where: Where;
  readonly byHand: string;
}

interface SshRow {
  /** In the words of ssh, of the shell there, or of docker there. */
  readonly when: RegExp;
  readonly code: ErrorCode;
  readonly blame: Blame;
  message(where: Where): string;
  hint(place: SshPlace): string;
  readonly transient?: boolean;
}

const environment = 'environment';

/** OpenSSH 9.2 and docker 28, measured; the first that fits, for a changed key ends with the line of an unknown one. */
const rows: readonly SshRow[] = [
  {
    when: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for \S+ has changed/,
    code: 'DAEMON_SSH_HOST_KEY',
    blame: environment,
    message: ({ daemon }) => `The host key of ${daemon} is not the one that the agent's user knows`,
    hint: ({ byHand }) =>
      `Find out why before you go on: somebody else may answer there. If that machine has a new key, remove the old one from the known_hosts of the agent's user, log in once as that user (${byHand}), and compare the fingerprint`,
  },
  {
    when: /Host key verification failed|host key is known for/,
    code: 'DAEMON_SSH_HOST_KEY',
    blame: environment,
    message: ({ daemon }) => `The agent's user does not know the host key of ${daemon}, and ssh asks nobody here`,
    hint: ({ byHand }) =>
      `On this agent, log in once as the agent's user (${byHand}), and compare the fingerprint with the one of that machine; this writes the key into known_hosts`,
  },
  {
    when: /Permission denied \(|Too many authentication failures|No supported authentication methods/,
    code: 'DAEMON_SSH_DENIED',
    blame: environment,
    message: ({ daemon }) => `The ssh server of ${daemon} accepts no key that the agent's user has`,
    hint: ({ byHand }) =>
      `Put a public key of the agent's user into the authorized_keys there; its key must be without a passphrase, or in the ssh-agent that the agent's SSH_AUTH_SOCK names. As that user, this must ask nothing: ${byHand}`,
  },
  {
    when: /Could not resolve hostname/,
    code: 'DAEMON_NAME_NOT_FOUND',
    blame: environment,
    message: ({ daemon }) => `The host name of ${daemon} cannot be resolved on this agent`,
    hint: ({ where }) =>
      `Correct the name (${where.origin}), this agent's DNS, or the agent's user's ssh configuration`,
  },
  {
    when: /: Connection refused/,
    code: 'DAEMON_REFUSED',
    blame: environment,
    message: ({ daemon }) => `No ssh server listens at ${daemon}: the connection was refused`,
    hint: ({ where }) => `Start the ssh server there, or correct host and port (${where.origin})`,
  },
  {
    when: /(Connection|Operation) timed out|No route to host|Network is unreachable|Host is down/,
    code: 'DAEMON_TIMEOUT',
    blame: environment,
    message: ({ daemon }) => `The ssh server of ${daemon} cannot be reached from this agent`,
    hint: ({ where }) => `Check route and firewall, and host and port (${where.origin})`,
  },
  {
    when: /docker: (command )?not found|command not found: docker|fish: Unknown command: docker|docker: No such file or directory|'docker' is not recognized/i,
    code: 'DAEMON_SSH_FAILED',
    blame: environment,
    message: ({ daemon }) => `There is no docker command for the user of ${daemon}`,
    hint: ({ byHand }) =>
      `Install Docker there, or put docker into the PATH that a command over ssh gets, which is not that of a login: ${byHand} 'echo $PATH' shows it`,
  },
  {
    when: /is not a docker command|unknown command: docker system|unknown command "dial-stdio"|Usage:\s+docker system/,
    code: 'DAEMON_TOO_OLD',
    blame: environment,
    message: ({ daemon }) => `The docker command at ${daemon} is too old: it has no docker system dial-stdio`,
    hint: () =>
      'Update Docker there: docker system dial-stdio came with 18.09, and Docker Engine 20.10 is the oldest that works',
  },
  {
    when: /dial unix [^\n]*permission denied|permission denied while trying to connect to the/i,
    code: 'DAEMON_NO_PERMISSION',
    blame: environment,
    message: ({ daemon }) => `The user of ${daemon} may not use the daemon's socket there`,
    hint: () =>
      'Add that user to the group that owns the socket there (usually docker), or name another user in the address',
  },
  {
    when: /dial \w+ [^\n]*(no such file or directory|connection refused)|Cannot connect to the Docker daemon/i,
    code: 'DAEMON_REFUSED',
    blame: environment,
    message: ({ daemon }) => `No daemon listens where docker looks for it at ${daemon}`,
    hint: ({ byHand }) =>
      `Start the daemon there, or correct DOCKER_HOST or the docker context of that user: ${byHand} docker version`,
  },
  {
    when: /not responding|Broken pipe|closed by remote host|Connection (to \S+ )?(reset|closed)/,
    code: 'DAEMON_CONNECTION_LOST',
    blame: environment,
    message: ({ daemon }) => `The ssh connection to ${daemon} broke off`,
    hint: () =>
      'Look into the log of the ssh server there: it may have been restarted, or have refused so many connections at once (MaxStartups)',
    transient: true,
  },
];

/** An ssh that ended where it should have gone on, in the reader's words. */
export function sshError({ code, words }: SshEnd, place: SshPlace): StepError {
  const { where, byHand } = place;
  const row = rows.find(({ when }) => when.test(words));
  if (row !== undefined) {
    return new StepError(row.code, 'agent-daemon', row.blame, row.message(where), {
      hint: row.hint(place),
      words,
      transient: row.transient ?? false,
    });
  }
  if (words === '' && (code === null || code === 255)) {
    return new StepError(
      'DAEMON_CONNECTION_LOST',
      'agent-daemon',
      environment,
      `The ssh to ${where.daemon} ended without a word`,
      {
        hint: 'Something on this agent may have killed it',
      },
    );
  }
  const how = code === null ? 'could not run' : `ended with exit code ${code}`;
  return new StepError('DAEMON_SSH_FAILED', 'agent-daemon', environment, `The ssh to ${where.daemon} ${how}`, {
    hint: `As the agent's user, this must wait for input and print nothing: ${byHand} docker system dial-stdio`,
    ...(words === '' ? {} : { words }),
  });
}

export function sshMissing({ daemon }: Where, path: string): StepError {
  const where = path === '' ? 'its PATH has no absolute folder' : `none in PATH (${path})`;
  return new StepError(
    'DAEMON_SSH_FAILED',
    'agent-daemon',
    environment,
    `${daemon} is reached by ssh, and this agent has no ssh: ${where}`,
    {
      hint: "Install the OpenSSH client on this agent (Debian's package openssh-client), or name another daemon in DockerHost",
    },
  );
}

/** What a shell prints before it starts docker comes where the daemon's answer is expected. */
export const noisyShell: ConnectionRow = {
  when: /^HPE_/,
  only: ({ transport }) => transport === 'ssh',
  code: 'DAEMON_NOT_DOCKER',
  blame: environment,
  message: ({ daemon }) => `What comes from ${daemon} is no answer of a Docker daemon: it is not HTTP`,
  hint: () =>
    "A shell's start-up file there may print something (.bashrc, .zshenv): a command over ssh must print nothing of its own",
};
