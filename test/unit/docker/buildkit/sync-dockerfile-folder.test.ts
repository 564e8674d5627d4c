import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { trimSpace } from '../../../../src/context/go-path';
import { parseIgnoreFile } from '../../../../src/context/ignore-file';
import { dockerfileFolder, ignoreFile } from '../../../../src/docker/buildkit/file-sync/dockerfile-folder';

test.each([
  ['/job/Dockerfile', 'Dockerfile'],
  ['/job/Dockerfile.prod', 'Dockerfile.prod'],
  ['/job/web_1.dockerfile', 'web_1.dockerfile'],
  ['/job/Containerfile', 'Containerfile'],
  // What a frontend would take for a pattern, or could not be told in a header.
  ['/job/Docker file', 'Dockerfile'],
  ['/job/Dockerfile[1]', 'Dockerfile'],
  ['/job/Dockerfile*', 'Dockerfile'],
  ['/job/!Dockerfile', 'Dockerfile'],
  ['/job/Dóckerfile', 'Dockerfile'],
  ['/job/\\Dockerfile', 'Dockerfile'],
  ['/job/...', 'Dockerfile'],
])('%s is shown as %s', (path, name) => {
  const folder = dockerfileFolder(path, Buffer.from('FROM scratch'), []);
  expect(folder.name).toBe(name);
  expect(folder.files.map((file) => file.name)).toEqual([name, `${name}.dockerignore`]);
});

test('without rules the ignore file is no empty one, which some frontends take for none', () => {
  expect(ignoreFile('.dockerignore', []).content.toString()).toBe('#\n');
});

test('patterns are read back as they were, but for blanks around them that no matcher looks at', () => {
  const files = readFileSync(join(__dirname, '../../context/patternmatcher-vectors.ndjson'), 'utf8')
    .trimEnd()
    .split('\n');
  for (const line of files) {
    const patterns = parseIgnoreFile((JSON.parse(line) as { file: string }).file).map(({ pattern }) => pattern);
    const text = Buffer.from(ignoreFile('.dockerignore', patterns).content).toString();
    expect(parseIgnoreFile(text).map(({ pattern }) => trimSpace(pattern))).toEqual(patterns.map(trimSpace));
  }
});

test('more patterns than a frontend can send back are left to the rules on this side', () => {
  const patterns = (count: number): readonly string[] => Array.from({ length: count }, () => 'a'.repeat(1023));
  expect(ignoreFile('.dockerignore', patterns(64)).content.length).toBe(2 + 64 * 1024);
  expect(ignoreFile('.dockerignore', patterns(65)).content.toString()).toBe('#\n');
});
