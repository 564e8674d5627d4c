import { loginError } from '../../../src/docker/errors/login-errors';
import { told } from './told';
import { where } from './where';

const host = 'registry.example:5000';
const at = 'the daemon at unix:///run/d.sock (field DockerHost)';
const refused = {
  code: 'REGISTRY_LOGIN_REFUSED',
  message: `The registry ${host} refused the login of ${at}`,
  hint: `Check that ${host} is the registry that the token was issued for, and this agent's clock (NTP)`,
};
const outOfOrder = {
  code: 'REGISTRY_UNREACHABLE',
  message: `The registry ${host} did not answer the login of ${at} properly`,
  hint: 'The registry throttles or is out of order: run the task again later',
  transient: true,
};

test.each([
  [`login attempt to http://${host}/v2/ failed with status: 401 Unauthorized`, refused],
  [`login attempt to http://${host}/v2/ failed with status: 403 Forbidden`, refused],
  ['unauthorized: incorrect username or password', refused],
  [`login attempt to http://${host}/v2/ failed with status: 429 Too Many Requests`, outOfOrder],
  [`login attempt to http://${host}/v2/ failed with status: 503 Service Unavailable`, outOfOrder],
  [`Get "https://${host}/v2/": EOF`, outOfOrder],
  [
    `Get "https://${host}/v2/": dial tcp: lookup registry.example on 10.0.0.1:53: no such host`,
    {
      code: 'REGISTRY_UNREACHABLE',
      message: `The daemon at unix:///run/d.sock (field DockerHost) cannot reach the registry ${host}`,
      hint: "It is the daemon's machine that must reach it: check DNS, routes and proxy there, not on this agent",
      transient: true,
    },
  ],
  [
    `Get "https://${host}/v2/": x509: certificate has expired or is not yet valid`,
    {
      code: 'REGISTRY_UNREACHABLE',
      message: `The daemon at unix:///run/d.sock (field DockerHost) does not trust the certificate of the registry ${host}`,
      hint: `Put the registry's authority into /etc/docker/certs.d/${host}/ca.crt on the daemon's machine`,
    },
  ],
  [
    `Get "https://${host}/v2/": http: server gave HTTP response to HTTPS client`,
    {
      code: 'REGISTRY_UNREACHABLE',
      message: `The registry ${host} speaks plain HTTP, and the daemon at unix:///run/d.sock (field DockerHost) asks for HTTPS`,
      hint: `Give the registry a certificate, or list ${host} under insecure-registries in the daemon's daemon.json`,
    },
  ],
  [
    'something new',
    {
      code: 'DAEMON_ERROR',
      hop: 'agent-daemon',
      message: `The daemon at unix:///run/d.sock (field DockerHost) answered HTTP 500 to the login to ${host}`,
      hint: undefined,
    },
  ],
])('%s', (text, expected) => {
  expect(told(loginError({ status: 500, text }, host, where()))).toEqual({
    hop: 'daemon-registry',
    blame: 'environment',
    words: text,
    transient: false,
    ...expected,
  });
});
