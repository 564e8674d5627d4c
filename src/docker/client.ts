import Modem from 'docker-modem';
import Dockerode from 'dockerode';
import type { Agent } from 'node:http';
import type { Address } from './connection';

/**
 * docker-modem's constructor reads DOCKER_HOST, DOCKER_CERT_PATH and others whatever options it gets: it merges them
 * under the options, lets a host win over a socket, and throws when they make no sense. So it is not run.
 */
export function createClient(address: Address & { readonly protocol: string }, agent: Agent): Dockerode {
  const modem = Object.create(Modem.prototype) as object;
  Object.assign(modem, { pathPrefix: '/', headers: {}, sshOptions: {}, agent, ...address });
  return new Dockerode({ modem } as Dockerode.DockerOptions);
}
