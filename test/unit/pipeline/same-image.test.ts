import type { LocalImage } from '../../../src/domain/daemon-info';
import { hasId, isImage, isLikeImage } from '../../../src/pipeline/same-image';
import { configOf } from './fake-ecr';
import { digest, HOST, id, image } from './fake-ports';

const repository = { host: HOST, path: 'shop/cart' };
const local = (change: Partial<LocalImage>): LocalImage => ({
  id: id('a'),
  repoTags: [],
  repoDigests: [],
  sizeBytes: 1,
  os: 'linux',
  arch: 'amd64',
  variant: undefined,
  labels: new Map(),
  content: { layers: ['l1'], settings: 's' },
  ...change,
});

test('a daemon names an image by its config on the classic store, by its manifest on the containerd store', () => {
  expect([hasId(image('d', id('a')), id('a')), hasId(image('d', id('a')), id('d'))]).toEqual([true, true]);
  expect(hasId(image('d', id('a')), id('e'))).toBe(false);
});

test('what the daemon remembers of this repository counts, and of no other', () => {
  const index = { ...image('d'), config: undefined };
  expect(isImage(index, local({ repoDigests: [`${HOST}/shop/cart@${digest('d')}`] }), repository)).toBe(true);
  expect(isImage(index, local({ repoDigests: [`${HOST}/shop/other@${digest('d')}`] }), repository)).toBe(false);
  expect(isImage(index, local({ repoDigests: [`${HOST}/shop/cart@${digest('e')}`] }), repository)).toBe(false);
  expect(isImage(index, local({}), undefined)).toBe(false);
});

test('equal layers and settings make two images alike; what cannot be read does not tell', () => {
  expect(isLikeImage(configOf(new Map(), 's'), local({}))).toBe(true);
  expect(isLikeImage(configOf(new Map(), 'other'), local({}))).toBe(false);
  expect(isLikeImage(undefined, local({}))).toBe(false);
  expect(isLikeImage('unreadable', local({}))).toBeUndefined();
});
