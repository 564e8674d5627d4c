import { once } from 'node:events';
import * as http2 from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { GrpcClient } from '../../../../src/docker/buildkit/grpc/client';
import { FrameReader, frame } from '../../../../src/docker/buildkit/grpc/frames';

/** One call as BuildKit sees it. */
export interface ControlCall {
  readonly request: Buffer;
  /** Resolves when the client has gone, with whether it reset the call. */
  readonly closed: Promise<number>;
  send(message: Buffer): void;
  /** Ends it; no code: OK. */
  end(code?: number, message?: string, details?: Buffer): void;
}

export interface FakeControl {
  readonly calls: GrpcClient;
  /** The connection breaks. */
  cut(): void;
  stop(): Promise<void>;
}

/** BuildKit's Control service, as far as the test says; methods by their last name. */
export async function startFakeControl(
  methods: Readonly<Record<string, (call: ControlCall) => void>>,
): Promise<FakeControl> {
  // Their sessions are not destroyed: with a call that has not ended Node 20 never comes back from that.
  const sockets = new Set<Socket>();
  const server = http2.createServer();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('stream', (stream, headers) => {
    const name = String(headers[':path']).split('/').at(-1)!;
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    let trailers: http2.OutgoingHttpHeaders = { 'grpc-status': '0' };
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    const reader = new FrameReader();
    stream.on('data', (chunk: Buffer) => {
      for (const request of reader.push(chunk)) {
        methods[name]?.({
          request,
          closed: new Promise((resolve) => stream.once('close', () => resolve(stream.rstCode))),
          send: (message) => void stream.write(frame(message)),
          end: (code = 0, message = '', details) => {
            trailers = {
              'grpc-status': String(code),
              'grpc-message': encodeURIComponent(message),
              ...(details && { 'grpc-status-details-bin': details.toString('base64') }),
            };
            stream.end();
          },
        });
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  client.on('error', () => undefined);
  return {
    calls: new GrpcClient(client),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    stop: async () => {
      client.destroy();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
