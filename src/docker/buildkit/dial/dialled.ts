import type { ClientHttp2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { SessionKind } from '../../../domain/events';
import type { Endpoint } from '../../endpoint';
import type { SessionIdentity } from './session-headers';

/** A way to BuildKit's session that the daemon went along with. */
export interface Dialled {
  readonly kind: SessionKind;
  /** Here the daemon is the client of HTTP/2, and we are the server. */
  readonly socket: Duplex;
  /** One more connection, for calls of ours. Throws a StepError, or the signal's reason. */
  openCalls(signal: AbortSignal): Promise<ClientHttp2Session>;
}

/** The daemon answers, and has no BuildKit for us. */
export interface NoBuildKit {
  readonly kind: 'none';
  /** What it answered: `HTTP 404 to POST /session`. */
  readonly why: string;
}

/** Throws a StepError for a daemon that can't be reached, or the signal's reason. */
export type Dial = (
  endpoint: Endpoint,
  identity: SessionIdentity,
  signal: AbortSignal,
) => Promise<Dialled | NoBuildKit>;
