import fc from 'fast-check';
import { BytesReader, bytesHead, framedBytes } from '../../../../src/docker/buildkit/grpc/bytes-message';
import { frame, FrameReader } from '../../../../src/docker/buildkit/grpc/frames';
import { GrpcError } from '../../../../src/docker/buildkit/grpc/status';
import { WireError } from '../../../../src/docker/buildkit/wire/reader';

const buffers = fc.array(fc.uint8Array({ maxLength: 60_000, size: 'max' }), { maxLength: 6 });
const cuts = fc.infiniteStream(fc.oneof(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 70_000 })));

function* cut(bytes: Buffer, lengths: Iterator<number>): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const length: number = lengths.next().value as number;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it succeeded');
}

test('a message has a zero and its length in front', () => {
  expect(frame(Buffer.from('abc'))).toEqual(Buffer.from([0, 0, 0, 0, 3, 97, 98, 99]));
  expect(frame(Buffer.alloc(0))).toEqual(Buffer.from([0, 0, 0, 0, 0]));
});

test('messages come out as they went in, however they were cut', () => {
  fc.assert(
    fc.property(buffers, cuts, (messages, lengths) => {
      const reader = new FrameReader();
      const stream = Buffer.concat(messages.map((message) => frame(message)));
      const read = [...cut(stream, lengths)].flatMap((piece) => reader.push(piece));
      reader.end();
      expect(Buffer.concat(read).equals(Buffer.concat(messages))).toBe(true);
      expect(read.map(({ length }) => length)).toEqual(messages.map(({ length }) => length));
    }),
    { numRuns: 50 },
  );
});

test('what has been read is not overwritten by what comes later', () => {
  const reader = new FrameReader();
  const stream = frame(Buffer.alloc(40_000, 1));
  const read = [stream, stream].flatMap((bytes) => [
    ...reader.push(bytes.subarray(0, 20_000)),
    ...reader.push(bytes.subarray(20_000)),
  ]);
  read[1]!.fill(2);
  expect(read[0]!.equals(Buffer.alloc(40_000, 1))).toBe(true);
});

test.each([
  [16 * 1024 * 1024, undefined],
  [16 * 1024 * 1024 + 1, new GrpcError(8, 'a message of 16777217 bytes, and 16777216 is the limit')],
  [0xffffffff, new GrpcError(8, 'a message of 4294967295 bytes, and 16777216 is the limit')],
])('a length of %d is judged before a byte of the message is there', (length, error) => {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(length, 1);
  const push = () => new FrameReader().push(prefix);
  if (error === undefined) expect(push()).toEqual([]);
  else expect(caught(push)).toEqual(error);
});

test('an announced length takes no memory until the bytes are there', () => {
  const before = process.memoryUsage().arrayBuffers;
  const readers = Array.from({ length: 200 }, () => new FrameReader());
  for (const reader of readers) reader.push(Buffer.from([0, 0, 0xff, 0xff, 0xff, 1]));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8e6); // 200 × 16 KiB, not 200 × 16 MiB
});

test('a message of one-byte pieces costs no more than its size', () => {
  const reader = new FrameReader();
  const stream = frame(Buffer.alloc(300_000, 7));
  let read: Buffer[] = [];
  for (let at = 0; at < stream.length; at++) read = read.concat(reader.push(stream.subarray(at, at + 1)));
  expect(read.map(({ length }) => length)).toEqual([300_000]);
  expect(read[0]!.buffer.byteLength).toBeLessThanOrEqual(600_000);
});

test('compressed messages are refused', () => {
  expect(caught(() => new FrameReader().push(Buffer.from([1, 0, 0, 0, 0])))).toEqual(
    new GrpcError(12, 'compressed messages are not supported'),
  );
});

test.each([1, 4, 5, 7])('an end after %d bytes is an end within a message', (length) => {
  const reader = new FrameReader();
  reader.push(frame(Buffer.from('abc')).subarray(0, length));
  expect(caught(() => reader.end())).toEqual(new GrpcError(13, 'the stream ended within a message'));
});

describe('BytesMessage', () => {
  test('as protobuf has it, and its beginning alone', () => {
    const message = Buffer.concat([Buffer.from([0, 0, 0, 0, 203, 0x0a, 200, 1]), Buffer.alloc(200, 'x')]);
    expect(framedBytes(Buffer.alloc(200, 'x'))).toEqual(message);
    expect(bytesHead(200)).toEqual(message.subarray(0, 8));
  });

  test('bytes come out as they went in, however they were cut', () => {
    fc.assert(
      fc.property(buffers, cuts, (pieces, lengths) => {
        const reader = new BytesReader();
        const stream = Buffer.concat(pieces.map((piece) => framedBytes(piece)));
        const read = [...cut(stream, lengths)].flatMap((piece) => reader.push(piece));
        expect(Buffer.concat(read).equals(Buffer.concat(pieces))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('other fields are nothing to us, and no protobuf is an error', () => {
    const other = Buffer.from([0x12, 1, 0x78, 0x0a, 1, 0x79, 0x18, 5]);
    expect(new BytesReader().push(frame(other))).toEqual([Buffer.from('y')]);
    expect(caught(() => new BytesReader().push(frame(Buffer.from([0x0a, 9]))))).toEqual(
      new WireError('a field is cut off'),
    );
  });
});
