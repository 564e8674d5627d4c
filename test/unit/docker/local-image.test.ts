import { localImage } from '../../../src/docker/images';

const Id = `sha256:${'ab'.repeat(32)}`;

test('Engine 29 leaves out what is empty', () => {
  expect(localImage({ Id, Architecture: 'amd64', Os: 'linux', Size: 3064199, Config: {} })).toEqual({
    id: Id,
    repoTags: [],
    repoDigests: [],
    sizeBytes: 3064199,
    os: 'linux',
    arch: 'amd64',
    variant: undefined,
    labels: new Map(),
  });
});

test('older engines say null', () => {
  const image = localImage({ Id, RepoTags: null, RepoDigests: null, Config: { Labels: null }, Variant: '' });
  expect(image).toMatchObject({ repoTags: [], repoDigests: [], variant: undefined, labels: new Map() });
});

test('everything', () => {
  const image = localImage({
    Id,
    RepoTags: ['a/b:1'],
    RepoDigests: [`a/b@${Id}`],
    Variant: 'v8',
    Config: { Labels: { one: '1', two: '' } },
  });
  expect(image).toMatchObject({ repoTags: ['a/b:1'], repoDigests: [`a/b@${Id}`], variant: 'v8' });
  expect(image?.labels).toEqual(
    new Map([
      ['one', '1'],
      ['two', ''],
    ]),
  );
});

test.each(['', 'sha256:1', '../../etc/passwd', undefined])('an id that is no digest is none: %s', (id) => {
  expect(localImage({ Id: id })).toBeUndefined();
});
