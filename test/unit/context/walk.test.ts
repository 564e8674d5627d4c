import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseIgnoreFile } from '../../../src/context/ignore-file';
import { compilePattern } from '../../../src/context/pattern';
import { PatternMatcher } from '../../../src/context/pattern-matcher';
import { walkSync, type Found } from '../../../src/context/walk';
import { asNobody, fifo, folder, linkTo, makeTree, mode, removeTrees, type Node } from '../files/temp-tree';
import { thrown } from '../files/thrown';

afterEach(removeTrees);

interface Walked {
  readonly paths: readonly string[];
  readonly notes: readonly string[];
}

async function walked(root: string, ignore = '', sets: { always?: string[]; never?: string[] } = {}): Promise<Walked> {
  const notes: string[] = [];
  const paths: string[] = [];
  for (const found of walkOf(root, ignore, sets, notes)) paths.push(show(found));
  return { paths, notes };
}

function walkOf(
  root: string,
  ignore: string,
  { always = [], never = [] }: { always?: string[]; never?: string[] },
  notes: string[],
): Generator<Found> {
  const matcher = new PatternMatcher(parseIgnoreFile(ignore).map(({ pattern }) => compilePattern(pattern)!));
  return walkSync({ root, matcher, always: new Set(always), never: new Set(never), note: (text) => notes.push(text) });
}

function show({ path, kind, target }: Found): string {
  return kind === 'folder' ? `${path}/` : kind === 'symlink' ? `${path} -> ${target!}` : path;
}

async function pathsOf(nodes: Record<string, Node>, ignore = '', sets = {}): Promise<readonly string[]> {
  return (await walked(await makeTree(nodes), ignore, sets)).paths;
}

test('folders come before what is in them, names in byte order, empty folders too', async () => {
  const nodes = {
    'b/x': '',
    'b/empty': folder,
    'a.txt': '',
    'a/z': '',
    'a-b': '',
    B: '',
    é: '',
    '\u{1f600}': '',
    '\uff00': '',
  };
  const inBytes = ['B', 'a/', 'a/z', 'a-b', 'a.txt', 'b/', 'b/empty/', 'b/x', 'é', '\uff00', '\u{1f600}'];
  expect(await pathsOf(nodes)).toEqual(inBytes);
});

test('a folder with more names than are looked at together is whole and in order', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `f${String(index).padStart(3, '0')}`);
  expect(await pathsOf(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(names);
});

test('links are links, wherever they lead, and are never walked into', async () => {
  const elsewhere = await makeTree({ key: 'KEY' });
  const nodes = { dangling: linkTo('no/where'), up: linkTo('..'), out: linkTo(elsewhere), loop: linkTo('loop') };
  expect(await pathsOf(nodes)).toEqual(['dangling -> no/where', 'loop -> loop', `out -> ${elsewhere}`, 'up -> ..']);
});

describe('what is ignored', () => {
  const nodes = {
    'docs/README.md': '',
    'docs/api/README.md': '',
    'docs/api/x': '',
    'src/a.ts': '',
    'src/a.log': '',
    '.git/HEAD': '',
  };

  test('goes with all that is in it', async () => {
    expect(await pathsOf(nodes, 'docs\n.git\n**/*.log')).toEqual(['src/', 'src/a.ts']);
  });

  test('is walked where a later ! reaches into it; its folders go along with what is kept in them', async () => {
    expect(await pathsOf(nodes, 'docs\n!docs/README.md')).toEqual([
      '.git/',
      '.git/HEAD',
      'docs/',
      'docs/README.md',
      'src/',
      'src/a.log',
      'src/a.ts',
    ]);
    expect(await pathsOf(nodes, '*\n!**/api/README.md')).toEqual(['docs/', 'docs/api/', 'docs/api/README.md']);
  });

  test('leaves no empty folder behind', async () => {
    expect(await pathsOf(nodes, '*\n!**/nothing')).toEqual([]);
    expect(await pathsOf(nodes, '**/*\n!src/*.log\n!docs/z/y')).toEqual(['src/', 'src/a.log']);
  });

  test('is not even read', async () => {
    const root = await makeTree({ 'closed/x': '', 'open/x': '', secret: mode(0o000) });
    const { chmod } = await import('node:fs/promises');
    await chmod(join(root, 'closed'), 0o000);
    expect(await asNobody(() => walked(root, 'closed\nsecret'))).toEqual({ paths: ['open/', 'open/x'], notes: [] });
  });
});

test('what must be sent is sent although it is ignored; what is ours is not, although it is not', async () => {
  const nodes = {
    'docker/Dockerfile': '',
    'docker/x': '',
    '.dockerignore': '',
    a: '',
    'out/ecr-image.json': '',
    'out/x': '',
  };
  expect(await pathsOf(nodes, '*', { always: ['docker/Dockerfile', '.dockerignore'] })).toEqual([
    '.dockerignore',
    'docker/',
    'docker/Dockerfile',
  ]);
  expect(await pathsOf(nodes, 'docker\n.*', { never: ['out/ecr-image.json', 'a'] })).toEqual(['out/', 'out/x']);
});

test('a FIFO is left out and told', async () => {
  const root = await makeTree({ a: '', 'run/pipe': fifo });
  expect(await walked(root)).toEqual({
    paths: ['a', 'run/'],
    notes: ['left out of the context, being no file, folder or link: run/pipe'],
  });
  expect((await walked(root, 'run')).notes).toEqual([]);
});

describe('what cannot be read is named', () => {
  const all = (root: string): Promise<unknown> => walked(root);

  test('a folder without permission', async () => {
    const root = await makeTree({ 'a/closed/x': '' });
    const { chmod } = await import('node:fs/promises');
    await chmod(join(root, 'a/closed'), 0o000);
    expect(await asNobody(() => thrown(all(root)))).toEqual({
      code: 'CONTEXT_UNREADABLE',
      hop: 'none',
      blame: 'environment',
      message: "Context: a/closed cannot be read: the agent's user may not (EACCES)",
      hint: 'Make it readable, or name it in .dockerignore if the image does not need it',
    });
  });

  test('a folder that vanishes', async () => {
    const root = await makeTree({ a: '', 'b/c': '' });
    const generator = walkOf(root, '', {}, []);
    generator.next();
    generator.next();
    await rm(join(root, 'b'), { recursive: true });
    expect(await thrown(Promise.resolve().then(() => generator.next()))).toEqual({
      code: 'CONTEXT_UNREADABLE',
      hop: 'none',
      blame: 'environment',
      message: 'Context: b cannot be read: it vanished while the context was read',
      hint: 'Let nothing change the context while it is sent, or name the file in .dockerignore',
    });
  });
});

test('a name that is no UTF-8 is given out as its bytes, and ignored by one ? for each of them', async () => {
  const root = await makeTree({ a: '' });
  const bytes = Buffer.from('caf\xe9/\xe6\x97', 'latin1');
  await mkdir(Buffer.concat([Buffer.from(`${root}/`), bytes.subarray(0, 4)]));
  await writeFile(Buffer.concat([Buffer.from(`${root}/`), bytes]), '');
  const found = [...walkOf(root, '', {}, [])];
  expect(found.map(({ path, rawPath }) => [path, rawPath])).toEqual([
    ['a', undefined],
    ['caf\ufffd', bytes.subarray(0, 4)],
    ['caf\ufffd/\ufffd\ufffd', bytes],
  ]);
  expect((await walked(root, 'caf?')).paths).toEqual(['a']);
  expect((await walked(root, 'caf?/??')).paths).toEqual(['a', 'caf\ufffd/']);
});

describe('what changes while it is walked', () => {
  const step = (generator: Generator<Found>): Promise<Found> =>
    Promise.resolve().then(() => generator.next().value as Found);

  test('a folder that becomes a link shows nothing of where it leads', async () => {
    const elsewhere = await makeTree({ key: 'KEY' });
    const root = await makeTree({ 'd/key': '' });
    const generator = walkOf(root, '', {}, []);
    expect(await step(generator)).toMatchObject({ path: 'd', kind: 'folder' });
    await rename(join(root, 'd'), join(root, 'was-d'));
    await symlink(elsewhere, join(root, 'd'));
    expect(await thrown(step(generator))).toEqual({
      code: 'CONTEXT_UNREADABLE',
      hop: 'none',
      blame: 'environment',
      message: 'Context: d was replaced while it was read',
      hint: 'Let nothing change the context while it is sent, or name the file in .dockerignore',
    });
  });

  test('a folder that another takes the place of', async () => {
    const root = await makeTree({ 'd/a': '', 'e/a': '' });
    const generator = walkOf(root, '', {}, []);
    await step(generator);
    await rename(join(root, 'd'), join(root, 'f'));
    await rename(join(root, 'e'), join(root, 'd'));
    expect(await thrown(step(generator))).toMatchObject({ message: 'Context: d was replaced while it was read' });
  });

  test('a folder that becomes a link when half of it has been given out', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `f${String(index).padStart(3, '0')}`);
    const nodes = Object.fromEntries(names.map((name) => [name, '']));
    const elsewhere = await makeTree(nodes);
    const root = await makeTree(Object.fromEntries(names.map((name) => [`d/${name}`, ''])));
    const generator = walkOf(root, '', {}, []);
    for (let given = 0; given < 200; given++) await step(generator);
    await rename(join(root, 'd'), join(root, 'was-d'));
    await symlink(elsewhere, join(root, 'd'));
    const rest = async (): Promise<void> => {
      while ((await step(generator)) as Found | undefined);
    };
    expect(await thrown(rest())).toMatchObject({ message: 'Context: d was replaced while it was read' });
  });

  test('a file that vanishes before its turn is named', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `f${String(index).padStart(3, '0')}`);
    const root = await makeTree(Object.fromEntries(names.map((name) => [name, ''])));
    const generator = walkOf(root, '', {}, []);
    await step(generator);
    await rm(join(root, 'f299'));
    const rest = async (): Promise<void> => {
      while ((await step(generator)) as Found | undefined);
    };
    expect(await thrown(rest())).toMatchObject({
      message: 'Context: f299 cannot be read: it vanished while the context was read',
    });
  });

  test('a file that becomes a folder, or a FIFO, is what it is when it is looked at', async () => {
    const root = await makeTree({ 'a/x': '', 'b/y': '', 'b/z': '' });
    const generator = walkOf(root, '', {}, []);
    await step(generator);
    await rm(join(root, 'b/y'));
    await mkdir(join(root, 'b/y'));
    const rest = [...generator].map(show);
    expect(rest).toEqual(['a/x', 'b/', 'b/y/', 'b/z']);
  });
});

test('what it tells of a file is exact', async () => {
  const root = await makeTree({ a: '12345' });
  const { execFileSync } = await import('node:child_process');
  execFileSync('touch', ['-d', '@1700000000.123456789', join(root, 'a')]);
  const [found] = walkOf(root, '', {}, []);
  const [ino, uid, links] = execFileSync('stat', ['-c', '%i %u %h', join(root, 'a')])
    .toString()
    .trim()
    .split(' ');
  expect(found).toMatchObject({
    kind: 'file',
    size: 5,
    mtimeNs: 1_700_000_000_123_456_789n,
    ino: BigInt(ino!),
    uid: Number(uid),
    nlink: Number(links),
    mode: 0o100644,
  });
});
