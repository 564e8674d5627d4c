import { execFileSync } from 'node:child_process';
import { appendFile, readdir, readlink, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FoundFile } from '../../../src/context/found-file';
import { look, type Found } from '../../../src/context/found';
import { fifo, fill, linkTo, makeTree, removeTrees } from '../files/temp-tree';
import { thrown } from '../files/thrown';

afterEach(removeTrees);

const LET_BE = 'Let nothing change the context while it is sent, or name the file in .dockerignore';

function seen(root: string, path: string): Found {
  return look(root, { text: path, raw: undefined })!;
}

/** All of it, `room` bytes at a time. */
function contentOf(root: string, found: Found, room: number): string {
  const file = new FoundFile(root, found);
  const parts: string[] = [];
  try {
    const buffer = Buffer.alloc(room);
    for (let got = file.read(buffer, 0); got > 0; got = file.read(buffer, 0))
      parts.push(buffer.toString('latin1', 0, got));
  } finally {
    file.close();
  }
  return parts.join('');
}

const failure = (work: () => unknown): Promise<Record<string, unknown>> => thrown(Promise.resolve().then(work));

test.each([1, 3, 9, 10, 11, 64])('a file is read whole, %i bytes at a time', async (room) => {
  const root = await makeTree({ a: '0123456789', empty: '' });
  expect(contentOf(root, seen(root, 'a'), room)).toBe('0123456789');
  expect(contentOf(root, seen(root, 'empty'), room)).toBe('');
});

describe('between the walk and the opening', () => {
  test('a FIFO takes its place: that blocks nothing', async () => {
    const root = await makeTree({ a: 'x' });
    const found = seen(root, 'a');
    await rm(join(root, 'a'));
    execFileSync('mkfifo', [join(root, 'a')]);
    expect(await failure(() => contentOf(root, found, 10))).toEqual({
      code: 'CONTEXT_UNREADABLE',
      hop: 'none',
      blame: 'environment',
      message: 'Context: a was replaced while it was read',
      hint: LET_BE,
    });
  });

  test('a link takes its place, or that of its folder', async () => {
    const elsewhere = await makeTree({ key: 'K' });
    const root = await makeTree({ key: 'x', 'd/key': 'y' });
    const [file, inFolder] = [seen(root, 'key'), seen(root, 'd/key')];
    await rm(join(root, 'key'));
    await symlink(join(elsewhere, 'key'), join(root, 'key'));
    await rename(join(root, 'd'), join(root, 'was-d'));
    await symlink(elsewhere, join(root, 'd'));
    expect(await failure(() => contentOf(root, file, 10))).toMatchObject({
      message: 'Context: key was replaced while it was read',
    });
    expect(await failure(() => contentOf(root, inFolder, 10))).toMatchObject({
      message: 'Context: d/key was replaced while it was read',
    });
  });

  test('a link to where it went takes its place', async () => {
    const root = await makeTree({ a: 'x' });
    const found = seen(root, 'a');
    await rename(join(root, 'a'), join(root, 'b'));
    await symlink('b', join(root, 'a'));
    expect(await failure(() => contentOf(root, found, 10))).toMatchObject({
      message: 'Context: a was replaced while it was read',
    });
  });

  test('another file of the same size takes its place', async () => {
    const root = await makeTree({ a: 'x', b: 'y' });
    const found = seen(root, 'a');
    await rename(join(root, 'b'), join(root, 'a'));
    expect(await failure(() => contentOf(root, found, 10))).toMatchObject({
      message: 'Context: a was replaced while it was read',
    });
  });

  test('a file takes the place of its folder', async () => {
    const root = await makeTree({ 'd/a': 'x' });
    const found = seen(root, 'd/a');
    await rm(join(root, 'd'), { recursive: true });
    await fill(root, { d: '' });
    expect(await failure(() => contentOf(root, found, 10))).toMatchObject({
      message: 'Context: d/a was replaced while it was read',
    });
  });

  test('it vanishes, or changes its size', async () => {
    const root = await makeTree({ a: 'x', b: 'y', c: 'zz' });
    const [gone, longer, shorter] = [seen(root, 'a'), seen(root, 'b'), seen(root, 'c')];
    await rm(join(root, 'a'));
    await appendFile(join(root, 'b'), '!');
    await truncate(join(root, 'c'), 1);
    expect(await failure(() => contentOf(root, gone, 10))).toEqual({
      code: 'CONTEXT_UNREADABLE',
      hop: 'none',
      blame: 'environment',
      message: 'Context: a cannot be read: it vanished while the context was read',
      hint: LET_BE,
    });
    expect(await failure(() => contentOf(root, longer, 10))).toMatchObject({
      message: 'Context: b changed its size while it was read',
    });
    expect(await failure(() => contentOf(root, shorter, 10))).toMatchObject({
      message: 'Context: c changed its size while it was read',
    });
  });
});

test.each([
  ['grows', 3, (path: string) => appendFile(path, '!'), 'changed its size'],
  ['grows, and the reader takes exactly what it had', 5, (path: string) => appendFile(path, '!'), 'changed its size'],
  ['grows, and there is room for more', 100, (path: string) => appendFile(path, '!'), 'changed its size'],
  ['shrinks', 3, (path: string) => truncate(path, 6), 'changed its size'],
])('a file that %s while it is read', async (_how, room, change, told) => {
  const root = await makeTree({ a: '0123456789' });
  const file = new FoundFile(root, seen(root, 'a'));
  const buffer = Buffer.alloc(room);
  file.read(buffer.subarray(0, 5), 0);
  await change(join(root, 'a'));
  const rest = (): void => {
    while (file.read(buffer, 0) > 0);
  };
  expect(await failure(rest)).toMatchObject({ message: `Context: a ${told} while it was read` });
  file.close();
});

test('nothing stays open after an error, and closing twice is fine', async () => {
  const root = await makeTree({ a: 'x' });
  const found = seen(root, 'a');
  await writeFile(join(root, 'a'), 'longer');
  await failure(() => new FoundFile(root, found));
  const open = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  expect(open.filter((path) => path.startsWith(root))).toEqual([]);
  const file = new FoundFile(root, seen(root, 'a'));
  file.close();
  file.close();
});

test('what is neither file, folder nor link is nothing; a link is itself', async () => {
  const root = await makeTree({ pipe: fifo, link: linkTo('pipe') });
  expect(look(root, { text: 'pipe', raw: undefined })).toBeUndefined();
  expect(seen(root, 'link')).toMatchObject({ kind: 'symlink', target: 'pipe', rawTarget: undefined, size: 4 });
});
