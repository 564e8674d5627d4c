import { chmod, lstat, mkdir, readFile, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createHidden, outputNames, outputPath, removeOutput, writeOutput } from '../../../src/files/output';
import { useFolders } from './job-folder';
import { asNobody } from './temp-tree';
import { thrown } from './thrown';

const folders = useFolders();
const unwritable = (target: string, what: string): object => ({
  code: 'RESULT_FILE',
  hop: 'none',
  blame: 'environment',
  message: `The output ${target} ${what}`,
  hint: "Let the agent's user write to that folder, or name another place in field ResultFile",
});

test('the four outputs have one stem', () => {
  expect(outputNames('out/cart.json')).toEqual({
    result: 'out/cart.json',
    env: 'out/cart.env',
    log: 'out/cart.log',
    failed: 'out/cart.failed.json',
  });
});

describe('where an output lies', () => {
  test('folders on the way are made, links inside the job folder are taken', async () => {
    await mkdir(join(folders.job, 'real'));
    await symlink('real', join(folders.job, 'link'));
    expect(await outputPath(folders.job, 'link/a/b/x.json')).toBe(join(folders.job, 'real/a/b/x.json'));
    expect((await lstat(join(folders.job, 'real/a/b'))).isDirectory()).toBe(true);
  });

  test.each(['../x.json', '.', 'a/../../x.json', '/etc/x.json', ''])('%j is refused', async (path) => {
    expect(await thrown(outputPath(folders.job, path))).toEqual({
      code: 'PATH_OUTSIDE',
      hop: 'none',
      blame: 'config',
      message: `ResultFile: "${path}" lies outside the job's folder ${folders.job}`,
      hint: "Name a path inside the job's folder in ResultFile",
    });
  });

  test('a link that leads out is refused, and no folder is made behind it', async () => {
    await symlink(folders.outside, join(folders.job, 'out'));
    for (const path of ['out/x.json', 'out/new/x.json']) {
      expect(await thrown(outputPath(folders.job, path))).toEqual({
        code: 'PATH_OUTSIDE',
        hop: 'none',
        blame: 'config',
        message: `ResultFile: "${path}" leads through a link to ${folders.outside}, outside the job's folder ${folders.job}`,
        hint: "Name a path inside the job's folder in ResultFile",
      });
    }
    expect(await readdir(folders.outside)).toEqual([]);
  });

  test('a link that leads nowhere gets no folder either', async () => {
    await symlink(join(folders.outside, 'new'), join(folders.job, 'out'));
    const refusal = await thrown(outputPath(folders.job, 'out/x.json'));
    expect(refusal).toEqual(unwritable('out/x.json', 'cannot be written (ENOENT)'));
    expect(await readdir(folders.outside)).toEqual([]);
  });

  test('a file where a folder must be', async () => {
    await folders.put('job/out');
    const refusal = await thrown(outputPath(folders.job, 'out/x.json'));
    expect(refusal).toEqual(unwritable('out/x.json', 'cannot be written (EEXIST)'));
  });
});

describe('writing', () => {
  test('leaves one file that only its owner may read', async () => {
    const target = join(folders.job, 'x.json');
    await writeOutput(target, '{}\n');
    expect(await readFile(target, 'utf8')).toBe('{}\n');
    expect((await lstat(target)).mode & 0o777).toBe(0o600);
    expect(await readdir(folders.job)).toEqual(['x.json']);
  });

  test('replaces a link, and leaves alone what it names', async () => {
    const keys = await folders.put('outside/authorized_keys', 'ours');
    const target = join(folders.job, 'x.json');
    await symlink(keys, target);
    await writeOutput(target, '{}\n');
    expect((await lstat(target)).isFile()).toBe(true);
    expect(await readFile(keys, 'utf8')).toBe('ours');
  });

  test('has a name meanwhile that nobody can have laid out before', async () => {
    const target = join(folders.job, 'x.json');
    const hidden = await Promise.all([createHidden(target), createHidden(target)]);
    const names = await readdir(folders.job);
    for (const { handle } of hidden) await handle.close();
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toMatch(/^\.x\.json\.[0-9a-f]{16}$/);
  });

  test('a folder in the place of the file: told, and nothing is left', async () => {
    const target = join(folders.job, 'x.json');
    await folders.put('job/x.json/kept');
    expect(await thrown(writeOutput(target, '{}'))).toEqual(unwritable(target, 'cannot be written (EISDIR)'));
    expect(await readdir(folders.job)).toEqual(['x.json']);
  });

  test('a folder that the agent may not write to', async () => {
    const target = join(folders.job, 'x.json');
    await chmod(folders.job, 0o555);
    const refusal = await asNobody(() => thrown(writeOutput(target, '{}')));
    await chmod(folders.job, 0o755);
    expect(refusal).toEqual(unwritable(target, 'cannot be written (EACCES)'));
  });
});

describe('removing', () => {
  test('files, empty folders and links, but never what a link names', async () => {
    await folders.put('job/file');
    await mkdir(join(folders.job, 'folder'));
    const keys = await folders.put('outside/keys', 'ours');
    await symlink(keys, join(folders.job, 'link'));
    await symlink(folders.outside, join(folders.job, 'folder-link'));
    for (const name of ['file', 'folder', 'link', 'folder-link']) {
      expect(await removeOutput(join(folders.job, name))).toBe(true);
    }
    expect(await readdir(folders.job)).toEqual([]);
    expect(await readFile(keys, 'utf8')).toBe('ours');
  });

  test('what is not there is not there', async () => {
    expect(await removeOutput(join(folders.job, 'x.json'))).toBe(false);
  });

  test('a folder with something in it is nobody’s output', async () => {
    const target = join(folders.job, 'x.json');
    await folders.put('job/x.json/kept', 'kept');
    await symlink('x', join(target, 'link'));
    expect(await thrown(removeOutput(target))).toEqual(unwritable(target, 'cannot be removed (ENOTEMPTY)'));
    expect(await readlink(join(target, 'link'))).toBe('x');
  });
});
