import { byBytes, cleanPath, trimSpace } from '../../../src/context/go-path';
import { parseIgnoreFile } from '../../../src/context/ignore-file';

test('each pattern knows its line', () => {
  expect(parseIgnoreFile('\ufeff# comment\n\n a \r\n #b\n!\n! /c/ \n/')).toEqual([
    { pattern: 'a', line: 3 },
    { pattern: '#b', line: 4 },
    { pattern: '!', line: 5 },
    { pattern: '!c', line: 6 },
    { pattern: '/', line: 7 },
  ]);
});

test.each([
  ['', '.'],
  ['a//b/./c/../d/', 'a/b/d'],
  ['/../a', '/a'],
  ['../../a', '../../a'],
  ['a/..', '.'],
  ['/', '/'],
  ['/a/../..', '/'],
  ['a/../../..', '../..'],
  ['./', '.'],
  ['//a/', '/a'],
])('cleanPath(%j) is %j, as in Go', (path, expected) => {
  expect(cleanPath(path)).toBe(expected);
});

test('trimSpace takes what Go takes: U+0085, but not U+FEFF', () => {
  expect(trimSpace('\u0085\u00a0\u3000 a b\t\v')).toBe('a b');
  expect(trimSpace('\ufeffa')).toBe('\ufeffa');
});

test('names are ordered by their bytes', () => {
  const names = ['b', '\u{1f600}', 'a', '\uff00', 'a.b', 'a-b', 'B', 'é'];
  const bytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect([...names].sort(byBytes)).toEqual(bytes);
  expect(bytes.indexOf('\u{1f600}')).toBeGreaterThan(bytes.indexOf('\uff00')); // UTF-16 has them the other way round
  expect(byBytes('a', 'a')).toBe(0);
});
