import type { DaemonTarget, Plan, TlsPlan } from '../../../src/domain/plan';
import { openDocker } from '../../../src/docker/docker-adapter';
import type { Limits } from '../../../src/docker/limits';
import { plan } from '../../unit/pipeline/fake-ports';
import { runHere } from './context-jobs';
import { Secret } from '../../../src/domain/secret';
import { parseTag, type TaggedRef } from '../../../src/domain/image-ref';
import type { Docker, RegistryLogin } from '../../../src/pipeline/ports';
import type { FakeDaemon } from './fake-daemon';

const origin = { kind: 'field', name: 'DockerHost' } as const;

export function unixTarget(socketPath: string): DaemonTarget {
  return { kind: 'unix', socketPath, display: { value: `unix://${socketPath}`, origin } };
}

export function tcpTarget(port: number, tls?: TlsPlan, host = '127.0.0.1'): DaemonTarget {
  return { kind: 'tcp', host, port, tls, display: { value: `tcp://${host}:${port}`, origin } };
}

export function planFor(daemon: DaemonTarget, jobFolder = '/'): Pick<Plan, 'daemon' | 'files' | 'run'> {
  return { daemon, run: plan().run, files: { jobFolder, resultFile: 'ecr-image.json', outputs: [] } };
}

export const openTarget = (daemon: DaemonTarget, jobFolder?: string, limits?: Limits): Promise<Docker> =>
  openDocker(planFor(daemon, jobFolder), { register: () => undefined }, runHere, limits);

export const open = (fake: FakeDaemon): Promise<Docker> => openTarget(unixTarget(fake.socketPath));

export const unlimited = (): AbortSignal => new AbortController().signal;

// A password that plain base64 writes with '+' and '/', and that needs padding.
export const login: RegistryLogin = {
  host: 'registry.example:5000',
  username: 'AWS',
  password: new Secret('>>>???ÿþ~'),
  expiresAt: 0,
};

export const target: TaggedRef = { repository: { host: login.host, path: 'team/app' }, tag: parseTag('1.42')! };

/** What a rejected promise was rejected with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it succeeded');
}
