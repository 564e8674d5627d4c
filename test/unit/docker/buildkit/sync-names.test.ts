import { componentMatcher, hasWildcards } from '../../../../src/docker/buildkit/file-sync/component-match';
import { sharedKey } from '../../../../src/docker/buildkit/file-sync/shared-key';

// What Go's filepath.Match says.
test.each([
  ['*', '', true],
  ['*', 'abc', true],
  ['a*', 'abc', true],
  ['a*c', 'abcbc', true],
  ['a*d', 'abc', false],
  ['a?c', 'aéc', true],
  ['a?c', 'ac', false],
  ['?', '𝒳', true],
  ['[ab]c', 'bc', true],
  ['[^ab]c', 'bc', false],
  ['[^ab]c', 'cc', true],
  ['[a-cé]', 'é', true],
  ['[]a]', ']', false],
  ['[-]', '-', false],
  ['[\\-]', '-', true],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['a\\', 'a\\', false],
  ['[', '[', false],
  ['[a', 'a', false],
  ['[a-', 'a', false],
  ['a**b', 'axb', true],
  ['*.go', '.go', true],
  ['', '', true],
])('%j matches %j: %j', (pattern, name, matches) => expect(componentMatcher(pattern)(name)).toBe(matches));

test.each([
  ['a', false],
  ['a*', true],
  ['a\\*', false],
  ['\\\\*', true],
  ['[', true],
  ['?', true],
  ['a\\', false],
])('%j has wildcards: %j', (name, has) => expect(hasWildcards(name)).toBe(has));

test('thirty stars and 255 characters take no time', () => {
  const started = performance.now();
  expect(componentMatcher(`${'*a'.repeat(30)}b`)('a'.repeat(255))).toBe(false);
  expect(performance.now() - started).toBeLessThan(50); // security.md 24
});

test('the slot has another name for every other owner, and no name tells whose it is', () => {
  const owner = { agent: 'agent-1', server: 'https://go', pipeline: 'shop', root: '/var/lib/go/shop' };
  const others = [
    { agent: 'agent-2' },
    { server: 'https://other' },
    { pipeline: 'shop2' },
    { root: '/var/lib/go/shop2' },
  ];
  const keys = [owner, ...others.map((other) => ({ ...owner, ...other }))].map(sharedKey);
  expect(new Set(keys).size).toBe(5);
  expect(sharedKey({ ...owner })).toBe(keys[0]);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(sharedKey({ ...owner, agent: 'agent-1https://go', server: '' })).not.toBe(keys[0]);
});
