import { PLAIN_BUILD } from '../../../../src/domain/plain-build';
import { BasePlatforms } from '../../../../src/docker/buildkit/base-platform';
import { told } from '../told';
import { played } from './played';

function checked(dockerfile: string, platform: string | undefined, target?: string): object | undefined {
  const platforms = new BasePlatforms();
  for (const event of played('buildkit-platform-29').events) platforms.note(event);
  try {
    const source = { dockerfile, bases: [], stages: [] };
    platforms.check({ plan: { ...PLAIN_BUILD, platform, target }, source });
    return undefined;
  } catch (error) {
    return told(error);
  }
}

test('an image that would be called arm64 and hold amd64 programs is no success', () => {
  expect(checked('FROM lab/busybox:1\nRUN true\n', 'linux/arm64')).toEqual({
    code: 'PLATFORM_MISMATCH',
    hop: 'none',
    blame: 'config',
    message:
      'The base image lab/busybox:1 (Dockerfile line 1) is linux/amd64, and Platform asks for linux/arm64: the image would be called linux/arm64 and hold linux/amd64 programs',
    hint: 'Use a base image that has that platform, or correct Platform',
    words: undefined,
    transient: false,
  });
});

test('by way of another stage too', () => {
  expect(checked('FROM lab/busybox:1 AS a\nFROM a\nRUN true\n', 'linux/arm64')).toBeDefined();
});

test.each([
  ['files are only copied from it', 'FROM lab/busybox:1 AS a\nFROM scratch\nCOPY --from=a /x /x\n', 'linux/arm64'],
  ['no platform was asked for', 'FROM lab/busybox:1\nRUN true\n', undefined],
])('%s', (_, dockerfile, platform) => {
  expect(checked(dockerfile, platform)).toBeUndefined();
});

test('a target before it', () => {
  expect(checked('FROM lab/busybox:1 AS a\nFROM scratch AS b\n', 'linux/arm64', 'b')).toBeUndefined();
  expect(checked('FROM lab/busybox:1 AS a\nFROM scratch AS b\n', 'linux/arm64', 'a')).toBeDefined();
});
