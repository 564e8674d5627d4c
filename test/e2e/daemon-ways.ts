import { lab } from '../lab/client';

/** Every transport to the lab's daemon, and the fields that name it. */
export const WAYS_TO_THE_DAEMON: readonly [string, () => Record<string, string>][] = [
  ['unix', () => ({ DockerHost: lab().engine.unixUrl })],
  ['tcp', () => ({ DockerHost: lab().engine.plainUrl })],
  ['TLS', () => ({ DockerHost: lab().engine.tlsUrl, TlsVerify: 'true', CertPath: lab().engine.certFolder })],
];
