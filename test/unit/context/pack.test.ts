import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { packContext, type PackedContext, type PackOptions } from '../../../src/context/pack';
import { asNobody, fifo, folder, hardLinkTo, linkTo, makeTree, mode, removeTrees, type Node } from '../files/temp-tree';
import { thrown } from '../files/thrown';

afterEach(removeTrees);

const FROM = 'FROM scratch\n';

function pack(jobFolder: string, options: Partial<PackOptions> = {}): Promise<PackedContext> {
  return packContext({ jobFolder, context: '.', dockerfile: 'Dockerfile', outputs: [], ...options });
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** What GNU tar makes of it: one line a member, `mode uid/gid size time name`. */
async function listed(job: string, options: Partial<PackOptions> = {}): Promise<readonly string[]> {
  const { stream } = await pack(job, options);
  const text = execFileSync('tar', ['--utc', '--full-time', '--quoting-style=literal', '-tvf', '-'], {
    input: await bytesOf(stream),
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  return text.toString().trimEnd().split('\n').filter(Boolean);
}

async function names(job: string, options: Partial<PackOptions> = {}): Promise<readonly string[]> {
  return (await listed(job, options)).map((line) => line.replace(/^(\S+\s+){5}/, ''));
}

/** Unpacks with GNU tar. */
async function unpacked(packed: PackedContext): Promise<string> {
  const root = await makeTree();
  execFileSync('tar', ['-xpf', '-', '-C', root], { input: await bytesOf(packed.stream) });
  return root;
}

describe('the archive', () => {
  test('has modes, times and links, and belongs to root', async () => {
    const job = await makeTree({
      Dockerfile: FROM,
      'bin/run': mode(0o4755, '#!/bin/sh'),
      'bin/secret': mode(0o600, '12'),
      empty: folder,
      link: linkTo('bin/run'),
    });
    for (const path of ['Dockerfile', 'bin/run', 'bin/secret', 'bin', 'empty']) {
      await utimes(join(job, path), 1700000000.9, 1700000000.9);
    }
    expect((await listed(job)).filter((line) => !line.includes('->'))).toEqual([
      '-rw-r--r-- 0/0              13 2023-11-14 22:13:20 Dockerfile',
      'drwxr-xr-x 0/0               0 2023-11-14 22:13:20 bin/',
      '-rwsr-xr-x 0/0               9 2023-11-14 22:13:20 bin/run',
      '-rw------- 0/0               2 2023-11-14 22:13:20 bin/secret',
      'drwxr-xr-x 0/0               0 2023-11-14 22:13:20 empty/',
    ]);
    expect(await names(job)).toContain('link -> bin/run');
  });

  test('is the same tree again after GNU tar, byte for byte', async () => {
    const long = 'n'.repeat(200);
    const nodes: Record<string, Node> = {
      Dockerfile: FROM,
      'zero-length': '',
      [`${long}/${long}/${long}`]: 'long',
      ['x'.repeat(100)]: '100',
      [`${'y'.repeat(99)}/d`]: '101',
      'ünï/cödé/日本/😀': 'unicode',
      'with\nnewline and "quotes" and \\ backslash': 'odd',
      'long-link': linkTo(`${long}/${long}/é`),
      ...Object.fromEntries([511, 512, 513, 65535, 65536, 65537, 700000].map((size) => [`size-${size}`, bytes(size)])),
    };
    const job = await makeTree(nodes);
    const packed = await pack(job);
    const copy = await unpacked(packed);
    expect(execFileSync('diff', ['-r', '--no-dereference', job, copy]).toString()).toBe('');
    expect((await packed.facts())?.report).toMatchObject({
      files: 15,
      bytes: 13 + 4 + 3 + 3 + 7 + 3 + 511 + 512 + 513 + 65535 + 65536 + 65537 + 700000,
    });
    expect((await packed.facts())?.notes).toEqual([]);
  });

  test('is the same each time', async () => {
    const job = await makeTree({
      Dockerfile: FROM,
      ...Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`d${i % 7}/f${i}`, `${i}`])),
    });
    const hash = async (): Promise<string> =>
      createHash('sha256')
        .update(await bytesOf((await pack(job)).stream))
        .digest('hex');
    expect(await hash()).toBe(await hash());
  });

  test('has two names of one file once', async () => {
    const job = await makeTree({
      Dockerfile: FROM,
      'a/first': bytes(100_000),
      'a/second': hardLinkTo('first'),
      'a/small': 'x',
      'a/tiny': hardLinkTo('small'),
    });
    const packed = await pack(job);
    const copy = await unpacked(packed);
    expect((await packed.facts())?.report).toMatchObject({ files: 5, bytes: 13 + 100_000 + 1 });
    expect(await readFile(join(copy, 'a/second'))).toEqual(await readFile(join(job, 'a/first')));
    expect(await names(job)).toContain('a/second link to a/first');
    expect(await names(job)).toContain('a/tiny link to a/small');
  });

  test('leaves out what is no file, and says so', async () => {
    const job = await makeTree({ Dockerfile: FROM, pipe: fifo });
    const packed = await pack(job);
    await bytesOf(packed.stream);
    expect((await packed.facts())?.notes).toEqual(['left out of the context, being no file, folder or link: pipe']);
  });

  test('leaves out what we write ourselves, also through a folder that is a link', async () => {
    const job = await makeTree({
      'app/Dockerfile': FROM,
      'app/out/ecr-image.json': '{}',
      'app/out/ecr-image.log': '',
      'app/ecr-image.json': '',
      results: linkTo('app/out'),
    });
    const options = {
      context: 'app',
      dockerfile: 'app/Dockerfile',
      outputs: ['results/ecr-image.json', 'results/ecr-image.log'],
    };
    expect(await names(job, options)).toEqual(['Dockerfile', 'ecr-image.json', 'out/']);
  });

  test("may be of a context outside the job's folder, and of one that a link leads to", async () => {
    const context = await makeTree({ Dockerfile: FROM, a: '' });
    const job = await makeTree({ 'real/Dockerfile': FROM, alias: linkTo('real') });
    expect(await names(job, { context, dockerfile: join(context, 'Dockerfile') })).toEqual(['Dockerfile', 'a']);
    expect(await names(job, { context: 'alias', dockerfile: 'alias/Dockerfile' })).toEqual(['Dockerfile']);
  });
});

function bytes(size: number): Buffer {
  return Buffer.alloc(size, 'abcdefghijklmnopqrstuvwxyz\n');
}

describe('the Dockerfile', () => {
  test('in the context is sent where it lies, ignored or not', async () => {
    const job = await makeTree({ 'docker/Dockerfile.prod': FROM, '.dockerignore': '*\n', a: '' });
    const options = { dockerfile: 'docker/Dockerfile.prod' };
    expect((await pack(job, options)).dockerfileInTar).toBe('docker/Dockerfile.prod');
    expect(await names(job, options)).toEqual(['.dockerignore', 'docker/', 'docker/Dockerfile.prod']);
  });

  test('that is a link is sent as what it names', async () => {
    const job = await makeTree({
      'docker/real': FROM,
      Dockerfile: linkTo('docker/real'),
      '.dockerignore': linkTo('docker/ignore'),
      'docker/ignore': '**',
    });
    expect((await pack(job)).dockerfileInTar).toBe('docker/real');
    expect(await names(job)).toEqual(['.dockerignore -> docker/ignore', 'docker/', 'docker/ignore', 'docker/real']);
  });

  describe('outside the context', () => {
    test('goes in under a name of its content, which an added .dockerignore takes out again', async () => {
      const job = await makeTree({ Dockerfile: FROM, 'app/a': '' });
      const packed = await pack(job, { context: 'app' });
      const name = packed.dockerfileInTar;
      expect(name).toMatch(/^\.dockerfile\.[0-9a-f]{20}$/);
      const copy = await unpacked(packed);
      expect((await readdir(copy)).sort()).toEqual([name, '.dockerignore', 'a'].sort());
      expect(await readFile(join(copy, name), 'utf8')).toBe(FROM);
      expect(await readFile(join(copy, '.dockerignore'), 'utf8')).toBe(`.dockerignore\n${name}\n`);
      // Another name would undo the cache of every COPY that sees `.dockerignore`.
      expect((await pack(job, { context: 'app' })).dockerfileInTar).toBe(name);
      await writeFile(join(job, 'app', name), '');
      expect((await pack(job, { context: 'app' })).dockerfileInTar).not.toBe(name);
    });

    test('keeps the .dockerignore that is there, with one more line', async () => {
      const job = await makeTree({
        Dockerfile: FROM,
        'app/.dockerignore': mode(0o640, 'secret\n.dockerignore'),
        'app/a': '',
        'app/secret': '',
      });
      const packed = await pack(job, { context: 'app' });
      const copy = await unpacked(packed);
      expect((await readdir(copy)).sort()).toEqual([packed.dockerfileInTar, '.dockerignore', 'a'].sort());
      expect(await readFile(join(copy, '.dockerignore'), 'utf8')).toBe(
        `secret\n.dockerignore\n${packed.dockerfileInTar}\n`,
      );
      expect(await listed(job, { context: 'app' })).toContainEqual(
        expect.stringMatching(/^-rw-r----- 0\/0 .* \.dockerignore$/),
      );
    });

    test('has its own ignore file beside it', async () => {
      const job = await makeTree({
        'build/Dockerfile': FROM,
        'build/Dockerfile.dockerignore': 'a',
        'app/.dockerignore': 'b',
        'app/a': '',
        'app/b': '',
      });
      const packed = await pack(job, { context: 'app', dockerfile: 'build/Dockerfile' });
      const copy = await unpacked(packed);
      expect((await readdir(copy)).sort()).toEqual([packed.dockerfileInTar, '.dockerignore', 'b'].sort());
      expect(await readFile(join(copy, '.dockerignore'), 'utf8')).toBe(`b\n${packed.dockerfileInTar}\n`);
    });
  });

  test('with an ignore file of its own, which leaves it out, is hidden from COPY all the same', async () => {
    const job = await makeTree({ Dockerfile: FROM, 'Dockerfile.dockerignore': '*\n!a', a: '', '.dockerignore': 'a' });
    const packed = await pack(job);
    const copy = await unpacked(packed);
    expect((await readdir(copy)).sort()).toEqual([packed.dockerfileInTar, '.dockerignore', 'a'].sort());
    expect(await readFile(join(copy, '.dockerignore'), 'utf8')).toBe(`.dockerignore\n${packed.dockerfileInTar}\n`);
  });

  test('with an ignore file of its own, which does not leave it out, is sent where it lies', async () => {
    const job = await makeTree({
      Dockerfile: FROM,
      'Dockerfile.dockerignore': 'a',
      a: '',
      b: '',
      '.dockerignore': 'b',
    });
    expect(await names(job)).toEqual(['.dockerignore', 'Dockerfile', 'Dockerfile.dockerignore', 'b']);
  });
});

describe('an ignore file', () => {
  test('with a mistake in it is named with its line', async () => {
    const job = await makeTree({ 'app/Dockerfile': FROM, 'app/.dockerignore': 'ok\n\nsrc/[a\n' });
    expect(await thrown(pack(job, { context: 'app', dockerfile: 'app/Dockerfile' }))).toEqual({
      code: 'IGNORE_FILE_INVALID',
      hop: 'none',
      blame: 'build',
      message: 'Ignore file "app/.dockerignore" line 3: "src/[a" is no pattern',
      hint: 'A [ needs its ], a ! needs a pattern, and \\ can escape no letter and no digit',
    });
  });

  test('that is a link to a key file is not read', async () => {
    const elsewhere = await makeTree({ key: '[KEY' });
    const job = await makeTree({ Dockerfile: FROM, '.dockerignore': linkTo(join(elsewhere, 'key')) });
    expect(await thrown(pack(job))).toMatchObject({
      code: 'PATH_OUTSIDE',
      message: `Ignore file ".dockerignore" leads through a link to ${elsewhere}/key, outside the job's folder ${job}`,
    });
    const context = await makeTree({ Dockerfile: FROM, '.dockerignore': linkTo(join(elsewhere, 'key')) });
    expect(await thrown(pack(job, { context, dockerfile: join(context, 'Dockerfile') }))).toMatchObject({
      code: 'PATH_OUTSIDE',
      message: `Ignore file "${context}/.dockerignore" leads through a link to ${elsewhere}/key, outside ${context}`,
    });
  });

  test('that is a folder, or dangles, or is too large', async () => {
    const job = await makeTree({ Dockerfile: FROM, '.dockerignore': folder });
    expect(await thrown(pack(job))).toMatchObject({
      message: `Ignore file ".dockerignore" cannot be used: it is a folder, not a file (looked for ${job}/.dockerignore)`,
    });
    await rm(join(job, '.dockerignore'), { recursive: true });
    await symlink('nowhere', join(job, '.dockerignore'));
    expect(await thrown(pack(job))).toMatchObject({
      code: 'IGNORE_FILE_INVALID',
      message: `Ignore file ".dockerignore" cannot be used: it is not there (looked for ${job}/.dockerignore)`,
    });
    await rm(join(job, '.dockerignore'));
    await writeFile(join(job, '.dockerignore'), Buffer.alloc(4 * 1024 * 1024 + 1, '\n'));
    expect(await thrown(pack(job))).toMatchObject({ message: 'Ignore file ".dockerignore" is larger than 4 MiB' });
  });
});

describe('a context that changes while it is sent', () => {
  const hint = 'Let nothing change the context while it is sent, or name the file in .dockerignore';

  /** Changes the context once the first bytes are there, then takes the rest. */
  async function changed(job: string, change: () => Promise<void>): Promise<Record<string, unknown>> {
    const { stream } = await pack(job);
    await once(stream, 'readable');
    await change();
    return thrown(bytesOf(stream));
  }

  test('a file that grows', async () => {
    const job = await makeTree({ Dockerfile: FROM, 'var/log': bytes(8_000_000) });
    const outcome = await changed(job, () => appendFile(join(job, 'var/log'), 'more'));
    expect(outcome).toEqual({
      code: 'CONTEXT_UNREADABLE',
      hop: 'none',
      blame: 'environment',
      message: 'Context: var/log changed its size while it was read',
      hint,
    });
  });

  test('a large file that shrinks while it is being read', async () => {
    const job = await makeTree({ Dockerfile: FROM, big: bytes(8_000_000) });
    const outcome = await changed(job, () => truncate(join(job, 'big'), 10));
    expect(outcome).toMatchObject({ message: 'Context: big changed its size while it was read' });
  });

  test('a file that is replaced by a link to a key', async () => {
    const elsewhere = await makeTree({ key: 'KEY' });
    const job = await makeTree({ Dockerfile: FROM, big: bytes(8_000_000), bigger: bytes(100_000) });
    const outcome = await changed(job, async () => {
      await rm(join(job, 'bigger'));
      await symlink(join(elsewhere, 'key'), join(job, 'bigger'));
    });
    expect(outcome).toMatchObject({ message: 'Context: bigger was replaced while it was read' });
  });

  test('a folder that is replaced by a link to another', async () => {
    const elsewhere = await makeTree({ file: bytes(100_000) });
    const job = await makeTree({ Dockerfile: FROM, big: bytes(8_000_000), 'd/file': bytes(100_000) });
    const { stream } = await pack(job);
    let got = 0;
    // The folder has been seen when `big` is on its way: it was looked at together with it.
    const outcome = await thrown(
      pipeline(stream, async (source: AsyncIterable<Buffer>) => {
        for await (const chunk of source) {
          if ((got += chunk.length) < 2_000_000 || got - chunk.length >= 2_000_000) continue;
          await rename(join(job, 'd'), join(job, 'was-d'));
          await symlink(elsewhere, join(job, 'd'));
        }
      }),
    );
    expect(outcome).toMatchObject({
      code: 'CONTEXT_UNREADABLE',
      message: 'Context: d was replaced while it was read',
    });
  });

  test('a file that may not be read', async () => {
    const job = await makeTree({ Dockerfile: FROM, 'a/secret': 'x', 'a/big': bytes(100_000) });
    for (const name of ['a/secret', 'a/big']) {
      await chmod(join(job, name), 0o000);
      expect(await asNobody(async () => thrown(bytesOf((await pack(job)).stream)))).toEqual({
        code: 'CONTEXT_UNREADABLE',
        hop: 'none',
        blame: 'environment',
        message: `Context: ${name} cannot be read: the agent's user may not (EACCES)`,
        hint: 'Make it readable, or name it in .dockerignore if the image does not need it',
      });
      await chmod(join(job, name), 0o644);
    }
  });
});

describe('a stream that is not taken to its end', () => {
  const openFiles = async (job: string): Promise<number> => {
    const links = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readFdLink(fd)));
    return links.filter((link) => link.startsWith(job)).length;
  };
  const readFdLink = async (fd: string): Promise<string> => {
    const { readlink } = await import('node:fs/promises');
    return readlink(`/proc/self/fd/${fd}`).catch(() => '');
  };
  const settled = async (job: string): Promise<number> => {
    for (let i = 0; i < 100 && (await openFiles(job)) > 0; i++) await new Promise((done) => setTimeout(done, 10));
    return openFiles(job);
  };

  test.each([
    ['in a large file', { big: bytes(8_000_000) }],
    ['among small files', Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, bytes(5_000)]))],
  ])('closes its files: %s', async (_where, nodes: Record<string, Node>) => {
    const job = await makeTree({ Dockerfile: FROM, ...nodes });
    const { stream } = await pack(job);
    await once(stream, 'readable');
    stream.destroy();
    await once(stream, 'close');
    expect(await settled(job)).toBe(0);
  });

  test('ends with the signal', async () => {
    const job = await makeTree({ Dockerfile: FROM, big: bytes(8_000_000) });
    const controller = new AbortController();
    const { stream } = await pack(job, { signal: controller.signal });
    const end = bytesOf(stream).then(
      () => 'whole',
      (error: unknown) => (error as Error).name,
    );
    await once(stream, 'readable');
    controller.abort('signal');
    expect(await end).toBe('AbortError');
    expect(await settled(job)).toBe(0);
  });

  test('reads no further than somebody asks', async () => {
    const job = await makeTree({
      Dockerfile: FROM,
      ...Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${String(i).padStart(2, '0')}`, bytes(1_000_000)])),
    });
    const { stream } = await pack(job);
    await once(stream, 'readable');
    await new Promise((done) => setTimeout(done, 100));
    expect(stream.readableLength).toBeLessThan(2_000_000);
    stream.destroy();
  });
});

test('a context that is not there', async () => {
  const job = await makeTree();
  await mkdir(join(job, 'app'));
  expect(await thrown(pack(job, { context: 'ap' }))).toMatchObject({ code: 'CONTEXT_MISSING' });
  expect(await thrown(pack(job, { context: 'app' }))).toMatchObject({ code: 'DOCKERFILE_MISSING' });
});
