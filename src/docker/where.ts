import { describeOrigin } from '../domain/origin';
import type { DaemonTarget } from '../domain/plan';

/** The daemon as messages name it, and what of the plan decides between two explanations of one fault. */
export interface Where {
  /** `tcp://host:port (field DockerHost)`. */
  readonly daemon: string;
  /** Where the address came from: `field DockerHost`, `built-in`. */
  readonly origin: string;
  readonly builtIn: boolean;
  readonly transport: 'unix' | 'tcp' | 'tls' | 'ssh';
  /** `/certs (field CertPath)`; undefined: there is no folder. */
  readonly certPath: string | undefined;
  /** Instead of the folder: where authority and client certificate are, `job variable CA_PEM`. */
  readonly pem: { readonly ca: string | undefined; readonly cert: string | undefined } | undefined;
  readonly clientCertificate: boolean;
}

export function whereOf(target: DaemonTarget, clientCertificate: boolean): Where {
  const { value, origin } = target.display;
  const certPath = target.kind === 'tcp' ? target.tls?.certPath : undefined;
  return {
    daemon: `${value} (${describeOrigin(origin)})`,
    origin: describeOrigin(origin),
    builtIn: origin.kind === 'built-in',
    transport: transportOf(target),
    certPath: certPath && `${certPath.value} (${describeOrigin(certPath.origin)})`,
    pem: pemOf(target),
    clientCertificate,
  };
}

function pemOf(target: DaemonTarget): Where['pem'] {
  const pem = target.kind === 'tcp' ? target.tls?.pem : undefined;
  if (pem === undefined) return undefined;
  return { ca: pem.ca && describeOrigin(pem.ca.origin), cert: pem.cert && describeOrigin(pem.cert.origin) };
}

function transportOf(target: DaemonTarget): Where['transport'] {
  if (target.kind !== 'tcp') return target.kind;
  return target.tls === undefined ? 'tcp' : 'tls';
}

/** A daemon on this host: what is sent to it crosses no network. */
export function isOnThisHost(target: DaemonTarget): boolean {
  if (target.kind !== 'tcp') return target.kind === 'unix';
  const host = target.host.replace(/^\[|\]$/g, '').toLowerCase();
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
