import type { Problem } from '../domain/errors';
import { builderContradictions } from './buildkit/builder-needs';
import { cacheOverTag } from './buildkit/cache-targets';
import { tlsBesideSsh } from './daemon-ssh';
import { TLS_PORT } from './docker-host';
import type { FieldKey } from './fields';
import { foreignRole } from './partitions';
import { tagsInBoth } from './tags';
import { pemContradictions } from './tls-fields';
import { targetsTwice } from './targets-twice';
import type { Task } from './task';

/** Fields that contradict each other whatever the surroundings are; each message shows both. */
export function contradictions(task: Task): Problem[] {
  return [
    ...tagsInBoth(task),
    ...targetsTwice(task),
    ...awsContradictions(task),
    ...foreignRoles(task),
    ...daemonContradictions(task),
    ...pemContradictions(task),
    ...builderContradictions(task),
    ...cacheOverTag(task),
  ];
}

function awsContradictions(task: Task): Problem[] {
  const registry = task.repository?.value.registry;
  const found: Problem[] = [];
  if (registry && task.region !== undefined && task.region !== registry.region) {
    found.push(
      problem('Region', `${task.region} contradicts Repository, whose host ${registry.host} is in ${registry.region}`),
    );
  }
  const account = registry?.accountId;
  if (registry && account !== undefined && task.registryId !== undefined && task.registryId !== account) {
    found.push(
      problem(
        'RegistryId',
        `${task.registryId} contradicts Repository, whose host ${registry.host} is of account ${account}`,
      ),
    );
  }
  return found;
}

/** A role that nobody knows where it is needed. */
function foreignRoles({ repository, region, targets, logins, assumeRole }: Task): Problem[] {
  const lines = [
    ...targets.map((line) => ({ ...line, field: 'AlsoPushTo' as const, registry: line.repository.registry })),
    ...logins.map((line) => ({ ...line, field: 'RegistryLogins' as const })),
  ];
  const own = region ?? repository?.value.registry?.region;
  const fault = assumeRole && own !== undefined ? foreignRole(assumeRole.value, own) : undefined;
  return [
    ...(fault === undefined ? [] : [problem('AssumeRole', fault)]),
    ...lines.flatMap(({ field, where, role, registry }) => {
      const wrong = role && registry ? foreignRole(role.text, registry.region) : undefined;
      return wrong === undefined ? [] : [problem(field, `${where}: ${wrong}`)];
    }),
  ];
}

function daemonContradictions({ dockerHost, tlsVerify, certPath }: Task): Problem[] {
  const found: Problem[] = [];
  const daemon = dockerHost?.value;
  const shown = dockerHost?.from.text ?? '';
  if (daemon?.kind === 'unix' && tlsVerify === true) {
    found.push(problem('TlsVerify', `true contradicts DockerHost ${shown}: a socket has no TLS`));
  }
  if (daemon?.kind === 'unix' && certPath !== undefined) {
    found.push(problem('CertPath', `${certPath} contradicts DockerHost ${shown}: a socket has no TLS`));
  }
  if (daemon?.kind === 'ssh') found.push(...tlsBesideSsh(`DockerHost ${shown}`, { tlsVerify, certPath }));
  if (daemon?.kind === 'name' && certPath !== undefined) {
    const key = `daemon.${daemon.name}.certs`;
    found.push(
      problem(
        'CertPath',
        `${certPath} contradicts DockerHost ${shown}: its certificates are named by ${key} in the agent's settings`,
      ),
    );
  }
  if (tlsVerify === false && certPath !== undefined) {
    found.push(problem('CertPath', `${certPath} contradicts TlsVerify false: certificates are for TLS`));
  }
  if (tlsVerify === false && daemon?.kind === 'tcp' && daemon.port === TLS_PORT) {
    found.push(
      problem('TlsVerify', `false contradicts DockerHost ${shown}: port ${TLS_PORT} is for TLS, 2375 for plain TCP`),
    );
  }
  return found;
}

function problem(field: FieldKey, message: string): Problem {
  return { field, message };
}
