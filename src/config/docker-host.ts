import { Fault, type Parser } from './fault';
import { shortestAddress } from './ip-address';
import { parseSshAddress, type SshAddress } from './ssh-address';

/** A daemon's address as text says it, before TLS is decided: the default port depends on that. */
export type DockerHost =
  | { readonly kind: 'unix'; readonly socketPath: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number | undefined }
  | SshAddress
  | { readonly kind: 'name'; readonly name: string };

// As the docker CLI has them (docker/opts/hosts.go: DefaultHTTPPort, DefaultTLSHTTPPort).
export const PLAIN_PORT = 2375;
export const TLS_PORT = 2376;

const HOST = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9a-fA-F:.]+\])$/;
const DAEMON_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/;

export function isDaemonName(text: string): boolean {
  return DAEMON_NAME.test(text);
}

/** A URL, `host:port` as the docker CLI takes it, or a name from the agent's settings. */
export const parseDockerHost: Parser<DockerHost> = (text) => {
  const [, scheme = '', rest = ''] = SCHEME.exec(text) ?? [];
  switch (scheme.toLowerCase()) {
    case 'unix':
      return parseSocket(rest);
    case 'tcp':
      return parseAddress(rest);
    case 'ssh':
      return parseSshAddress(rest);
    case '':
      if (text.startsWith('/')) return new Fault(`is a path: write unix://${text}`);
      if (isDaemonName(text)) return { kind: 'name', name: text };
      return text.includes(':') ? parseAddress(text) : new Fault(NEITHER);
    default:
      return new Fault(REFUSED.get(scheme.toLowerCase()) ?? NEITHER);
  }
};

const NEITHER = "is none of unix:///path, tcp://host:port, ssh://user@host and a name from the agent's settings";
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['npipe', 'is a Windows pipe, which this plugin does not speak: let the daemon listen on tcp:// with TLS'],
  ['fd', 'is how a daemon is started, not where it is: use unix:///var/run/docker.sock'],
  ['http', 'is a web address: write tcp:// instead of http://'],
  ['https', 'is a web address: write tcp:// instead of https://, and TlsVerify=true'],
]);

function parseSocket(path: string): DockerHost | Fault {
  return /^\/[^/]/.test(path)
    ? { kind: 'unix', socketPath: path }
    : new Fault('names no absolute path: a socket is written with three slashes, as unix:///var/run/docker.sock');
}

function parseAddress(text: string): DockerHost | Fault {
  if (text.includes('@'))
    return new Fault('names a user: a daemon on tcp:// has none, it knows clients by certificate');
  const [, typed = '', port] = /^(\[[^\]]*\]|[^:/?#]*)(?::(\d{1,5}))?\/?$/.exec(text) ?? [];
  // URL writes an address in its shortest form: then ::1 has one spelling.
  const host = typed.startsWith('[') ? shortestAddress(typed) : typed.toLowerCase();
  if (host === undefined || !HOST.test(host)) {
    return new Fault('is not tcp://host:port (an IPv6 address stands in square brackets)');
  }
  const number = port === undefined ? undefined : Number(port);
  if (number === 0 || (number !== undefined && number > 65_535)) return new Fault('has no port from 1 to 65535');
  return { kind: 'tcp', host: host.replace(/^\[|\]$/g, ''), port: number };
}

/** `tcp://host:port`, with an IPv6 address in brackets: how messages and settings name a daemon. */
export function tcpUrl(host: string, port: number): string {
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const LOOPBACK = new RegExp(`^(?:localhost|::1|127(?:\\.${OCTET}){3})$`);

/** This host: what is sent there crosses no network. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
