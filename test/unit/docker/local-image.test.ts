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
    content: { layers: [], settings: '[]' },
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

test('its content is told alike by engines that leave out and by engines that say null', () => {
  const layers = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
  const settings = { Env: ['PATH=/bin'], Cmd: ['/app'], Labels: { b: '2', a: '1' } };
  const old = { Hostname: '', Tty: false, Image: 'sha256:3', Entrypoint: null, Volumes: null, WorkingDir: '' };
  const image = localImage({ Id, RootFS: { Type: 'layers', Layers: layers }, Config: settings });
  const same = localImage({
    Id,
    Created: '2026-01-02T03:04:05Z',
    RootFS: { Type: 'layers', Layers: layers },
    Config: { ...old, ...settings, Labels: { a: '1', b: '2' } },
  });
  expect(image?.content).toEqual({
    layers,
    settings: '[["Env",["PATH=/bin"]],["Cmd",["/app"]],["Labels",[["a","1"],["b","2"]]]]',
  });
  expect(same?.content).toEqual(image?.content);
});

test.each(['', 'sha256:1', '../../etc/passwd', undefined])('an id that is no digest is none: %s', (id) => {
  expect(localImage({ Id: id })).toBeUndefined();
});
