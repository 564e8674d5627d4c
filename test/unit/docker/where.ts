import { whereOf, type Where } from '../../../src/docker/where';

/** A daemon as messages name it: a socket, unless a test is about something else. */
export function where(more: Partial<Where> = {}): Where {
  const display = { value: 'unix:///run/d.sock', origin: { kind: 'field', name: 'DockerHost' } } as const;
  return { ...whereOf({ kind: 'unix', socketPath: '/run/d.sock', display }, false), ...more };
}

export const tcp = (more: Partial<Where> = {}): Where =>
  where({ daemon: 'tcp://build-2:2375 (field DockerHost)', transport: 'tcp', ...more });

export const tls = (more: Partial<Where> = {}): Where =>
  where({
    daemon: 'tcp://build-2:2376 (field DockerHost)',
    transport: 'tls',
    certPath: '/certs (field CertPath)',
    clientCertificate: true,
    ...more,
  });
