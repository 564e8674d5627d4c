import { parseDockerHost } from '../../../src/config/docker-host';
import { Fault } from '../../../src/config/fault';
import { parseSettings } from '../../../src/config/settings';
import { planOf, problemsOf, type Given } from './given';

describe('the address of a daemon behind ssh', () => {
  const ssh = (host: string, user?: string, port?: number) => ({ kind: 'ssh', user, host, port });
  test.each([
    ['ssh://build-2', ssh('build-2')],
    ['ssh://go@build-2', ssh('build-2', 'go')],
    ['SSH://Go_1@Build-2.Example.com:2222/', ssh('Build-2.Example.com', 'Go_1', 2222)],
    ['ssh://go@10.0.0.7:22', ssh('10.0.0.7', 'go', 22)],
    ['ssh://go@[FD00:0::7]:22', ssh('fd00::7', 'go', 22)],
    ['ssh://_alias', ssh('_alias')],
  ])('%s', (text, expected) => {
    expect(parseDockerHost(text)).toEqual(expected);
  });

  const SHAPE =
    'is not ssh://user@host:port: user and host have letters, digits, `.`, `_` and `-`, and an IPv6 address stands in square brackets';
  const PATH = "names a path: over ssh the daemon is the one that `docker` there uses, by that user's DOCKER_HOST";
  const PASSWORD = 'holds a password: ssh logs in with a key of the user that the agent runs as';
  test.each([
    // What ssh would take for an option: CVE-2017-1000117 and its kin.
    ['ssh://-oProxyCommand=x', SHAPE],
    ['ssh://-oProxyCommand=x@b', SHAPE],
    ['ssh://go@-b', SHAPE],
    ['ssh://go@b%20c', SHAPE],
    ['ssh://%h@b', SHAPE],
    ['ssh://$(x)@b', SHAPE],
    ['ssh://go@b;x', SHAPE],
    ['ssh://go@b c', SHAPE],
    ['ssh://a@b@c', SHAPE],
    ['ssh://@b', SHAPE],
    ['ssh://', SHAPE],
    ['ssh://go@', SHAPE],
    ['ssh://go@fd00::7', SHAPE],
    ['ssh://go@[fd00::zz]', SHAPE],
    ['ssh://go@[fd00::7%eth0]', SHAPE],
    ['ssh://go@b:x', SHAPE],
    ['ssh://go@b:123456', SHAPE],
    ['ssh://go@b:0', 'has no port from 1 to 65535'],
    ['ssh://go@b:65536', 'has no port from 1 to 65535'],
    ['ssh://go@b/var/run/docker.sock', PATH],
    ['ssh://go@b?x', PATH],
    ['ssh://go:hunter22@b', PASSWORD],
    ['ssh://:@b', PASSWORD],
  ])('%s is refused', (text, message) => {
    expect(parseDockerHost(text)).toEqual(new Fault(message));
  });
});

const AGENT = {
  PATH: '/usr/local/bin::bin:./x:/usr/bin',
  HOME: '/home/go',
  SSH_AUTH_SOCK: '/run/agent.sock',
  LD_PRELOAD: '/evil.so',
  SSH_ASKPASS: '/evil',
  LANG: 'de_DE.UTF-8',
};
const ENVIRONMENT = new Map([
  ['PATH', '/usr/local/bin:/usr/bin'],
  ['HOME', '/home/go'],
  ['SSH_AUTH_SOCK', '/run/agent.sock'],
]);
const JOB = { PATH: '/job/bin', HOME: '/job', SSH_AUTH_SOCK: '/job/agent.sock' };
const settings = parseSettings('{"daemon.far": "ssh://go@build-2:2222"}', '/etc/settings.json');

describe('whoever names it, what ssh gets is the agent’s, and no more than it needs', () => {
  test.each<[string, Given, object]>([
    ['the field', { fields: { DockerHost: 'ssh://go@build-2:2222' } }, { kind: 'field', name: 'DockerHost' }],
    ['the job', { job: { DOCKER_HOST: 'ssh://go@build-2:2222' } }, { kind: 'job-variable', name: 'DOCKER_HOST' }],
    [
      'the agent',
      { agent: { DOCKER_HOST: 'ssh://go@build-2:2222' } },
      { kind: 'agent-environment', name: 'DOCKER_HOST' },
    ],
    ['its settings', { fields: { DockerHost: 'far' } }, { kind: 'settings-file', name: 'daemon.far' }],
  ])('%s', (_name, { fields = {}, job = {}, agent = {} }, origin) => {
    expect(planOf({ fields, job: { ...JOB, ...job }, agent: { ...AGENT, ...agent }, settings }).daemon).toEqual({
      kind: 'ssh',
      user: 'go',
      host: 'build-2',
      port: 2222,
      environment: ENVIRONMENT,
      display: { value: 'ssh://go@build-2:2222', origin },
    });
  });

  test('an address is shown with brackets, and nothing that was not said', () => {
    const shown = (DockerHost: string) => planOf({ fields: { DockerHost } }).daemon.display.value;
    expect(shown('ssh://[::1]')).toBe('ssh://[::1]');
    expect(shown('ssh://Build')).toBe('ssh://Build');
  });

  test('TLS variables are told as unused', () => {
    expect(planOf({ job: { DOCKER_HOST: 'ssh://b', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/j' } }).notes).toEqual([
      'job variable DOCKER_TLS_VERIFY is not used: the daemon and its TLS come from job variable DOCKER_HOST',
      'job variable DOCKER_CERT_PATH is not used: the daemon and its TLS come from job variable DOCKER_HOST',
    ]);
  });
});

const WHY = 'ssh has keys of its own, and no TLS';
test.each<[Given, readonly string[]]>([
  [
    { fields: { DockerHost: 'ssh://go@b', TlsVerify: 'true', CertPath: 'certs' } },
    [
      `TlsVerify: true contradicts DockerHost ssh://go@b: ${WHY}`,
      `CertPath: certs contradicts DockerHost ssh://go@b: ${WHY}`,
    ],
  ],
  [
    { fields: { TlsVerify: 'true' }, job: { DOCKER_HOST: 'ssh://b' } },
    [`TlsVerify: true contradicts the daemon ssh://b (job variable DOCKER_HOST): ${WHY}`],
  ],
  [
    { fields: { CertPath: '/c' }, agent: { DOCKER_HOST: 'ssh://b' } },
    [`CertPath: /c contradicts the daemon ssh://b (agent environment DOCKER_HOST): ${WHY}`],
  ],
  [
    { fields: { DockerHost: 'far', TlsVerify: 'true' } },
    [`TlsVerify: true contradicts the daemon ssh://go@build-2:2222 (agent settings daemon.far): ${WHY}`],
  ],
  [
    { job: { DOCKER_HOST: 'ssh://go:hunter22@b' } },
    [
      'DOCKER_HOST: "ssh://****@b" (job variable DOCKER_HOST) holds a password: ssh logs in with a key of the user that the agent runs as',
    ],
  ],
  [
    { properties: { 'daemon.x': 'ssh://b', 'daemon.x.certs': '/c' }, fields: { DockerHost: 'x' } },
    ['gocd.ecr.daemon.x.certs: is for a daemon on tcp://: ssh has keys and a protection of its own'],
  ],
  [
    { properties: { 'daemon.x': 'ssh://b', 'daemon.x.plaintext': 'true' }, fields: { DockerHost: 'x' } },
    ['gocd.ecr.daemon.x.plaintext: is for a daemon on tcp://: ssh has keys and a protection of its own'],
  ],
])('%j is refused', (given, problems) => {
  expect(problemsOf({ settings, ...given })).toEqual(problems);
});

test('a field that switches TLS off agrees with ssh', () => {
  expect(planOf({ fields: { DockerHost: 'ssh://b', TlsVerify: 'false' } }).daemon.kind).toBe('ssh');
});
