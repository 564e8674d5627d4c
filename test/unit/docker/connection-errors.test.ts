import { connectionError, endedEarly, noAnswer, notDocker } from '../../../src/docker/errors/connection-errors';
import type { Where } from '../../../src/docker/where';
import { StepError } from '../../../src/domain/errors';
import { told } from './told';
import { tcp, where } from './where';

function nodeError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

const startOrCorrect = 'Start the daemon there, or correct its address (field DockerHost)';

const rows: readonly [code: string, message: string, where: Where, told: object][] = [
  [
    'ECONNREFUSED',
    'connect ECONNREFUSED 127.0.0.1:2399',
    tcp(),
    {
      code: 'DAEMON_REFUSED',
      blame: 'environment',
      message: 'No daemon listens at tcp://build-2:2375 (field DockerHost): the connection was refused',
      hint: startOrCorrect,
    },
  ],
  [
    'ENOENT',
    'connect ENOENT /run/d.sock',
    where(),
    {
      code: 'DAEMON_NO_SOCKET',
      blame: 'environment',
      message: 'There is no socket unix:///run/d.sock (field DockerHost)',
      hint: startOrCorrect,
    },
  ],
  [
    'ENOENT',
    'connect ENOENT /var/run/docker.sock',
    where({ daemon: 'unix:///var/run/docker.sock (built-in)', builtIn: true, origin: 'built-in' }),
    {
      code: 'DAEMON_NO_SOCKET',
      blame: 'environment',
      message: 'There is no socket unix:///var/run/docker.sock (built-in)',
      hint: 'Start a Docker daemon on this agent, or name another one in DockerHost',
    },
  ],
  [
    'EACCES',
    'connect EACCES /run/d.sock',
    where(),
    {
      code: 'DAEMON_NO_PERMISSION',
      blame: 'environment',
      message: "The agent's user may not use the socket unix:///run/d.sock (field DockerHost)",
      hint: "Add the agent's user to the group that owns the socket (usually docker) and restart the agent, or name another daemon in DockerHost",
    },
  ],
  [
    'ENOTFOUND',
    'getaddrinfo ENOTFOUND build-2',
    tcp(),
    {
      code: 'DAEMON_NAME_NOT_FOUND',
      blame: 'environment',
      message: 'The host name of tcp://build-2:2375 (field DockerHost) cannot be resolved on this agent',
      hint: "Correct the name (field DockerHost), or this agent's DNS",
    },
  ],
  [
    'EHOSTUNREACH',
    'connect EHOSTUNREACH 10.0.0.9:2375',
    tcp(),
    {
      code: 'DAEMON_TIMEOUT',
      blame: 'environment',
      message: 'The daemon at tcp://build-2:2375 (field DockerHost) cannot be reached from this agent',
      hint: 'Check route and firewall, and host and port (field DockerHost)',
    },
  ],
  [
    'HPE_INVALID_CONSTANT',
    'Parse Error: Expected HTTP/, RTSP/ or ICE/',
    tcp(),
    {
      code: 'DAEMON_NOT_DOCKER',
      blame: 'config',
      message: 'What listens at tcp://build-2:2375 (field DockerHost) is no Docker daemon: it does not speak HTTP',
      hint: 'Correct host and port (field DockerHost)',
    },
  ],
  [
    'ECONNRESET',
    'socket hang up',
    where(),
    {
      code: 'DAEMON_CONNECTION_LOST',
      blame: 'environment',
      message: 'The connection to the daemon at unix:///run/d.sock (field DockerHost) broke off',
      hint: "Look into the daemon's log for a restart or a crash",
    },
  ],
  [
    'ECONNRESET',
    'aborted',
    tcp(),
    {
      code: 'DAEMON_CONNECTION_LOST',
      blame: 'environment',
      message: 'The connection to the daemon at tcp://build-2:2375 (field DockerHost) broke off',
      hint: "Look into the daemon's log for a restart or a crash; if it wants TLS, set TlsVerify=true",
    },
  ],
  [
    'EWHATEVER',
    'something new',
    where(),
    {
      code: 'DAEMON_ERROR',
      blame: 'environment',
      message: 'The request to unix:///run/d.sock (field DockerHost) failed',
      hint: undefined,
    },
  ],
];

test.each(rows)('%s: %s', (code, message, at, expected) => {
  expect(told(connectionError(nodeError(code, message), at))).toEqual({
    hop: 'agent-daemon',
    words: message,
    transient: false,
    ...expected,
  });
});

test('of a name with several addresses, each address is told', () => {
  const each = [new Error('connect ECONNREFUSED ::1:2375'), new Error('connect ECONNREFUSED 127.0.0.1:2375')];
  const error = connectionError(Object.assign(new AggregateError(each), { code: 'ECONNREFUSED' }), tcp());
  expect(error.code).toBe('DAEMON_REFUSED');
  expect(error.words).toBe('connect ECONNREFUSED ::1:2375; connect ECONNREFUSED 127.0.0.1:2375');
});

test('what is understood already stays what it is', () => {
  const error = new StepError('CONTEXT_UNREADABLE', 'none', 'environment', 'a file went away');
  expect(connectionError(error, where())).toBe(error);
});

test('what is thrown and is no error is told as text', () => {
  expect(connectionError('odd', where()).words).toBe('odd');
});

test('a black hole', () => {
  expect(told(noAnswer(tcp(), 15_000))).toEqual({
    code: 'DAEMON_TIMEOUT',
    hop: 'agent-daemon',
    blame: 'environment',
    message: 'No answer from the daemon at tcp://build-2:2375 (field DockerHost) within 15 s',
    hint: 'Check route and firewall, host and port (field DockerHost), and whether the daemon still answers others',
    words: undefined,
    transient: false,
  });
});

test('something that is no Docker daemon', () => {
  expect(told(notDocker(tcp(), 'it answered HTTP 502 with a web page', '<html>bad gateway</html>'))).toEqual({
    code: 'DAEMON_NOT_DOCKER',
    hop: 'agent-daemon',
    blame: 'environment',
    message:
      'What answers at tcp://build-2:2375 (field DockerHost) is no Docker daemon: it answered HTTP 502 with a web page',
    hint: "Correct host and port (field DockerHost); a proxy on the way may answer in the daemon's place",
    words: '<html>bad gateway</html>',
    transient: false,
  });
});

test('a stream that ends politely and too early', () => {
  expect(told(endedEarly(where(), 'build'))).toEqual({
    code: 'DAEMON_CONNECTION_LOST',
    hop: 'agent-daemon',
    blame: 'environment',
    message: 'The daemon at unix:///run/d.sock (field DockerHost) stopped talking in the middle of the build',
    hint: "Look into the daemon's log for a restart or a crash",
    words: undefined,
    transient: false,
  });
});
