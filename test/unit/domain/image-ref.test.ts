import fc from 'fast-check';
import { parseDigest, parseRepository, parseTag, refName, toTag } from '../../../src/domain/image-ref';

const sixtyFour = 'a'.repeat(64);

test.each([
  ['team/app', { host: undefined, path: 'team/app' }],
  ['app', { host: undefined, path: 'app' }],
  ['a__b/c-d.e', { host: undefined, path: 'a__b/c-d.e' }],
  [
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app',
    { host: '123456789012.dkr.ecr.eu-west-1.amazonaws.com', path: 'team/app' },
  ],
  ['127.0.0.1:5000/team/app', { host: '127.0.0.1:5000', path: 'team/app' }],
  ['[::1]:5000/team/app', { host: '[::1]:5000', path: 'team/app' }],
  ['localhost/team/app', { host: 'localhost', path: 'team/app' }],
  ['Registry.Example.COM/team/app', { host: 'registry.example.com', path: 'team/app' }],
])('%s is a repository', (text, parsed) => {
  expect(parseRepository(text)).toEqual(parsed);
});

test.each([
  ['', 'nothing'],
  ['a', 'too short'],
  ['Team/app', 'upper case'],
  ['team//app', 'an empty component'],
  ['team/app:1', 'a tag'],
  ['team/app@sha256:0', 'a digest'],
  ['/app', 'a leading slash'],
  ['team/app/', 'a trailing slash'],
  ['team/-app', 'a leading dash'],
  ['https://host.example/app', 'a scheme'],
  ['user@host.example/app', 'user info'],
  ['host.example:port/app', 'no port number'],
  [`team/${'a'.repeat(260)}`, 'too long'],
  ['team/app\n', 'a line end'],
])('%j is no repository: %s', (text) => {
  expect(parseRepository(text)).toBeUndefined();
});

test.each(['1', 'v1.2.3', '_x', 'a'.repeat(128), 'A-b_c.d'])('%s is a tag', (text) =>
  expect(parseTag(text)).toBe(text),
);

test.each(['', '.x', '-x', 'a'.repeat(129), 'a/b', 'a:b', 'a,b', 'ä', 'a\n'])('%j is no tag', (text) => {
  expect(parseTag(text)).toBeUndefined();
});

test('only a whole sha256 digest is used as a name', () => {
  expect(parseDigest(`sha256:${sixtyFour}`)).toBe(`sha256:${sixtyFour}`);
  for (const bad of [
    `sha256:${sixtyFour}a`,
    `sha256:${'A'.repeat(64)}`,
    `sha512:${sixtyFour}`,
    `x@sha256:${sixtyFour}`,
    `sha256:${sixtyFour}\n`,
    7,
  ]) {
    expect(parseDigest(bad)).toBeUndefined();
  }
});

test('any text becomes a legal tag', () => {
  expect(toTag('feature/JIRA-1 äö')).toBe('feature-JIRA-1---');
  expect(toTag('-x')).toBe('_x');
  fc.assert(fc.property(fc.string({ minLength: 1 }), (text) => parseTag(toTag(text)) !== undefined));
});

test('a reference is written as docker writes it', () => {
  expect(refName({ repository: { host: '127.0.0.1:5000', path: 'team/app' }, tag: parseTag('1')! })).toBe(
    '127.0.0.1:5000/team/app:1',
  );
});
