import fc from 'fast-check';
import { goFileMode } from '../../../../src/docker/buildkit/file-sync/file-mode';
import { readPacket } from '../../../../src/docker/buildkit/file-sync/packet';
import { Piece, SMALLEST_PIECE_BYTES } from '../../../../src/docker/buildkit/file-sync/piece';
import { PieceMemory } from '../../../../src/docker/buildkit/file-sync/piece-memory';
import type { Entry } from '../../../../src/docker/buildkit/file-sync/tree';
import { putVarint, putVarint64, varintLength } from '../../../../src/docker/buildkit/file-sync/varint';
import { varint, Writer } from '../../../../src/docker/buildkit/wire/writer';
import { PacketReader } from './sync-packets';

const MODES: readonly (readonly [number, number])[] = [
  [0o100644, 0o644],
  [0o040755, 0x80000000 + 0o755],
  [0o120777, 0x08000000 + 0o777],
  [0o104755, 0x00800000 + 0o755],
  [0o042755, 0x80000000 + 0x00400000 + 0o755],
  [0o041777, 0x80000000 + 0x00100000 + 0o777],
];

test.each(MODES)('mode %o of the system is %p of Go', (system, go) => expect(goFileMode(system)).toBe(go));

test('varints are those of the general codec', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (number, big) => {
      const buffer = Buffer.alloc(24);
      const positive = Math.abs(number);
      const end = putVarint(buffer, 0, positive);
      expect(buffer.subarray(0, end)).toEqual(varint(positive));
      expect(varintLength(positive)).toBe(end);
      expect(buffer.subarray(0, putVarint64(buffer, 0, big))).toEqual(varint(big));
    }),
  );
});

const entries = fc.record<Entry>({
  path: fc.string({ unit: 'binary', minLength: 1, maxLength: 1000 }),
  rawPath: fc.option(fc.uint8Array({ minLength: 1, maxLength: 300 }).map(Buffer.from), { nil: undefined }),
  mode: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  size: fc.nat(Number.MAX_SAFE_INTEGER),
  mtimeNs: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  linkName: fc.option(fc.string({ unit: 'binary', maxLength: 4096 }), { nil: undefined }),
});

test('a STAT reads back as it was, at every length', () => {
  fc.assert(
    fc.property(fc.array(entries, { minLength: 1, maxLength: 5 }), (some) => {
      const piece = new Piece(Buffer.alloc(256 * 1024));
      for (const entry of some) expect(piece.stat(entry)).toBe(true);
      const stats = new PacketReader().push(piece.bytes).map(({ stat }) => stat!);
      const told = stats.map(({ pathBytes, linkBytes, mode, size, modTime }) => [
        pathBytes,
        linkBytes,
        mode,
        size,
        modTime,
      ]);
      expect(told).toEqual(
        some.map(({ path, rawPath, mode, size, mtimeNs, linkName }) => [
          rawPath ?? Buffer.from(path),
          Buffer.from(linkName ?? ''),
          ...[mode, size, mtimeNs],
        ]),
      );
    }),
  );
});

test('a piece has room for the longest path and target that Linux has, and says so when it has none', () => {
  const longest = {
    path: 'é'.repeat(2047),
    rawPath: undefined,
    mode: 0,
    size: 1,
    mtimeNs: -1n,
    linkName: 'x'.repeat(4095),
  };
  const piece = new Piece(Buffer.alloc(SMALLEST_PIECE_BYTES));
  expect(piece.room).toBe(SMALLEST_PIECE_BYTES);
  let count = 0;
  while (piece.stat(longest)) count++;
  expect(count).toBeGreaterThan(0);
  expect(new PacketReader().push(piece.bytes)).toHaveLength(count);
});

test.each([0, 1, 127, 128, 20_000, 2 ** 32 - 1])('DATA of %i reads back, and fills the piece to its end', (id) => {
  const piece = new Piece(Buffer.alloc(SMALLEST_PIECE_BYTES));
  piece.data(id, 5, (buffer, at) => void buffer.write('hello', at));
  const room = piece.dataRoom(id);
  piece.data(id, room, (buffer, at, length) => void buffer.fill(7, at, at + length));
  expect(piece.room).toBeLessThan(3); // a length of fewer digits than the room was reckoned with
  const [first, second] = new PacketReader().push(piece.bytes);
  expect([first?.id, first?.data.toString()]).toEqual([id, 'hello']);
  expect([second?.id, second?.data]).toEqual([id, Buffer.alloc(room, 7)]);
});

test('a DATA packet whose content cannot be read is none', () => {
  const piece = new Piece(Buffer.alloc(SMALLEST_PIECE_BYTES));
  piece.data(1, 5, (buffer, at) => void buffer.write('hello', at));
  const fail = (): never => {
    throw new RangeError('x');
  };
  expect(() => piece.data(1, 5, fail)).toThrow(RangeError);
  expect(piece.dataEnd(1)).toBe(true);
  expect(new PacketReader().push(piece.bytes).map(({ data }) => data.toString())).toEqual(['hello', '']);
});

test('a long error text is cut', () => {
  const piece = new Piece(Buffer.alloc(SMALLEST_PIECE_BYTES));
  piece.error('é'.repeat(10_000));
  const [packet] = new PacketReader().push(piece.bytes);
  expect(packet?.type).toBe('error');
  expect(packet?.data).toHaveLength(4096);
});

test('no bytes whatever make the reader of packets throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void readPacket(bytes)));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (id) => {
      expect(readPacket(new Writer().number(1, 1).number(3, id).end())).toEqual({ type: 'request', id });
    }),
  );
});

describe('the memory of pieces', () => {
  test('is handed away when it is well filled', () => {
    const memory = new PieceMemory();
    const buffer = memory.take(64 * 1024);
    expect(buffer).toHaveLength(64 * 1024);
    expect(memory.give(buffer, 32 * 1024).buffer).toBe(buffer.buffer);
    expect(memory.take(64 * 1024).buffer).not.toBe(buffer.buffer);
  });

  test('is used again when little was written into it', () => {
    const memory = new PieceMemory();
    const buffer = memory.take(64 * 1024).fill(7);
    const given = memory.give(buffer, 100);
    expect(given).toEqual(Buffer.alloc(100, 7));
    expect(given.buffer.byteLength).toBe(100);
    expect(memory.take(64 * 1024).buffer).toBe(buffer.buffer);
    expect(memory.take(64 * 1024).buffer).not.toBe(buffer.buffer);
  });

  test('is never too small for a packet', () => expect(new PieceMemory().take(1)).toHaveLength(SMALLEST_PIECE_BYTES));
});
