import { readImageConfig } from '../../../src/ecr/image-config';
import { digestOfText, readManifest } from '../../../src/ecr/manifest';
import { sameContent } from '../../../src/domain/registry-image';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => `sha256:${digit.repeat(64)}`);

describe('readManifest', () => {
  const read = (json: unknown): unknown => readManifest(JSON.stringify(json));

  it('tells config and stored size', () => {
    expect(read({ config: { digest: A, size: 7 }, layers: [{ size: 10 }, { size: 20 }, {}] })).toEqual({
      config: A,
      sizeBytes: 37,
      firstImage: undefined,
    });
  });

  it('of an index tells the first image that is one', () => {
    const manifests = [
      { digest: A, platform: { os: 'unknown', architecture: 'unknown' } },
      { digest: 'sha256:short' },
      { digest: B, platform: { os: 'linux' } },
      { digest: C },
    ];
    expect(read({ manifests })).toEqual({ config: undefined, sizeBytes: 0, firstImage: B });
  });

  it.each([
    'no JSON',
    '[]',
    'null',
    '{"config":"x","layers":"y","manifests":[1]}',
    '{"config":{"digest":"x","size":-1}}',
  ])('tells nothing of %s', (text) => {
    expect(readManifest(text)).toEqual({ config: undefined, sizeBytes: 0, firstImage: undefined });
  });
});

it("a text's digest is that of its bytes", () => {
  const empty = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  expect([digestOfText(''), digestOfText(Buffer.from('ü')) === digestOfText('ü')]).toEqual([empty, true]);
});

describe('readImageConfig', () => {
  it('tells labels, platform and content', () => {
    const config = readImageConfig(
      JSON.stringify({
        os: 'linux',
        architecture: 'amd64',
        config: { Labels: { a: 'b', c: 1 } },
        rootfs: { diff_ids: [A, 3] },
      }),
    );
    expect(config).toEqual({
      labels: new Map([['a', 'b']]),
      os: 'linux',
      arch: 'amd64',
      variant: undefined,
      content: { layers: [A], settings: '[["Labels",[["a","b"],["c",1]]]]' },
    });
  });

  it('calls images the same that differ in times and in how nothing is written', () => {
    const one = { created: '2026', config: { Cmd: ['sh'], Env: null, Labels: {} }, rootfs: { diff_ids: [A] } };
    const other = { created: '2027', config: { Cmd: ['sh'] }, rootfs: { diff_ids: [A] } };
    const [first, second] = [one, other].map((json) => readImageConfig(JSON.stringify(json))!.content);
    expect(sameContent(first!, second!)).toBe(true);
  });

  it.each(['', '[]', '"x"', '\u0000'])('knows none in %p', (text) => {
    expect(readImageConfig(text)).toBeUndefined();
  });

  it('takes what has no config for an image without labels', () => {
    expect(readImageConfig('{}')).toEqual({
      labels: new Map(),
      os: '',
      arch: '',
      variant: undefined,
      content: { layers: [], settings: '[]' },
    });
  });
});
