import type { DaemonTarget } from '../../../src/domain/plan';
import { describeOrigin } from '../../../src/domain/origin';
import { parseSettings } from '../../../src/config/settings';
import { planOf, problemsOf, thrownBy, type Given } from './given';

const SETTINGS = parseSettings(
  JSON.stringify({
    'daemon.local': 'unix:///srv/docker.sock',
    'daemon.eu': 'tcp://build-2:2376',
    'daemon.eu.certs': '/etc/certs/eu',
    'daemon.public': 'tcp://build-3:2376',
    'daemon.own-port': 'tcp://build-4:1234',
    'daemon.own-port.certs': '/etc/certs/4',
    'daemon.no-port': 'tcp://build-5',
    'daemon.no-port.certs': '/etc/certs/5',
    'daemon.dind': 'tcp://docker:2375',
    'daemon.dind.plaintext': true,
    'daemon.bare': 'tcp://build-6:2375',
  }),
  '/etc/settings.json',
);

/** `address (origin)`, then how it is reached. */
function shown(target: DaemonTarget): string {
  const where = `${target.display.value} (${describeOrigin(target.display.origin)})`;
  if (target.kind === 'unix') return `${where} socket ${target.socketPath}`;
  if (target.kind === 'ssh') return `${where} ${JSON.stringify([target.user, target.host, target.port])}`;
  const { host, port, tls } = target;
  const certs = tls?.certPath ? `${tls.certPath.value} (${describeOrigin(tls.certPath.origin)})` : 'no certificates';
  return `${where} ${host}:${port} ${tls ? `TLS ${tls.verify ? 'verified' : 'unverified'}, ${certs}` : 'plain'}`;
}

describe('where the daemon is, first match first', () => {
  test.each<[string, Given, string]>([
    ['nothing said', {}, 'unix:///var/run/docker.sock (built-in) socket /var/run/docker.sock'],
    [
      'empty variables',
      { job: { DOCKER_HOST: '' }, agent: { DOCKER_HOST: ' ' } },
      'unix:///var/run/docker.sock (built-in) socket /var/run/docker.sock',
    ],
    [
      'the agent',
      { agent: { DOCKER_HOST: 'unix:///a.sock' } },
      'unix:///a.sock (agent environment DOCKER_HOST) socket /a.sock',
    ],
    [
      'the job',
      { job: { DOCKER_HOST: 'unix:///j.sock' }, agent: { DOCKER_HOST: 'unix:///a.sock' } },
      'unix:///j.sock (job variable DOCKER_HOST) socket /j.sock',
    ],
    [
      'the field',
      { fields: { DockerHost: 'unix:///f.sock' }, job: { DOCKER_HOST: 'unix:///j.sock' } },
      'unix:///f.sock (field DockerHost) socket /f.sock',
    ],
    [
      'the field, expanded',
      { fields: { DockerHost: 'tcp://${H}:2376', TlsVerify: '${T}' }, job: { H: 'build-9', T: 'true' } },
      'tcp://build-9:2376 (field DockerHost) build-9:2376 TLS verified, no certificates',
    ],
    [
      'a name',
      { fields: { DockerHost: 'local' } },
      'unix:///srv/docker.sock (agent settings daemon.local) socket /srv/docker.sock',
    ],
    [
      'a name in a variable',
      { job: { DOCKER_HOST: 'eu' } },
      'tcp://build-2:2376 (agent settings daemon.eu) build-2:2376 TLS verified, /etc/certs/eu (agent settings daemon.eu.certs)',
    ],
    [
      'a name of the server’s',
      { fields: { DockerHost: 'us' }, properties: { 'daemon.us': 'tcp://b:2376', 'daemon.us.certs': '/c' } },
      'tcp://b:2376 (server property gocd.ecr.daemon.us) b:2376 TLS verified, /c (server property gocd.ecr.daemon.us.certs)',
    ],
    [
      'an IPv6 address',
      { fields: { DockerHost: 'tcp://[::1]:9999' } },
      'tcp://[::1]:9999 (field DockerHost) ::1:9999 plain',
    ],
  ])('%s', (_name, given, expected) => {
    expect(shown(planOf({ settings: SETTINGS, ...given }).daemon)).toBe(expected);
  });
});

describe('TLS, from the side that named the address', () => {
  test.each<[string, Given, string]>([
    [
      'plain on this host',
      { fields: { DockerHost: 'tcp://127.0.0.1' } },
      'tcp://127.0.0.1:2375 (field DockerHost) 127.0.0.1:2375 plain',
    ],
    [
      'by field',
      { fields: { DockerHost: 'tcp://b', TlsVerify: 'true', CertPath: 'certs' } },
      'tcp://b:2376 (field DockerHost) b:2376 TLS verified, certs (field CertPath)',
    ],
    [
      'by the job’s variables',
      { fields: { DockerHost: 'tcp://b:1' }, job: { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/j' } },
      'tcp://b:1 (field DockerHost) b:1 TLS verified, /j (job variable DOCKER_CERT_PATH)',
    ],
    [
      'any text switches it on, as in the docker CLI',
      { job: { DOCKER_HOST: 'tcp://b', DOCKER_TLS_VERIFY: '0' } },
      'tcp://b:2376 (job variable DOCKER_HOST) b:2376 TLS verified, no certificates',
    ],
    [
      'a field goes before the variable',
      {
        fields: { DockerHost: 'tcp://localhost:1', TlsVerify: 'false' },
        job: { DOCKER_TLS_VERIFY: '1' },
      },
      'tcp://localhost:1 (field DockerHost) localhost:1 plain',
    ],
    [
      'not verified on this host',
      { job: { DOCKER_HOST: 'tcp://127.0.0.1', DOCKER_TLS: '1', DOCKER_CERT_PATH: '/j' } },
      'tcp://127.0.0.1:2376 (job variable DOCKER_HOST) 127.0.0.1:2376 TLS unverified, /j (job variable DOCKER_CERT_PATH)',
    ],
    [
      'verified where both are set',
      { job: { DOCKER_HOST: 'tcp://b', DOCKER_TLS: '1', DOCKER_TLS_VERIFY: '1' } },
      'tcp://b:2376 (job variable DOCKER_HOST) b:2376 TLS verified, no certificates',
    ],
    [
      'of the agent, by default from its home',
      { agent: { DOCKER_HOST: 'tcp://b', DOCKER_TLS_VERIFY: '1', HOME: '/home/go' } },
      'tcp://b:2376 (agent environment DOCKER_HOST) b:2376 TLS verified, /home/go/.docker (built-in)',
    ],
    [
      'of the agent, by its variables',
      { agent: { DOCKER_HOST: 'tcp://b', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/a', HOME: '/home/go' } },
      'tcp://b:2376 (agent environment DOCKER_HOST) b:2376 TLS verified, /a (agent environment DOCKER_CERT_PATH)',
    ],
    [
      'of the agent, and a field that agrees',
      { fields: { TlsVerify: 'true' }, agent: { DOCKER_HOST: 'tcp://b', DOCKER_TLS_VERIFY: '1' } },
      'tcp://b:2376 (agent environment DOCKER_HOST) b:2376 TLS verified, no certificates',
    ],
    [
      'a job’s host never gets the agent’s certificates',
      {
        fields: { TlsVerify: 'true' },
        job: { DOCKER_HOST: 'tcp://b' },
        agent: { DOCKER_CERT_PATH: '/a', DOCKER_TLS_VERIFY: '1', HOME: '/home/go' },
      },
      'tcp://b:2376 (job variable DOCKER_HOST) b:2376 TLS verified, no certificates',
    ],
    [
      'an agent’s host never gets the job’s certificates',
      {
        job: { DOCKER_CERT_PATH: '/j' },
        agent: { DOCKER_HOST: 'tcp://b', DOCKER_TLS_VERIFY: '1' },
      },
      'tcp://b:2376 (agent environment DOCKER_HOST) b:2376 TLS verified, no certificates',
    ],
    [
      'named, by port',
      { fields: { DockerHost: 'public' } },
      'tcp://build-3:2376 (agent settings daemon.public) build-3:2376 TLS verified, no certificates',
    ],
    [
      'named, by its certificates',
      { fields: { DockerHost: 'own-port', TlsVerify: 'true' } },
      'tcp://build-4:1234 (agent settings daemon.own-port) build-4:1234 TLS verified, /etc/certs/4 (agent settings daemon.own-port.certs)',
    ],
    [
      'named, without a port',
      { fields: { DockerHost: 'no-port' } },
      'tcp://build-5:2376 (agent settings daemon.no-port) build-5:2376 TLS verified, /etc/certs/5 (agent settings daemon.no-port.certs)',
    ],
    [
      'named as plain',
      { fields: { DockerHost: 'dind' } },
      'tcp://docker:2375 (agent settings daemon.dind) docker:2375 plain',
    ],
    [
      'plain by address',
      { fields: { DockerHost: 'tcp://docker' } },
      'tcp://docker:2375 (field DockerHost) docker:2375 plain',
    ],
    [
      'plain by a property for the address',
      { fields: { DockerHost: 'tcp://x:1' }, properties: { 'daemon.tcp://x:1.plaintext': 'true' } },
      'tcp://x:1 (field DockerHost) x:1 plain',
    ],
  ])('%s', (_name, given, expected) => {
    expect(shown(planOf({ settings: SETTINGS, ...given }).daemon)).toBe(expected);
  });
});

describe('half of TLS, and two sides', () => {
  test.each<[Given, string]>([
    [
      { fields: { DockerHost: 'tcp://b:2376' } },
      'DockerHost: tcp://b:2376 (field DockerHost) is on the port for TLS, and nothing switches TLS on: set TlsVerify=true',
    ],
    [
      { fields: { DockerHost: 'tcp://b', CertPath: '/certs' } },
      'CertPath: /certs (field CertPath) holds certificates for tcp://b:2375 (field DockerHost), and nothing switches TLS on: set TlsVerify=true',
    ],
    [
      { fields: { TlsVerify: 'false' }, job: { DOCKER_HOST: 'tcp://b:2376' } },
      'DOCKER_HOST: tcp://b:2376 (job variable DOCKER_HOST) is on the port for TLS, and TLS is off (field TlsVerify)',
    ],
    [
      { fields: { TlsVerify: 'false' }, job: { DOCKER_HOST: 'tcp://localhost', DOCKER_CERT_PATH: '/j' } },
      'DOCKER_CERT_PATH: /j (job variable DOCKER_CERT_PATH) holds certificates for tcp://localhost:2375 (job variable DOCKER_HOST), and TLS is off (field TlsVerify)',
    ],
    [
      { agent: { DOCKER_HOST: 'tcp://b:2376' } },
      "DOCKER_HOST: tcp://b:2376 (agent environment DOCKER_HOST) is on the port for TLS, and nothing switches TLS on: set DOCKER_TLS_VERIFY=1 in the agent's environment",
    ],
    [
      { agent: { DOCKER_HOST: 'tcp://b', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: 'certs' } },
      'DOCKER_CERT_PATH: certs (agent environment DOCKER_CERT_PATH) is not an absolute path',
    ],
    [
      { fields: { CertPath: '/f' }, agent: { DOCKER_HOST: 'tcp://b', DOCKER_TLS_VERIFY: '1' } },
      "CertPath: /f is the task's, and the daemon is tcp://b:2376 (agent environment DOCKER_HOST): an address and its certificates come from one side, so set DockerHost too",
    ],
    [
      { fields: { TlsVerify: 'false' }, agent: { DOCKER_HOST: 'tcp://b', DOCKER_TLS_VERIFY: '1' } },
      'TlsVerify: false is not how tcp://b:2376 (agent environment DOCKER_HOST) is reached: its TLS is set where its address is, or set DockerHost too',
    ],
    [
      { fields: { TlsVerify: 'true' } },
      'TlsVerify: true is not how unix:///var/run/docker.sock (built-in) is reached: its TLS is set where its address is, or set DockerHost too',
    ],
    [
      { fields: { DockerHost: 'dind', TlsVerify: 'true' } },
      'TlsVerify: true is not how tcp://docker:2375 (agent settings daemon.dind) is reached: its TLS is set where its address is, or set DockerHost too',
    ],
    [
      { job: { DOCKER_HOST: 'eu' }, fields: { CertPath: '/f' } },
      "CertPath: /f is the task's, and the daemon is tcp://build-2:2376 (agent settings daemon.eu): an address and its certificates come from one side, so set DockerHost too",
    ],
    [
      { fields: { DockerHost: 'ue' } },
      'DockerHost: "ue" (field DockerHost) is not a daemon in the agent\'s settings: they name local, eu, public, own-port, no-port, dind, bare; did you mean eu?',
    ],
  ])('%j', (given, problem) => {
    expect(problemsOf({ settings: SETTINGS, ...given })).toEqual([problem]);
  });

  test('a name without settings', () => {
    expect(problemsOf({ fields: { DockerHost: 'builders' } })).toEqual([
      'DockerHost: "builders" (field DockerHost) is not a daemon in the agent\'s settings: they name none; add daemon.builders there, or write tcp://host:port',
    ]);
  });

  test('a wrong property is told, and nothing is concluded from its absence', () => {
    expect(problemsOf({ fields: { DockerHost: 'us' }, properties: { 'daemon.us': 'b' } })).toEqual([
      'gocd.ecr.daemon.us: "b" is none of unix:///path, tcp://host:port and ssh://user@host',
    ]);
  });
});

describe('plain text to another machine', () => {
  const PLAIN =
    "is another machine and TLS is off: the source and the registry's token would cross the network in plain text";
  const UNVERIFIED =
    "is another machine and DOCKER_TLS alone does not verify its certificate: the source and the registry's token would go to whoever answers";
  const TRUSTED = "or, where that network is trusted, add to the agent's settings:";

  test.each<[Given, string, string]>([
    [
      { fields: { DockerHost: 'tcp://docker' } },
      `tcp://docker:2375 (field DockerHost) ${PLAIN}`,
      `Use TLS (set TlsVerify=true), ${TRUSTED} "daemon.docker": "tcp://docker:2375", "daemon.docker.plaintext": true`,
    ],
    [
      { fields: { DockerHost: 'tcp://[fd00::7]:1' } },
      `tcp://[fd00::7]:1 (field DockerHost) ${PLAIN}`,
      `Use TLS (set TlsVerify=true), ${TRUSTED} "daemon.fd00-7": "tcp://[fd00::7]:1", "daemon.fd00-7.plaintext": true`,
    ],
    [
      { agent: { DOCKER_HOST: 'tcp://10.0.0.7:2375' } },
      `tcp://10.0.0.7:2375 (agent environment DOCKER_HOST) ${PLAIN}`,
      `Use TLS (set DOCKER_TLS_VERIFY=1 in the agent's environment), ${TRUSTED} "daemon.10-0-0-7": "tcp://10.0.0.7:2375", "daemon.10-0-0-7.plaintext": true`,
    ],
    [
      { fields: { DockerHost: 'bare' }, settings: SETTINGS },
      `tcp://build-6:2375 (agent settings daemon.bare) ${PLAIN}`,
      `Use TLS (add "daemon.bare.certs": "/folder/of/its/certificates" to the agent's settings), ${TRUSTED} "daemon.bare.plaintext": true`,
    ],
    [
      { fields: { DockerHost: 'us' }, properties: { 'daemon.us': 'tcp://b:2375' } },
      `tcp://b:2375 (server property gocd.ecr.daemon.us) ${PLAIN}`,
      `Use TLS (add -Dgocd.ecr.daemon.us.certs=/folder/of/its/certificates to the agent's settings), ${TRUSTED} -Dgocd.ecr.daemon.us.plaintext=true`,
    ],
    [
      { fields: { DockerHost: 'tcp://b' }, job: { DOCKER_TLS: '1' } },
      `tcp://b:2376 (field DockerHost) ${UNVERIFIED}`,
      'Set TlsVerify=true',
    ],
    [
      { agent: { DOCKER_HOST: 'tcp://b', DOCKER_TLS: '1', HOME: '/home/go' } },
      `tcp://b:2376 (agent environment DOCKER_HOST) ${UNVERIFIED}`,
      "Set DOCKER_TLS_VERIFY=1 in the agent's environment",
    ],
  ])('%j', (given, message, hint) => {
    const { code, hop, blame, ...error } = thrownBy(() => planOf(given));
    expect([code, hop, blame]).toEqual(['DAEMON_PLAINTEXT', 'agent-daemon', 'config']);
    expect(error.hint).toBe(hint);
    expect(thrownBy(() => planOf(given)).message).toBe(message);
  });

  test('a plaintext setting does not make unverified TLS of it', () => {
    const given = { fields: { DockerHost: 'tcp://docker:2375' }, job: { DOCKER_TLS: '1' }, settings: SETTINGS };
    expect(thrownBy(() => planOf(given)).code).toBe('DAEMON_PLAINTEXT');
  });

  test('the lines that the message prints are settings that allow it', () => {
    const hint = thrownBy(() => planOf({ fields: { DockerHost: 'tcp://docker' } })).hint ?? '';
    const settings = parseSettings(`{${hint.split('settings: ')[1] ?? ''}}`, 'x');
    expect(planOf({ fields: { DockerHost: 'tcp://docker' }, settings }).daemon.display.value).toBe('tcp://docker:2375');
  });

  test('among other problems it is one of them, with its advice', () => {
    expect(problemsOf({ fields: { DockerHost: 'tcp://docker', Tags: '!' } })[1]).toBe(
      `DockerHost: tcp://docker:2375 (field DockerHost) ${PLAIN}. Use TLS (set TlsVerify=true), ${TRUSTED} "daemon.docker": "tcp://docker:2375", "daemon.docker.plaintext": true`,
    );
  });
});

describe('what does not count is told', () => {
  const lost = (name: string, winner: string): string =>
    `${name} is not used: the daemon and its TLS come from ${winner}`;
  test.each<[Given, string[]]>([
    [{ agent: { DOCKER_HOST: 'unix:///a' } }, []],
    [{ fields: { DockerHost: 'unix:///f' } }, []],
    [
      {
        fields: { DockerHost: 'unix:///f' },
        job: { DOCKER_HOST: 'unix:///j' },
        agent: { DOCKER_HOST: 'unix:///a', DOCKER_CERT_PATH: '/a' },
      },
      [
        lost('job variable DOCKER_HOST', 'field DockerHost'),
        lost('agent environment DOCKER_HOST', 'field DockerHost'),
        lost('agent environment DOCKER_CERT_PATH', 'field DockerHost'),
      ],
    ],
    [
      { job: { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/j' } },
      [
        lost('job variable DOCKER_TLS_VERIFY', 'the built-in socket'),
        lost('job variable DOCKER_CERT_PATH', 'the built-in socket'),
      ],
    ],
    [
      { fields: { DockerHost: 'eu' }, job: { DOCKER_TLS_VERIFY: '1' } },
      [lost('job variable DOCKER_TLS_VERIFY', 'agent settings daemon.eu')],
    ],
  ])('%j', (given, notes) => {
    expect(planOf({ settings: SETTINGS, ...given }).notes).toEqual(notes);
  });
});
