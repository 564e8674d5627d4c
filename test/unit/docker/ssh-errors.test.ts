import { sshError, sshMissing } from '../../../src/docker/errors/ssh-errors';
import { connectionError } from '../../../src/docker/errors/connection-errors';
import { told } from './told';
import { where } from './where';

const AT = 'ssh://go@build-2:2222 (field DockerHost)';
const place = { where: where({ daemon: AT, transport: 'ssh' }), byHand: 'ssh -p 2222 go@build-2' };
const plain = { hop: 'agent-daemon', blame: 'environment', transient: false };

const CHANGED = `@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
Offending ED25519 key in /home/go/.ssh/known_hosts:1
Host key for [build-2]:2222 has changed and you have requested strict checking.
Host key verification failed.`;
const denied = {
  code: 'DAEMON_SSH_DENIED',
  message: `The ssh server of ${AT} accepts no key that the agent's user has`,
  hint: "Put a public key of the agent's user into the authorized_keys there; its key must be without a passphrase, or in the ssh-agent that the agent's SSH_AUTH_SOCK names. As that user, this must ask nothing: ssh -p 2222 go@build-2",
};
const unreachable = {
  code: 'DAEMON_TIMEOUT',
  message: `The ssh server of ${AT} cannot be reached from this agent`,
  hint: 'Check route and firewall, and host and port (field DockerHost)',
};
const noDocker = {
  code: 'DAEMON_SSH_FAILED',
  message: `There is no docker command for the user of ${AT}`,
  hint: "Install Docker there, or put docker into the PATH that a command over ssh gets, which is not that of a login: ssh -p 2222 go@build-2 'echo $PATH' shows it",
};
const old = {
  code: 'DAEMON_TOO_OLD',
  message: `The docker command at ${AT} is too old: it has no docker system dial-stdio`,
  hint: 'Update Docker there: docker system dial-stdio came with 18.09, and Docker Engine 20.10 is the oldest that works',
};
const noDaemon = {
  code: 'DAEMON_REFUSED',
  message: `No daemon listens where docker looks for it at ${AT}`,
  hint: 'Start the daemon there, or correct DOCKER_HOST or the docker context of that user: ssh -p 2222 go@build-2 docker version',
};
const lost = {
  code: 'DAEMON_CONNECTION_LOST',
  message: `The ssh connection to ${AT} broke off`,
  hint: 'Look into the log of the ssh server there: it may have been restarted, or have refused so many connections at once (MaxStartups)',
  transient: true,
};
const failed = {
  code: 'DAEMON_SSH_FAILED',
  hint: "As the agent's user, this must wait for input and print nothing: ssh -p 2222 go@build-2 docker system dial-stdio",
};

// Texts of OpenSSH 9.2, dash, bash, zsh and docker 28, but where a comment says otherwise.
const rows: readonly [words: string, code: number | null, told: object][] = [
  [
    CHANGED,
    255,
    {
      code: 'DAEMON_SSH_HOST_KEY',
      message: `The host key of ${AT} is not the one that the agent's user knows`,
      hint: "Find out why before you go on: somebody else may answer there. If that machine has a new key, remove the old one from the known_hosts of the agent's user, log in once as that user (ssh -p 2222 go@build-2), and compare the fingerprint",
    },
  ],
  [
    'No ED25519 host key is known for [build-2]:2222 and you have requested strict checking.\nHost key verification failed.',
    255,
    {
      code: 'DAEMON_SSH_HOST_KEY',
      message: `The agent's user does not know the host key of ${AT}, and ssh asks nobody here`,
      hint: "On this agent, log in once as the agent's user (ssh -p 2222 go@build-2), and compare the fingerprint with the one of that machine; this writes the key into known_hosts",
    },
  ],
  ['go@build-2: Permission denied (publickey,keyboard-interactive).', 255, denied],
  ['Received disconnect from 10.0.0.7 port 22:2: Too many authentication failures', 255, denied],
  [
    'ssh: Could not resolve hostname build-2: Name or service not known',
    255,
    {
      code: 'DAEMON_NAME_NOT_FOUND',
      message: `The host name of ${AT} cannot be resolved on this agent`,
      hint: "Correct the name (field DockerHost), this agent's DNS, or the agent's user's ssh configuration",
    },
  ],
  [
    'ssh: connect to host build-2 port 2222: Connection refused',
    255,
    {
      code: 'DAEMON_REFUSED',
      message: `No ssh server listens at ${AT}: the connection was refused`,
      hint: 'Start the ssh server there, or correct host and port (field DockerHost)',
    },
  ],
  ['Connection timed out during banner exchange', 255, unreachable],
  ['ssh: connect to host build-2 port 2222: Connection timed out', 255, unreachable],
  ['ssh: connect to host build-2 port 2222: No route to host', 255, unreachable],
  ['bash: line 1: docker: command not found', 127, noDocker],
  ['sh: 1: docker: not found', 127, noDocker],
  ['zsh:1: command not found: docker', 127, noDocker],
  [
    "docker: unknown command: docker system dial-stdio\n\nUsage:  docker system\n\nRun 'docker system --help' for more information",
    1,
    old,
  ],
  ["docker: 'system' is not a docker command.\nSee 'docker --help'.", 1, old], // docker 1.13 and before
  [
    'failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: permission denied',
    1,
    {
      code: 'DAEMON_NO_PERMISSION',
      message: `The user of ${AT} may not use the daemon's socket there`,
      hint: 'Add that user to the group that owns the socket there (usually docker), or name another user in the address',
    },
  ],
  [
    'failed to open the raw stream connection: dial unix /nowhere.sock: connect: no such file or directory',
    1,
    noDaemon,
  ],
  ['failed to open the raw stream connection: dial tcp 127.0.0.1:1: connect: connection refused', 1, noDaemon],
  ['Timeout, server build-2 not responding.', 255, lost],
  ['client_loop: send disconnect: Broken pipe', 255, lost],
  ['kex_exchange_identification: Connection closed by remote host', 255, lost],
  ['Connection closed by 10.0.0.7 port 2222', 255, lost],
  ['This account is currently not available.', 1, { ...failed, message: `The ssh to ${AT} ended with exit code 1` }],
  ['', 3, { ...failed, message: `The ssh to ${AT} ended with exit code 3`, words: undefined }],
  ['spawn EAGAIN', null, { ...failed, message: `The ssh to ${AT} could not run` }],
  [
    '',
    255,
    {
      code: 'DAEMON_CONNECTION_LOST',
      message: `The ssh to ${AT} ended without a word`,
      hint: 'Something on this agent may have killed it',
      words: undefined,
    },
  ],
];

test.each(rows)('%j (exit code %j)', (words, code, expected) => {
  expect(told(sshError({ code, words }, place))).toEqual({ ...plain, words, ...expected });
});

test('no ssh', () => {
  const hint =
    "Install the OpenSSH client on this agent (Debian's package openssh-client), or name another daemon in DockerHost";
  const missing = (path: string) => told(sshMissing(place.where, path));
  const expected = { ...plain, code: 'DAEMON_SSH_FAILED', hint, words: undefined };
  expect(missing('/usr/bin:/bin')).toEqual({
    ...expected,
    message: `${AT} is reached by ssh, and this agent has no ssh: none in PATH (/usr/bin:/bin)`,
  });
  expect(missing('')).toEqual({
    ...expected,
    message: `${AT} is reached by ssh, and this agent has no ssh: its PATH has no absolute folder`,
  });
});

test('a shell that prints something of its own', () => {
  const error = Object.assign(new Error('Parse Error: Expected HTTP/'), { code: 'HPE_INVALID_CONSTANT' });
  expect(told(connectionError(error, place.where))).toEqual({
    ...plain,
    code: 'DAEMON_NOT_DOCKER',
    message: `What comes from ${AT} is no answer of a Docker daemon: it is not HTTP`,
    hint: "A shell's start-up file there may print something (.bashrc, .zshenv): a command over ssh must print nothing of its own",
    words: 'Parse Error: Expected HTTP/',
  });
});
