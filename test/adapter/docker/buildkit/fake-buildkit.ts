import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import * as http2 from 'node:http2';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { BytesReader, framedBytes } from '../../../../src/docker/buildkit/grpc/bytes-message';

/** A session as the daemon has it: it is the client, and may ask what it likes. */
export interface DaemonSide {
  readonly http2: http2.ClientHttp2Session;
  /** What came with the request, values of one name joined by Node with a comma. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly way: 'upgrade' | 'h2c';
}

export interface FakeBuildKit {
  readonly socketPath: string;
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: ReadonlySet<Socket>;
  /** The next session that is opened. */
  session(): Promise<DaemonSide>;
  stop(): Promise<void>;
}

export interface FakeOptions {
  /** Which ways there are; the others are answered as engines without them do. */
  readonly ways: readonly ('upgrade' | 'h2c')[];
  readonly on?: 'unix' | 'tcp';
  readonly tls?: TlsOptions;
  /** Gets the connection of a session, on which nothing has been said, instead of an HTTP/2 client. */
  raw?(socket: Duplex): void;
  /** Of calls to the Control service. */
  control?(stream: http2.ServerHttp2Stream, path: string): void;
}

/** Listens as dockerd does: HTTP/1.1 with the two upgrades, and HTTP/2 with prior knowledge. */
export async function startFakeBuildKit(options: FakeOptions): Promise<FakeBuildKit> {
  const waiting: ((side: DaemonSide) => void)[] = [];
  const opened = (side: DaemonSide): void => {
    side.http2.on('error', () => undefined);
    waiting.shift()?.(side);
  };
  const http1 = upgrades(options, opened);
  const native = controlServer(options, opened);
  const connections = new Set<Socket>();
  const take = (socket: Socket): void => {
    connections.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => connections.delete(socket));
    socket.once('readable', () => {
      const head = (socket.read() as Buffer | null) ?? Buffer.alloc(0);
      socket.unshift(head);
      const isH2 = options.ways.includes('h2c') && head.toString('latin1').startsWith('PRI * HTTP/2.0');
      (isH2 ? native : http1).emit('connection', socket);
    });
  };
  const server = options.tls ? createTlsServer(options.tls, take) : createServer(take);
  const folder = await mkdtemp(join(tmpdir(), 'fake-buildkit-'));
  const socketPath = join(folder, 'd.sock');
  if (options.on === 'tcp' || options.tls) server.listen(0, '127.0.0.1');
  else server.listen(socketPath);
  await once(server, 'listening');
  const address = server.address();
  return {
    socketPath,
    port: typeof address === 'object' ? (address as AddressInfo).port : 0,
    connections,
    session: () => new Promise((resolve) => waiting.push(resolve)),
    stop: async () => {
      for (const socket of connections) socket.destroy();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As much as grpc-go would send, and more. */
const LARGE_HEADERS = { maxSendHeaderBlockLength: 8 * 1024 * 1024 };

function begin(
  socket: Duplex,
  side: Omit<DaemonSide, 'http2'>,
  { raw }: FakeOptions,
  opened: (side: DaemonSide) => void,
): void {
  if (raw !== undefined) return raw(socket);
  opened({ ...side, http2: http2.connect('http://session', { ...LARGE_HEADERS, createConnection: () => socket }) });
}

function upgrades(options: FakeOptions, opened: (side: DaemonSide) => void): NodeJS.EventEmitter {
  const server = createHttpServer((_, response) => {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"page not found"}');
  });
  if (!options.ways.includes('upgrade')) return server;
  return server.on('upgrade', (request: { url?: string; headers: IncomingHttpHeaders }, socket: Duplex) => {
    // Node aborts when HTTP/2 takes over a TLS socket on which a write has not ended.
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n', () => {
      if (request.url === '/grpc') return void controlServer(options, opened).emit('connection', socket);
      begin(socket, { headers: request.headers, way: 'upgrade' }, options, opened);
    });
  });
}

function controlServer(options: FakeOptions, opened: (side: DaemonSide) => void): http2.Http2Server {
  const server = http2.createServer({ ...LARGE_HEADERS, settings: { initialWindowSize: 1024 * 1024 } });
  server.on('sessionError', () => undefined);
  server.on('session', (session) => session.setLocalWindowSize(1024 * 1024));
  return server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const path = headers[':path'] ?? '';
    if (path !== '/moby.buildkit.v1.Control/Session') return options.control?.(stream, path);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    begin(inside(stream), { headers, way: 'h2c' }, options, opened);
  });
}

/** The connection inside of a call, from the daemon's side. */
function inside(call: http2.ServerHttp2Stream): Duplex {
  const reader = new BytesReader();
  const duplex = new Duplex({
    read: () => void call.resume(),
    write: (chunk: Buffer, _, done) => void call.write(framedBytes(chunk), done),
    final: (done) => void call.end(done),
    destroy: (error, done) => {
      call.destroy();
      done(error);
    },
  });
  call.on('data', (chunk: Buffer) => {
    for (const data of reader.push(chunk)) if (!duplex.push(data)) call.pause();
  });
  call.on('close', () => duplex.destroy());
  duplex.on('error', () => undefined);
  return duplex;
}
