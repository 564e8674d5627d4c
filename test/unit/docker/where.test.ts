import { isOnThisHost, whereOf } from '../../../src/docker/where';
import type { DaemonTarget } from '../../../src/domain/plan';

const target = (host: string): DaemonTarget => ({
  kind: 'tcp',
  host,
  port: 2375,
  tls: undefined,
  display: { value: `tcp://${host}:2375`, origin: { kind: 'job-variable', name: 'DOCKER_HOST' } },
});

test.each(['127.0.0.1', '127.3.2.1', 'localhost', 'LOCALHOST', '::1', '[::1]'])('%s is on this host', (host) => {
  expect(isOnThisHost(target(host))).toBe(true);
});

test.each(['10.0.0.1', '127.evil.example', 'localhost.example', '127.0.0.1.example', '::2', '1127.0.0.1'])(
  '%s is not',
  (host) => {
    expect(isOnThisHost(target(host))).toBe(false);
  },
);

test('a socket is', () => {
  const display = { value: 'unix:///run/d.sock', origin: { kind: 'built-in' } } as const;
  const unix: DaemonTarget = { kind: 'unix', socketPath: '/run/d.sock', display };
  expect(isOnThisHost(unix)).toBe(true);
  expect(whereOf(unix, false)).toEqual({
    daemon: 'unix:///run/d.sock (built-in)',
    origin: 'built-in',
    builtIn: true,
    transport: 'unix',
    certPath: undefined,
    pem: undefined,
    clientCertificate: false,
  });
});

test('with TLS, the certificates and their origin are named too', () => {
  const certPath = { value: 'certs', origin: { kind: 'field', name: 'CertPath' } } as const;
  expect(whereOf({ ...target('build-2'), kind: 'tcp', tls: { certPath, verify: true } } as DaemonTarget, true)).toEqual(
    {
      daemon: 'tcp://build-2:2375 (job variable DOCKER_HOST)',
      origin: 'job variable DOCKER_HOST',
      builtIn: false,
      transport: 'tls',
      certPath: 'certs (field CertPath)',
      pem: undefined,
      clientCertificate: true,
    },
  );
});
