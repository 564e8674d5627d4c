import { connect as connectPlain, isIP, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Certificates } from './certificates';

export interface ConnectionOptions {
  /** undefined: no TLS. */
  readonly tls: { readonly certificates: Certificates; readonly verify: boolean } | undefined;
  /** For all of it, handshake included, in milliseconds. */
  readonly limitMs: number;
  /** What a connection that is not there after the limit fails with. */
  late(): Error;
}

/** As the docker CLI has it: NATs forget a connection that is quiet for minutes, and a quiet RUN is no dead daemon. */
const TCP_KEEP_ALIVE_MS = 30_000;

/** Node gives each of a name's addresses 250 ms, less than a round trip to another continent. */
const ADDRESS_ATTEMPT_MS = 3_000;

function secureOptions({ certificates, verify }: NonNullable<ConnectionOptions['tls']>): {
  readonly rejectUnauthorized: boolean;
  readonly minVersion: 'TLSv1.2';
} {
  // said, so that NODE_TLS_REJECT_UNAUTHORIZED decides nothing
  return { ...certificates, rejectUnauthorized: verify, minVersion: 'TLSv1.2' };
}

/** Where a daemon listens: a socket's path, or host and port. */
export type Address = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/**
 * One connection that speaks nothing yet. Throws what Node says, `late()`, or the signal's reason. Key material is in here
 * and not in the requests' options, which docker-modem prints when DEBUG is set.
 */
export function connectTo(address: Address, options: ConnectionOptions, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = openSocket(address, options);
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason as Error); // whatever it is: callers compare it
    };
    const timer = setTimeout(() => socket.destroy(options.late()), options.limitMs);
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', settle);
    socket.once('error', reject);
    socket.once(options.tls ? 'secureConnect' : 'connect', () => {
      settle();
      socket.off('error', reject);
      socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
      resolve(socket);
    });
  });
}

function openSocket(address: Address, options: ConnectionOptions): Socket {
  if ('socketPath' in address) return connectPlain({ path: address.socketPath });
  const host = address.host.replace(/^\[|\]$/g, '');
  const target: NetConnectOpts = {
    host,
    port: address.port,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    noDelay: true,
  };
  if (options.tls === undefined) return connectPlain(target);
  return connectTls({ ...target, ...secureOptions(options.tls), ...(isIP(host) === 0 && { servername: host }) });
}
