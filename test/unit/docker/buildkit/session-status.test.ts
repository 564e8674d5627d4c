import fc from 'fast-check';
import { decodeMessage, encodeMessage, GrpcError, grpcErrorOf } from '../../../../src/docker/buildkit/grpc/status';

test.each([
  ['', ''],
  ['plain "text" ~', 'plain "text" ~'],
  ['50%', '50%25'],
  ['a\nb\tc', 'a%0Ab%09c'],
  ['é €', '%C3%A9 %E2%82%AC'],
  ['\u007f', '%7F'],
])('%j is written as %j', (message, encoded) => {
  expect(encodeMessage(message)).toBe(encoded);
  expect(decodeMessage(encoded)).toBe(message);
});

test('a text comes out as it went in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decodeMessage(encodeMessage(text))).toBe(text);
      expect(encodeMessage(text)).toMatch(/^[ -~]*$/);
    }),
  );
});

test.each([
  ['100% sure', '100% sure'],
  ['%zz%4', '%zz%4'],
  ['%C3', '\ufffd'],
  ['%c3%a9', 'é'],
])('what others write as %j is read as %j', (encoded, message) => {
  expect(decodeMessage(encoded)).toBe(message);
});

test('a message is cut before it is too long for a header', () => {
  expect(encodeMessage('x'.repeat(10_000))).toHaveLength(4096);
});

test('an error that is none of ours tells the other side nothing', () => {
  expect(grpcErrorOf(new Error('ENOENT: /home/go/.ssh/id_rsa'))).toEqual(new GrpcError(2, 'the client failed'));
  const refusal = new GrpcError(5, 'secret "x": not found');
  expect(grpcErrorOf(refusal)).toBe(refusal);
});
