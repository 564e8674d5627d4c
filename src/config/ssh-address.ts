import { Fault } from './fault';
import { shortestAddress } from './ip-address';

/** A daemon behind ssh, as the docker CLI writes it. What is not said is for ssh's own configuration to say. */
export interface SshAddress {
  readonly kind: 'ssh';
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
}

// Neither begins with a dash, and nothing in them means anything to ssh, to a shell or to ssh's configuration (%h, %r).
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const ADDRESS = /^(?:([^@]*)@)?(\[[^\]]*\]|[^@:/?#[\]]*)(?::(\d{1,5}))?(\/.*|[?#].*)?$/;

const SHAPE =
  'is not ssh://user@host:port: user and host have letters, digits, `.`, `_` and `-`, and an IPv6 address stands in square brackets';

/** What stands behind `ssh://`. Its letters are kept: ssh's configuration tells `Build` from `build`. */
export function parseSshAddress(text: string): SshAddress | Fault {
  if (/^[^/]*:[^/]*@/.test(text)) {
    return new Fault('holds a password: ssh logs in with a key of the user that the agent runs as');
  }
  const [, user, typed = '', port, more = ''] = ADDRESS.exec(text) ?? [];
  const host = typed.startsWith('[') ? shortestAddress(typed)?.replace(/^\[|\]$/g, '') : typed;
  const isAddress = typed.startsWith('[') && host !== undefined;
  if (host === undefined || (user !== undefined && !NAME.test(user)) || (!isAddress && !NAME.test(host))) {
    return new Fault(SHAPE);
  }
  if (more !== '' && more !== '/') {
    return new Fault(
      "names a path: over ssh the daemon is the one that `docker` there uses, by that user's DOCKER_HOST",
    );
  }
  const number = port === undefined ? undefined : Number(port);
  if (number === 0 || (number !== undefined && number > 65_535)) return new Fault('has no port from 1 to 65535');
  return { kind: 'ssh', user, host, port: number };
}

export function sshUrl({ user, host, port }: Omit<SshAddress, 'kind'>): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `ssh://${user === undefined ? '' : `${user}@`}${name}${port === undefined ? '' : `:${port}`}`;
}
