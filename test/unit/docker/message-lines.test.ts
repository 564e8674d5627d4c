import fc from 'fast-check';
import { LineCutter, parseMessage } from '../../../src/docker/message-stream';

const cutter = (limit = 1000): LineCutter => new LineCutter(limit, () => new RangeError('too long'));

test('lines come out whole whatever the chunks, and no character is cut', () => {
  const text = fc.string({ unit: 'binary' }).map((line) => line.replaceAll('\n', '⏎'));
  fc.assert(
    fc.property(fc.array(text), fc.string({ unit: 'grapheme' }), fc.nat(7), (lines, rest, size) => {
      const tail = rest.replaceAll('\n', '');
      const bytes = Buffer.from([...lines, tail].join('\n'));
      const cut = cutter(100_000);
      const found: string[] = [];
      for (let at = 0; at < bytes.length; at += size + 1) found.push(...cut.push(bytes.subarray(at, at + size + 1)));
      found.push(cut.end());
      expect(found).toEqual([...lines, tail].map((line) => Buffer.from(line).toString()));
    }),
  );
});

test('a line beyond the limit is refused before it is put together', () => {
  const cut = cutter(10);
  expect(cut.push(Buffer.from('0123456789'))).toEqual([]);
  expect(() => cut.push(Buffer.from('x'))).toThrow('too long');
});

test('the limit is for a line, not for the stream', () => {
  const cut = cutter(10);
  for (let line = 0; line < 100; line++) expect(cut.push(Buffer.from('0123456789\n'))).toEqual(['0123456789']);
});

test('errorDetail goes before error, in any order of keys', () => {
  for (const line of [
    '{"errorDetail":{"code":7,"message":"whole"},"error":"short"}',
    '{"error":"short","errorDetail":{"code":7,"message":"whole"}}',
  ]) {
    expect(parseMessage(line)?.error).toBe('whole');
  }
});

test.each([
  ['{"error":"short"}', 'short'],
  ['{"error":"short","errorDetail":{}}', 'short'],
  ['{"errorDetail":{},"error":""}', 'the daemon reported an error without a text'],
  ['{"error":null,"errorDetail":null,"status":"Waiting"}', undefined],
])('%s', (line, error) => {
  expect(parseMessage(line)?.error).toBe(error);
});

test('what has another type than it should have is left out', () => {
  const line = '{"stream":5,"status":["x"],"id":{},"progressDetail":{"current":"1","total":2},"aux":7}';
  expect(parseMessage(line)).toEqual({ progress: { total: 2 }, line });
});

test.each(['<html>bad gateway</html>', '', '7', '"text"', '[]', 'null', '{"stream":"cut'])('no message: %s', (line) => {
  expect(parseMessage(line)).toBeUndefined();
});

test('a deep nest is no reason to fall', () => {
  const line = `{"aux":${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}}`;
  expect(parseMessage(line)?.error).toBeUndefined();
});
