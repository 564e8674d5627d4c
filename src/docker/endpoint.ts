import Modem from 'docker-modem';
import Dockerode from 'dockerode';
import type { Agent } from 'node:http';
import type { Plan } from '../domain/plan';
import { readCertificates } from './certificates';
import { createAgent } from './connection';
import { noAnswer } from './errors/connection-errors';
import { isOnThisHost, whereOf, type Where } from './where';

/** One daemon: how to reach it, and how messages name it. */
export interface Endpoint {
  readonly client: Dockerode;
  readonly where: Where;
  /** A stream to it crosses no network: compressing it only costs time. */
  readonly onThisHost: boolean;
  close(): void;
}

/** Everything about the connection comes from the plan, and nothing from this process's environment. */
export async function openEndpoint(plan: Pick<Plan, 'daemon' | 'files'>): Promise<Endpoint> {
  const { daemon } = plan;
  const tls = daemon.kind === 'tcp' ? daemon.tls : undefined;
  const certificates = tls === undefined ? {} : await readCertificates(tls, plan.files.jobFolder);
  const where = whereOf(daemon, certificates.cert !== undefined);
  const agent = createAgent({ tls: tls && { certificates, verify: tls.verify }, late: () => noAnswer(where) });
  const address =
    daemon.kind === 'unix'
      ? { socketPath: daemon.socketPath, protocol: 'http' }
      : { host: daemon.host, port: daemon.port, protocol: tls === undefined ? 'http' : 'https' };
  return {
    client: createClient(address, agent),
    where,
    onThisHost: isOnThisHost(daemon),
    close: () => agent.destroy(),
  };
}

interface Address {
  readonly socketPath?: string;
  readonly host?: string;
  readonly port?: number;
  readonly protocol: string;
}

/**
 * docker-modem's constructor reads DOCKER_HOST, DOCKER_CERT_PATH and others whatever options it gets: it merges them
 * under the options, lets a host win over a socket, and throws when they make no sense. So it is not run.
 */
function createClient(address: Address, agent: Agent): Dockerode {
  const modem = Object.create(Modem.prototype) as object;
  Object.assign(modem, { pathPrefix: '/', headers: {}, sshOptions: {}, agent, ...address });
  return new Dockerode({ modem } as Dockerode.DockerOptions);
}
