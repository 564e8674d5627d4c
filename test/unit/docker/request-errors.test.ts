import { requestError } from '../../../src/docker/errors/request-errors';
import { told } from './told';
import { tcp, where } from './where';

const common = { hop: 'agent-daemon', transient: false };

test('a TLS daemon that is spoken to in plain HTTP', () => {
  const text = 'Client sent an HTTP request to an HTTPS server.';
  expect(told(requestError({ status: 400, text }, 'GET /_ping', tcp()))).toEqual({
    ...common,
    code: 'DAEMON_TLS',
    blame: 'config',
    message: 'The daemon at tcp://build-2:2375 (field DockerHost) wants TLS, and this task speaks plain HTTP to it',
    hint: 'Set TlsVerify=true, and CertPath to the folder with its certificates',
    words: text,
  });
});

test.each([
  [404, '<html>not here</html>', 'it answered HTTP 404 with a web page', '<html>not here</html>'],
  [503, '', 'it answered HTTP 503', undefined],
])('HTTP %s from something before the daemon', (status, text, why, words) => {
  expect(told(requestError({ status, text }, 'GET /info', where()))).toEqual({
    ...common,
    code: 'DAEMON_NOT_DOCKER',
    blame: 'environment',
    message: `What answers at unix:///run/d.sock (field DockerHost) is no Docker daemon: ${why}`,
    hint: "Correct host and port (field DockerHost); a proxy on the way may answer in the daemon's place",
    words,
  });
});

test('an authorization plugin', () => {
  const text = 'authorization denied by plugin opa: no';
  expect(told(requestError({ status: 403, text }, 'POST /build', where()))).toEqual({
    ...common,
    code: 'DAEMON_ERROR',
    blame: 'environment',
    message: 'The daemon at unix:///run/d.sock (field DockerHost), or a proxy before it, does not allow POST /build',
    hint: "Allow that request in the daemon's authorization plugin or in the proxy's rules",
    words: text,
  });
});

test('a full disk', () => {
  const text = 'write /var/lib/docker/x: no space left on device';
  expect(told(requestError({ status: 500, text }, 'the tagging of a as b', where()))).toEqual({
    ...common,
    code: 'BUILD_NO_SPACE',
    blame: 'environment',
    message: 'The disk of the daemon at unix:///run/d.sock (field DockerHost) is full',
    hint: "Free space in the daemon's data root (docker system df shows what fills it)",
    words: text,
  });
});

test('anything else', () => {
  expect(told(requestError({ status: 500, text: 'boom' }, 'the tagging of a as b', where()))).toEqual({
    ...common,
    code: 'DAEMON_ERROR',
    blame: 'environment',
    message: 'The daemon at unix:///run/d.sock (field DockerHost) answered HTTP 500 to the tagging of a as b',
    hint: undefined,
    words: 'boom',
  });
});
