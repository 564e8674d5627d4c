import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MOST_SECRET_BYTES } from '../../../src/domain/plan';
import { readSecretFile } from '../../../src/files/secret-file';
import { useFolders } from './job-folder';
import { thrown } from './thrown';

const folders = useFolders();
const read = (path: string): Promise<Buffer> => readSecretFile(folders.job, { id: 'npmrc', path });

test('the bytes of a file as they are, through links that stay inside, up to the most that BuildKit takes', async () => {
  await folders.put('job/conf/.npmrc', 'token=\u00e9\n');
  await symlink('conf', join(folders.job, 'link'));
  expect(await read('link/.npmrc')).toEqual(Buffer.from('token=\u00e9\n'));
  await folders.put('job/empty');
  expect(await read('empty')).toHaveLength(0);
  await folders.put('job/large', 'x'.repeat(MOST_SECRET_BYTES));
  expect(await read('large')).toHaveLength(512_000);
});

test('a file elsewhere by its absolute path', async () => {
  const path = await folders.put('outside/npmrc', 'token');
  expect(String(await read(path))).toBe('token');
});

test('a file that is not there, or is none', async () => {
  const missing = (path: string, why: string): object => ({
    code: 'SECRET_MISSING',
    hop: 'none',
    blame: 'config',
    message: `Secrets (npmrc) "${path}" cannot be used: ${why} (looked for ${join(folders.job, path)})`,
    hint: "src is relative to the task's working directory; a material or an earlier task must put the file there",
  });
  expect(await thrown(read('.npmrc'))).toEqual(missing('.npmrc', 'it is not there'));
  await mkdir(join(folders.job, 'folder'));
  expect(await thrown(read('folder'))).toEqual(missing('folder', 'it is a folder, not a file'));
  execFileSync('mkfifo', [join(folders.job, 'fifo')]);
  expect(await thrown(read('fifo'))).toEqual(missing('fifo', 'it is neither a file nor a folder, not a file'));
});

test('a file that is larger than BuildKit takes', async () => {
  await folders.put('job/large', 'x'.repeat(MOST_SECRET_BYTES + 1));
  expect(await thrown(read('large'))).toEqual({
    code: 'SECRET_MISSING',
    hop: 'none',
    blame: 'config',
    message: 'Secrets (npmrc) "large" has more than 512000 bytes, the most that BuildKit takes',
    hint: 'Fetch a larger file in a step, with a token as the secret',
  });
});

test('a link that a repository ships does not reach the files of the agent', async () => {
  const key = await folders.put('outside/id_rsa', 'key');
  await symlink(key, join(folders.job, '.npmrc'));
  await symlink(folders.outside, join(folders.job, 'dir'));
  const outside = (path: string): object => ({
    code: 'PATH_OUTSIDE',
    hop: 'none',
    blame: 'config',
    message: `Secrets (npmrc) "${path}" leads through a link to ${key}, outside the job's folder ${folders.job}`,
    hint: "Name a path inside the job's folder in Secrets (npmrc)",
  });
  expect(await thrown(read('.npmrc'))).toEqual(outside('.npmrc'));
  expect(await thrown(read('dir/id_rsa'))).toEqual(outside('dir/id_rsa'));
  const absolute = join(folders.job, '.npmrc');
  expect(await thrown(read(absolute))).toEqual(outside(absolute));
});
