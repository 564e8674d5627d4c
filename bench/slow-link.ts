import * as net from 'node:net';

/** A network between agent and daemon. */
export interface Link {
  readonly roundTripMs: number;
  /** Each way, of all connections together */
  readonly bitsPerSecond: number;
}

export interface SlowLink {
  readonly port: number;
  /** What has gone to the daemon, and come from it, since the last call */
  takeBytes(): { readonly sent: number; readonly received: number };
  stop(): Promise<void>;
}

/** `20ms,100mbit` */
export function parseLink(text: string): Link {
  const match = /^(\d+)ms,(\d+)mbit$/.exec(text);
  if (match === null) throw new Error(`--relay ${text}: write it as 20ms,100mbit`);
  return { roundTripMs: Number(match[1]), bitsPerSecond: Number(match[2]) * 1_000_000 };
}

/** More than this on its way at a time, and the sender waits: several times what fits into such a line. */
const MOST_UNDER_WAY = 1024 * 1024;

/** One direction of the line: what is put in comes out after the time that its bits take, and half a round trip. */
class Way {
  bytes = 0;
  #free = 0;

  constructor(private readonly link: Link) {}

  /** Milliseconds from now on until these bytes are at the other end. */
  delay(bytes: number): number {
    const now = performance.now();
    this.bytes += bytes;
    this.#free = Math.max(now, this.#free) + (bytes * 8_000) / this.link.bitsPerSecond;
    return this.#free - now + this.link.roundTripMs / 2;
  }
}

/**
 * A relay of bytes that takes its time: the kernels that this runs on have no netem. A new connection waits for one round
 * trip, as TCP's handshake does; that TCP begins slowly is not imitated.
 */
export async function startSlowLink(link: Link, daemonSocket: string): Promise<SlowLink> {
  const open = new Set<net.Socket>();
  const ways = { up: new Way(link), down: new Way(link) };
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const daemon = net.connect({ path: daemonSocket, allowHalfOpen: true });
    for (const socket of [client, daemon]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => open.delete(socket));
    }
    carry(client, daemon, ways.up, link.roundTripMs);
    carry(daemon, client, ways.down, 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as net.AddressInfo;
  return {
    port: address.port,
    takeBytes: () => {
      const taken = { sent: ways.up.bytes, received: ways.down.bytes };
      ways.up.bytes = ways.down.bytes = 0;
      return taken;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Work that is done when its time has come, one after another: timers alone keep no order among themselves. */
class Queue {
  readonly #waiting: { readonly due: number; readonly work: () => void }[] = [];

  add(due: number, work: () => void): void {
    this.#waiting.push({ due, work });
    if (this.#waiting.length === 1) this.#wait();
  }

  #wait(): void {
    const [next] = this.#waiting;
    if (next !== undefined) setTimeout(() => this.#run(), Math.max(0, next.due - performance.now()));
  }

  #run(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (next.due > performance.now()) break;
      next.work();
      this.#waiting.shift();
    }
    this.#wait();
  }
}

function carry(from: net.Socket, to: net.Socket, way: Way, handshakeMs: number): void {
  const begun = performance.now();
  const queue = new Queue();
  let underWay = 0;
  const send = (bytes: number, work: () => void): void =>
    queue.add(Math.max(begun + handshakeMs, performance.now() + way.delay(bytes)), work);
  from.on('data', (chunk: Buffer) => {
    underWay += chunk.length;
    if (underWay > MOST_UNDER_WAY) from.pause();
    send(chunk.length, () => {
      underWay -= chunk.length;
      if (underWay <= MOST_UNDER_WAY) from.resume();
      if (!to.destroyed) to.write(chunk);
    });
  });
  from.on('end', () => send(0, () => to.end()));
  // A side that breaks breaks the other too, half a round trip later: cancellation is a disconnect.
  from.on('error', () => undefined);
  from.on('close', (broken) => send(0, () => (broken ? to.destroy() : to.end())));
}
