import { constants, type ServerHttp2Stream } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { StepError } from '../../../../src/domain/errors';
import type { GrpcClient } from '../../../../src/docker/buildkit/grpc/client';
import { GrpcError } from '../../../../src/docker/buildkit/grpc/status';
import { told } from '../../../unit/docker/told';
import { failure, unlimited } from '../opened';
import { prefixed } from './daemon-calls';
import { openBoth, WAYS, type Opened } from './opened-session';

const GRPC_HEADERS = { ':status': 200, 'content-type': 'application/grpc' };
const REQUEST = Buffer.from('request');

type Control = (stream: ServerHttp2Stream, request: Buffer) => void;

describe.each(WAYS)('by %s', (way) => {
  let opened: Opened;
  let calls: GrpcClient;
  let control: Control;
  let paths: string[];
  let streams: ServerHttp2Stream[];

  beforeEach(async () => {
    paths = [];
    streams = [];
    opened = await openBoth(way, {
      control: (stream, path) => {
        paths.push(path);
        streams.push(stream);
        stream.once('data', (request: Buffer) => control(stream, request));
      },
    });
    calls = await opened.session.calls(unlimited());
  });
  afterEach(() => opened.stop());

  /** Messages, and then the status. */
  function answer(messages: readonly Buffer[], trailers: Record<string, string>): Control {
    return (stream) => {
      stream.respond(GRPC_HEADERS, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      for (const message of messages) stream.write(prefixed(message));
      stream.end();
    };
  }

  const unary = (signal = unlimited()) => calls.unary('/moby.buildkit.v1.Control/Info', REQUEST, signal);

  async function messages(signal = unlimited()): Promise<string[]> {
    const heard: string[] = [];
    for await (const message of calls.messages('/moby.buildkit.v1.Control/Status', REQUEST, signal)) {
      heard.push(message.toString());
    }
    return heard;
  }

  test('one message there, one back', async () => {
    let request: Buffer = Buffer.alloc(0);
    control = (stream, bytes) => {
      request = bytes;
      answer([Buffer.from('reply')], { 'grpc-status': '0' })(stream, bytes);
    };
    expect((await unary()).toString()).toBe('reply');
    expect(request).toEqual(prefixed(REQUEST));
    expect(paths).toEqual(['/moby.buildkit.v1.Control/Info']);
  });

  test('all calls of a session share one connection', async () => {
    control = answer([Buffer.from('reply')], { 'grpc-status': '0' });
    const before = opened.fake.connections.size;
    for (let index = 0; index < 5; index++) {
      calls = await opened.session.calls(unlimited());
      await unary();
    }
    expect(opened.fake.connections.size).toBe(before);
    expect(before).toBe(2);
  });

  test('as many messages as come, in pieces of any size', async () => {
    control = (stream) => {
      stream.respond(GRPC_HEADERS, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      const bytes = Buffer.concat(['one', '', 'x'.repeat(300_000), 'four'].map((text) => prefixed(Buffer.from(text))));
      stream.write(bytes.subarray(0, 3));
      setTimeout(() => stream.write(bytes.subarray(3, 100_000)), 2);
      setTimeout(() => stream.end(bytes.subarray(100_000)), 4);
    };
    expect((await messages()).map((text) => text.length)).toEqual([3, 0, 300_000, 4]);
  });

  test('an error has code, text and details', async () => {
    const details = Buffer.from([8, 2, 0xff]).toString('base64').replace(/=+$/, ''); // gRPC leaves the padding out
    control = answer([Buffer.from('one')], {
      'grpc-status': '2',
      'grpc-message': 'process %22/bin/sh%22 d%C3%A9%25 failed',
      'grpc-status-details-bin': details,
    });
    const error = (await failure(messages())) as GrpcError;
    expect(error).toBeInstanceOf(GrpcError);
    const { code, message, details: bytes } = error;
    expect({ code, message, bytes }).toEqual({
      code: 2,
      message: 'process "/bin/sh" dé% failed',
      bytes: Buffer.from([8, 2, 0xff]),
    });
  });

  test('an error without any message', async () => {
    control = (stream) =>
      stream.respond({ ...GRPC_HEADERS, 'grpc-status': '12', 'grpc-message': 'unknown' }, { endStream: true });
    expect(await failure(unary())).toEqual(new GrpcError(12, 'unknown'));
  });

  test('a daemon without that service', async () => {
    control = (stream) => stream.respond({ ':status': 404 }, { endStream: true });
    expect(await failure(unary())).toEqual(new GrpcError(12, 'HTTP 404'));
  });

  test.each([
    ['no answer at all', [], new GrpcError(13, 'the call ended without an answer')],
    ['an answer', [Buffer.from('reply')], undefined],
    ['more than one', [Buffer.from('reply'), Buffer.from('more')], undefined],
  ])('%s where one is expected', async (_, sent, error) => {
    control = answer(sent, { 'grpc-status': '0' });
    if (error !== undefined) expect(await failure(unary())).toEqual(error);
    else expect((await unary()).toString()).toBe('reply');
  });

  test('a message that says it is larger than 16 MiB ends the call', async () => {
    control = (stream) => {
      stream.respond(GRPC_HEADERS);
      stream.write(Buffer.from([0, 1, 0, 0, 1]));
    };
    expect(await failure(unary())).toEqual(new GrpcError(8, 'a message of 16777217 bytes, and 16777216 is the limit'));
  });

  test('a cancelled call ends at once with the reason, and the daemon sees it', async () => {
    control = (stream) => {
      stream.respond(GRPC_HEADERS);
      stream.write(prefixed(Buffer.from('one')));
    };
    const cancel = new AbortController();
    const heard: string[] = [];
    const ended = (async () => {
      for await (const message of calls.messages('/a/b', REQUEST, cancel.signal)) {
        heard.push(message.toString());
        cancel.abort('timeout');
      }
    })();
    expect(await failure(ended)).toBe('timeout');
    expect(heard).toEqual(['one']);
    while (!streams[0]!.destroyed) await sleep(2);
  });

  test('a reader that has read enough ends the call', async () => {
    control = (stream) => {
      stream.respond(GRPC_HEADERS);
      stream.write(prefixed(Buffer.from('one')));
    };
    for await (const message of calls.messages('/a/b', REQUEST, unlimited())) {
      expect(message.toString()).toBe('one');
      break;
    }
    while (!streams[0]!.destroyed) await sleep(2);
    expect(streams[0]!.rstCode).toBe(constants.NGHTTP2_CANCEL);
  });

  // A header of more than 64 KiB on the wire (75,000 bytes here): nghttp2 gives the connection up, and Node says nothing.
  test('a call whose status is too large to arrive can be abandoned', async () => {
    control = answer([Buffer.from('reply')], { 'grpc-status': '2', 'grpc-status-details-bin': 'A'.repeat(100_000) });
    const cancel = new AbortController();
    const ended = failure(unary(cancel.signal));
    expect(await Promise.race([ended, sleep(200, 'nothing')])).toBe('nothing');
    cancel.abort('given up');
    expect(await ended).toBe('given up');
  });

  test('a status of 60,000 bytes does arrive', async () => {
    control = answer([], { 'grpc-status': '2', 'grpc-status-details-bin': 'A'.repeat(60_000) });
    expect(await failure(unary())).toMatchObject({ code: 2, details: Buffer.alloc(45_000) });
  });

  test.each([
    ['before it has answered', () => undefined],
    ['in the middle of the answer', (stream: ServerHttp2Stream) => void stream.write(prefixed(REQUEST).subarray(0, 7))],
  ])('a connection that breaks %s', async (_, begin) => {
    control = (stream) => {
      stream.respond(GRPC_HEADERS);
      begin(stream);
      setTimeout(() => opened.fake.connections.forEach((socket) => socket.destroy()), 5);
    };
    const error = await failure(unary());
    expect(error).toBeInstanceOf(StepError);
    expect(told(error)).toMatchObject({
      code: 'DAEMON_CONNECTION_LOST',
      message: `The daemon at unix://${opened.fake.socketPath} (field DockerHost) stopped talking in the middle of the build`,
    });
  });

  test('closing the session closes them', async () => {
    control = () => undefined;
    const ended = failure(unary());
    while (streams.length === 0) await sleep(2);
    opened.session.close();
    expect(told(await ended)).toMatchObject({ code: 'DAEMON_CONNECTION_LOST' });
    while (opened.fake.connections.size > 0) await sleep(2);
  });
});

test('a daemon that takes sessions and no calls', async () => {
  const opened = await openBoth('upgrade');
  await opened.fake.stop();
  expect(told(await failure(opened.session.calls(unlimited())))).toMatchObject({ code: 'DAEMON_NO_SOCKET' });
  opened.session.close();
});
