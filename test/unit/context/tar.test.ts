import { execFileSync } from 'node:child_process';
import { lutimesSync } from 'node:fs';
import { mkdir, open, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tarHeader, tarPadding, TAR_END } from '../../../src/context/tar-header';
import { createTarProducer } from '../../../src/context/tar-producer';
import type { TarJob } from '../../../src/context/tar-job';
import { folder, hardLinkTo, linkTo, makeTree, removeTrees } from '../files/temp-tree';

afterEach(removeTrees);

function produced(root: string, more: Partial<TarJob> = {}, wanted = 256 * 1024): Buffer {
  const producer = createTarProducer({ kind: 'tar', root, ignore: [], always: [], never: [], extras: [], ...more });
  const pieces: Uint8Array[] = [];
  for (let piece = producer.produce(wanted); typeof piece !== 'string'; piece = producer.produce(wanted)) {
    expect(piece.length).toBeLessThanOrEqual(wanted);
    pieces.push(piece);
  }
  producer.close();
  return Buffer.concat(pieces);
}

/** GNU tar's list of an archive, names in octal escapes where they are odd. */
function listed(archive: Buffer): readonly string[] {
  const text = execFileSync('tar', ['--utc', '--full-time', '--quoting-style=escape', '-tvf', '-'], {
    input: archive,
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  return text.toString().trimEnd().split('\n');
}

describe('header', () => {
  const file = { path: 'f', kind: 'file', mode: 0o644, size: 0, mtime: 0 } as const;
  const list = (entry: Parameters<typeof tarHeader>[0]): string =>
    listed(Buffer.concat([tarHeader(entry), TAR_END]))[0] ?? '';

  test('of a file of 8 GiB and more', () => {
    const header = tarHeader({ ...file, size: 9_876_543_210 });
    expect(header.includes('19 size=9876543210\n')).toBe(true);
    expect(header.length).toBe(3 * 512);
    expect(tarHeader({ ...file, size: 0o77777777777 }).length).toBe(512);
    expect(tarHeader({ ...file, size: 0o100000000000 }).length).toBe(3 * 512);
  });

  test('of times before 1970 and far ahead', () => {
    expect(list({ ...file, mtime: -1 })).toContain('1969-12-31 23:59:59');
    expect(list({ ...file, mtime: 1_700_000_000 })).toContain('2023-11-14 22:13:20');
    expect(list({ ...file, mtime: 10_000_000_000 })).toContain('2286-11-20 17:46:40');
  });

  test.each([1, 9, 85, 86, 87, 99, 100, 101, 300, 989, 990, 4000])('of a name of %i characters', (length) => {
    const path = 'n'.repeat(length);
    expect(list({ ...file, path })).toMatch(new RegExp(` ${path}$`));
    expect(list({ ...file, kind: 'symlink', target: path })).toMatch(new RegExp(` f -> ${path}$`));
    expect(list({ ...file, kind: 'folder', path })).toMatch(new RegExp(` ${path}/$`));
  });

  test('of a name that is no UTF-8', () => {
    const path = Buffer.from('caf\xe9', 'latin1');
    expect(list({ ...file, path })).toMatch(/ caf\\351$/);
    expect(list({ ...file, kind: 'folder', path })).toMatch(/ caf\\351\/$/);
    expect(list({ ...file, kind: 'hardlink', target: path })).toMatch(/ f link to caf\\351$/);
  });

  test('padding fills the block', () => {
    expect([0, 1, 511, 512, 513].map((size) => tarPadding(size).length)).toEqual([0, 511, 1, 0, 511]);
  });
});

test.each([512, 1000, 4096, 5000, 65536])('the archive is the same in pieces of %i bytes', async (wanted) => {
  const root = await makeTree({
    ...Object.fromEntries(
      [0, 1, 511, 512, 513, 1024, 5000, 70_000].map((size) => [`s${size}`, Buffer.alloc(size, `${size};`)]),
    ),
    [`${'d'.repeat(150)}/x`]: 'long',
    'z/e': folder,
  });
  const extras = [{ path: 'extra', content: Buffer.alloc(3000, 'extra') }];
  expect(produced(root, { extras }, wanted).equals(produced(root, { extras }))).toBe(true);
});

test('an extra takes the place of a file, with its mode and time, or stands at the end', async () => {
  const root = await makeTree({ a: 'old', b: linkTo('a'), c: '' });
  await utimes(join(root, 'a'), 1_700_000_000, 1_700_000_000);
  const content = Buffer.from('new!');
  const archive = produced(root, { extras: ['a', 'b', 'z'].map((path) => ({ path, content })) });
  expect(listed(archive).map((line) => line.replace(/ +/g, ' '))).toEqual([
    '-rw-r--r-- 0/0 4 2023-11-14 22:13:20 a',
    expect.stringMatching(/^-rw------- 0\/0 4 1970-01-01 00:00:00 b$/),
    expect.stringMatching(/ c$/),
    '-rw------- 0/0 4 1970-01-01 00:00:00 z',
  ]);
});

test('names and targets of any bytes are the same again after GNU tar', async () => {
  const root = await makeTree();
  const at = (bytes: string): Buffer => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(bytes, 'latin1')]);
  await mkdir(at('\xe9'));
  await writeFile(at('\xe9/\xff\xfe'), 'one');
  await writeFile(at('\xe9/\xff\xfd'), 'two');
  await writeFile(at('\xe9'.repeat(200)), 'long');
  await symlink(Buffer.from('\xe9/\xff\xfe', 'latin1'), at('link'));
  const copy = await makeTree();
  execFileSync('tar', ['-xpf', '-', '-C', copy], { input: produced(root) });
  expect(execFileSync('diff', ['-r', '--no-dereference', root, copy]).toString()).toBe('');
  const names = (await readdir(copy, 'buffer')).map((name) => name.toString('latin1')).sort();
  expect(names).toEqual(['link', '\xe9', '\xe9'.repeat(200)]);
});

test('a hard link to a file that is ignored is that file', async () => {
  const root = await makeTree({
    'a/first': 'content',
    'b/second': hardLinkTo('../a/first'),
    'b/third': hardLinkTo('../a/first'),
  });
  const shown = listed(produced(root, { ignore: ['a'] })).map((line) => line.replace(/^.*:\d\d /, ''));
  expect(shown).toEqual(['b/', 'b/second', 'b/third link to b/second']);
});

test('times are rounded down, before 1970 too', async () => {
  const root = await makeTree({ a: '', b: '', link: linkTo('a') });
  await utimes(join(root, 'a'), 1_700_000_000.9, 1_700_000_000.9);
  execFileSync('touch', ['-d', '@-1.5', join(root, 'b')]); // Node takes a negative time for now
  lutimesSync(join(root, 'link'), 1_000_000_000, 1_000_000_000);
  expect(listed(produced(root)).map((line) => line.slice(-26).trim())).toEqual([
    expect.stringContaining('2023-11-14 22:13:20 a'),
    expect.stringContaining('1969-12-31 23:59:58 b'),
    expect.stringContaining('09-09 01:46:40 link -> a'),
  ]);
});

test('a file with holes is sent as what it reads as', async () => {
  const root = await makeTree();
  const handle = await open(join(root, 'sparse'), 'w');
  await handle.truncate(3_000_000);
  await handle.close();
  expect(produced(root).length).toBe(512 + 3_000_320 + 1024);
});
