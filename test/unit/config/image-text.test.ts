import { parseImage } from '../../../src/config/image-text';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each<[string, (string | undefined)[]]>([
  ['alpine', [undefined, 'alpine', undefined, undefined]],
  ['a', [undefined, 'a', undefined, undefined]],
  ['shop/cart:1.0', [undefined, 'shop/cart', '1.0', undefined]],
  ['localhost/x', ['localhost', 'x', undefined, undefined]],
  ['A.io:5000/x/y_z:T', ['a.io:5000', 'x/y_z', 'T', undefined]],
  ['[::1]:5000/x', ['[::1]:5000', 'x', undefined, undefined]],
  [`a.io/x:1@${DIGEST}`, ['a.io', 'x', '1', DIGEST]],
])('%s', (text, [host, path, tag, digest]) => {
  expect(parseImage(text)).toEqual({ host, path, tag, digest });
});

test.each([
  '',
  ':1',
  'A',
  'a//b',
  'a.io/',
  'a:',
  'a:b c',
  'a@b',
  `a@${DIGEST}@${DIGEST}`,
  'a..io/x',
  'https://a.io/x',
  `${'a/'.repeat(127)}aa`,
])('%j is no image', (text) => {
  expect(parseImage(text)).toBeUndefined();
});
