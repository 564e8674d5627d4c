import { Agent, type ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';

/** A moment: a connection that idles through a build of minutes may be dead without a sign when it is wanted again. */
const IDLE_MS = 500;

/** The requests of a run come in bursts of a few at a time. */
const MOST_IDLE = 6;

type Connect = (signal: AbortSignal) => Promise<Duplex>;
type Done = (error: Error | null, socket: Duplex) => void;
interface Dispatching {
  addRequest(request: ClientRequest, options: { path?: string | null }): void;
}
interface Timed {
  setTimeout?(ms: number): void;
  unref?(): void;
}

const stale = new WeakSet();

/** The other side had closed the connection, perhaps before it got the request: only what may be done twice may follow. */
export function wasStale(error: unknown): boolean {
  return typeof error === 'object' && error !== null && stale.has(error);
}

/**
 * Makes the connections of an endpoint's requests, which are kept for a moment. It reuses them for requests that follow each
 * other at once: without it each of them waits for a connection, which over a network with TLS takes two round trips, as
 * long as two requests. A request that moves much, or for long, has a connection of its own.
 */
export class BurstAgent extends Agent {
  /** `kept`: no connection is too old, and there are so many at most. */
  constructor(
    private readonly connect: Connect,
    kept?: { readonly most: number },
  ) {
    const limits = kept === undefined ? { timeout: IDLE_MS } : { maxSockets: kept.most };
    super({ keepAlive: true, maxFreeSockets: MOST_IDLE, ...limits });
    const dispatch = this as unknown as Dispatching;
    const addRequest = dispatch.addRequest.bind(this);
    dispatch.addRequest = (request, options) => {
      this.#watch(request);
      addRequest(request, options);
    };
  }

  override createConnection(_options: unknown, done?: Done): Duplex | undefined {
    // The request's own abort ends the socket when it is there; until then a limit of the connection's own holds.
    this.connect(new AbortController().signal).then(
      (socket) => done?.(null, socket),
      (error: unknown) => (done as ((error: Error) => void) | undefined)?.(error as Error),
    );
    return undefined;
  }

  /** Connections are shared by name; what is in a build's path is in no other one's. */
  override getName(options?: { path?: string | null | undefined }): string {
    return options?.path?.startsWith('/build') === true ? options.path : 'daemon';
  }

  override keepSocketAlive(socket: Duplex): boolean {
    const timed = socket as Timed;
    timed.unref?.();
    timed.setTimeout?.(IDLE_MS); // the agent ends a free connection when its time is over
    return true;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    super.reuseSocket(socket, request); // takes away the listener that a free connection has
    (socket as Timed).setTimeout?.(0);
  }

  #watch(request: ClientRequest): void {
    // docker-modem follows a redirect to any host, and dies of one that is no http URL. Without this header it takes the
    // redirect for an answer, which `send` refuses.
    let answered = false;
    request.prependListener('response', (response) => {
      answered = true;
      delete response.headers.location;
    });
    request.prependListener('error', (error) => {
      if (!request.reusedSocket || answered) return;
      stale.add(error);
      this.dropIdle(); // what idled beside it is no better
    });
  }

  dropIdle(): void {
    for (const sockets of Object.values(this.freeSockets)) for (const socket of [...(sockets ?? [])]) socket.destroy();
  }

  [inspect.custom](): string {
    return 'Agent';
  }
}
