import { isDaemonName, parseDockerHost, TLS_PORT, tcpUrl, type DockerHost } from './docker-host';
import { Fault } from './fault';
import { quote } from './quote';
import type { AllowList } from './settings-keys';
import { sshUrl } from './ssh-address';

const HOST = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/;

/** Separated by commas or blanks: a property of the server has no lines. */
export function parseAllowList(what: AllowList, text: string): readonly string[] | Fault {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  const list: string[] = [];
  for (const entry of entries) {
    const read = what === 'allow.registries' ? registry(entry) : daemon(entry);
    if (read instanceof Fault) return read;
    list.push(read);
  }
  return list;
}

function registry(entry: string): string | Fault {
  const host = entry.toLowerCase();
  if (HOST.test(host)) return host;
  return new Fault(
    `${quote(entry)} is not a registry's host, such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com; \`*.\` at its beginning stands for one label`,
  );
}

function daemon(entry: string): string | Fault {
  if (isDaemonName(entry)) return entry;
  const host = parseDockerHost(entry);
  return host instanceof Fault ? new Fault(`${quote(entry)} ${host.message}`) : addressOf(host);
}

/** How a daemon's address is compared, whoever wrote it; a `tcp://` without port is the one of its TLS. */
export function addressOf(host: DockerHost): string {
  switch (host.kind) {
    case 'unix':
      return `unix://${host.socketPath}`;
    case 'ssh':
      return sshUrl(host);
    case 'tcp':
      return tcpUrl(host.host, host.port ?? TLS_PORT);
    case 'name':
      return host.name;
  }
}
