import { randomBytes } from 'node:crypto';
import type { ClientHttp2Session } from 'node:http2';
import type { SessionKind } from '../../domain/events';
import type { StepError } from '../../domain/errors';
import type { Endpoint } from '../endpoint';
import { connectionError, endedEarly } from '../errors/connection-errors';
import type { Where } from '../where';
import type { Dial, Dialled, NoBuildKit } from './dial/dialled';
import { h2cDial } from './dial/h2c-dial';
import { serveOver } from './dial/serve';
import { upgradeDial } from './dial/upgrade-dial';
import { GrpcClient } from './grpc/client';
import type { Offer } from './offer';
import { Counter } from './services/counter';
import { methodsOf } from './services/methods';

export type { NoBuildKit } from './dial/dialled';

/** BuildKit may ask us for what one build needs. For one build only: a second one in it would get stale files. */
export interface BuildKitSession {
  readonly kind: SessionKind;
  /** How requests name it. */
  readonly id: string;
  /** Until then everything is refused: the session is opened before secrets and folders are known. */
  setOffer(offer: Offer): void;
  /** Calls of BuildKit's Control service, on a connection of their own, made when it is first wanted. */
  calls(signal: AbortSignal): Promise<GrpcClient>;
  /** What was asked beyond the offer: `secret "x"`, `folder "../"`. Bounded; the names are the other side's words. */
  readonly refused: readonly string[];
  /** Resolves when the connection is gone, whoever ended it. */
  readonly ended: Promise<void>;
  /** Idempotent; nothing is left of it. */
  close(): void;
}

export interface SessionOptions {
  /** Names the slot in which the daemon keeps the context's files for the next build (security.md 17); ASCII. */
  readonly sharedKey: string;
  /** In the order in which they are tried; undefined: what is best for this daemon. */
  readonly ways?: readonly SessionKind[];
}

/** Tries the ways to BuildKit in turn; the first that the daemon goes along with is the session. Throws a StepError. */
export async function openSession(
  endpoint: Endpoint,
  options: SessionOptions,
  signal: AbortSignal,
): Promise<BuildKitSession | NoBuildKit> {
  const counter = new Counter();
  const methods = methodsOf(counter);
  const paths = [...methods.unary.keys(), ...methods.streams.keys()];
  let refusal: NoBuildKit | undefined;
  for (const way of options.ways ?? waysTo(endpoint)) {
    const identity = { id: randomBytes(16).toString('hex'), sharedKey: options.sharedKey, methods: paths };
    const dialled = await DIALS[way](endpoint, identity, signal);
    if (dialled.kind !== 'none') {
      serveOver(dialled.socket, methods);
      return sessionOf(endpoint, identity.id, dialled, counter);
    }
    refusal ??= dialled;
  }
  return refusal ?? { kind: 'none', why: 'nothing' };
}

const DIALS: Readonly<Record<SessionKind, Dial>> = { upgrade: upgradeDial, h2c: h2cDial };

/**
 * The upgrade first, as long as there is one: HTTP/2 within HTTP/2 takes five times the processor time for each byte of a
 * context, and twice the time on a busy machine (measured). Over TLS a 29 refuses the other (measured).
 */
function waysTo({ where }: Endpoint): readonly SessionKind[] {
  return where.transport === 'tls' ? ['upgrade'] : ['upgrade', 'h2c'];
}

function sessionOf(endpoint: Endpoint, id: string, dialled: Dialled, counter: Counter): BuildKitSession {
  const { socket } = dialled;
  let calling: Promise<ClientHttp2Session> | undefined;
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    kind: dialled.kind,
    id,
    setOffer: (offer) => void (counter.offer = offer),
    calls: async (signal) => {
      calling ??= dialled.openCalls(signal).catch((error: unknown) => {
        calling = undefined;
        throw error;
      });
      return new GrpcClient(await calling, (error) => broken(error, endpoint.where));
    },
    get refused() {
      return counter.refused;
    },
    ended,
    close: () => {
      socket.destroy();
      void calling?.then(
        (session) => session.destroy(),
        () => undefined,
      );
    },
  };
}

/** Node has names of its own for an HTTP/2 connection that is no more. */
function broken(error: unknown, where: Where): StepError {
  const known = connectionError(error, where);
  return known.code === 'DAEMON_ERROR' ? endedEarly(where, 'build') : known;
}
