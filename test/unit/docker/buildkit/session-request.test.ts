import { Metadata } from '../../../../src/docker/buildkit/grpc/metadata';
import { GrpcError } from '../../../../src/docker/buildkit/grpc/status';
import { syncRequestOf } from '../../../../src/docker/buildkit/services/sync-request';

const read = (...headers: string[]) => syncRequestOf(new Metadata(headers));

test('nothing said: a folder without name, and everything in it', () => {
  expect(read()).toEqual({ folder: '', request: { includePatterns: [], excludePatterns: [], followPaths: [] } });
});

test('each value as it was sent, in its order', () => {
  const headers = ['exclude-patterns', '*', 'dir-name', 'context', 'exclude-patterns', '!a, b', 'followpaths', 'c'];
  expect(read(...headers)).toEqual({
    folder: 'context',
    request: { includePatterns: [], excludePatterns: ['*', '!a, b'], followPaths: ['c'] },
  });
});

test.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('encoded, says %s', (flag) => {
  const { request } = read('include-patterns', '%C3%A9+%2B', 'include-patterns', 'b', 'include-patterns-encoded', flag);
  expect(request.includePatterns).toEqual(['é +', 'b']);
});

test.each(['0', 'false', 'yes', ''])('not encoded, says %j', (flag) => {
  const { request } = read('include-patterns', '%C3%A9+', 'include-patterns-encoded', flag);
  expect(request.includePatterns).toEqual(['%C3%A9+']);
});

test('what is encoded for one header is not for another', () => {
  const { folder, request } = read('dir-name', 'a+b', 'followpaths', 'a+b', 'followpaths-encoded', '1');
  expect([folder, request.followPaths]).toEqual(['a+b', ['a b']]);
});

test('plain UTF-8, as 20.10 sends it and Node reads it', () => {
  const { request } = read('exclude-patterns', 'Ã¼mlaut*', 'followpaths', '[bÃ¼]*');
  expect([request.excludePatterns, request.followPaths]).toEqual([['ümlaut*'], ['[bü]*']]);
});

test('what is no UTF-8 at all matches nothing', () => {
  const { request } = read('exclude-patterns', 'a%FFb', 'exclude-patterns-encoded', '1', 'followpaths', 'a\u00ffb');
  expect([request.excludePatterns, request.followPaths]).toEqual([['a\ufffdb'], ['a\ufffdb']]);
});

// Taken for an empty pattern, a broken one would widen or narrow what is sent.
test('a broken encoding is refused', () => {
  const broken = () => read('exclude-patterns', 'a%zz', 'exclude-patterns-encoded', '1');
  expect(broken).toThrow(new GrpcError(3, '"a%zz" is not encoded as a query'));
});
