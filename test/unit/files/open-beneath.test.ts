import { execFileSync } from 'node:child_process';
import { renameSync, symlinkSync } from 'node:fs';
import { chmod, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StepError } from '../../../src/domain/errors';
import { openBeneath, openNoFollow, readAtMost, readBeneath } from '../../../src/files/open-beneath';
import { useFolders } from './job-folder';
import { asNobody } from './temp-tree';
import { thrown } from './thrown';

const folders = useFolders();
const options = { absolute: 'allowed', what: 'Dockerfile' } as const;
const read = (path: string, maxBytes = 1000): Promise<string> =>
  readBeneath(folders.job, path, { ...options, maxBytes }).then(String);

test('a file is opened by its real path, through links that stay inside', async () => {
  const real = await folders.put('job/docker/Dockerfile', 'FROM a');
  await symlink('docker', join(folders.job, 'link'));
  const { handle, path, stats } = await openBeneath(folders.job, 'link/Dockerfile', options);
  try {
    expect([path, stats.size, String(await handle.readFile())]).toEqual([real, 6, 'FROM a']);
  } finally {
    await handle.close();
  }
});

test('a link to a key outside is refused before it is opened', async () => {
  const key = await folders.put('outside/id_rsa', 'secret');
  await symlink(key, join(folders.job, 'Dockerfile'));
  expect(await thrown(read('Dockerfile'))).toEqual({
    code: 'PATH_OUTSIDE',
    hop: 'none',
    blame: 'config',
    message: `Dockerfile "Dockerfile" leads through a link to ${key}, outside the job's folder ${folders.job}`,
    hint: "Name a path inside the job's folder in Dockerfile",
  });
});

test('what is no file is refused, and a FIFO waits for nobody', async () => {
  await mkdir(join(folders.job, 'folder'));
  execFileSync('mkfifo', [join(folders.job, 'fifo')]);
  const message = (path: string, why: string): string =>
    `Dockerfile "${path}" cannot be used: ${why} (looked for ${join(folders.job, path)})`;
  expect(await thrown(read('folder'))).toMatchObject({ message: message('folder', 'it is a folder, not a file') });
  const fifo = message('fifo', 'it is neither a file nor a folder, not a file');
  expect(await thrown(read('fifo'))).toMatchObject({ message: fifo });
  const handle = await openNoFollow(join(folders.job, 'fifo'));
  await handle.close();
});

test('the last link of a path is never followed', async () => {
  await folders.put('job/file');
  await symlink('file', join(folders.job, 'link'));
  await expect(openNoFollow(join(folders.job, 'link'))).rejects.toMatchObject({ code: 'ELOOP' });
});

test("a file that the agent's user may not read", async () => {
  const file = await folders.put('job/Dockerfile', 'FROM a');
  await chmod(file, 0);
  expect(await asNobody(() => thrown(read('Dockerfile')))).toEqual({
    code: 'CONFIG_INVALID',
    hop: 'none',
    blame: 'config',
    message: `Dockerfile "Dockerfile" cannot be used: the agent's user may not read it (EACCES) (looked for ${file})`,
    hint: undefined,
  });
});

describe('a limit', () => {
  test('is the last size that is read', async () => {
    await folders.put('job/Dockerfile', 'x'.repeat(1000));
    expect(await read('Dockerfile', 1000)).toHaveLength(1000);
    expect(await thrown(read('Dockerfile', 999))).toEqual({
      code: 'CONFIG_INVALID',
      hop: 'none',
      blame: 'config',
      message: 'Dockerfile "Dockerfile" is larger than 999 bytes',
      hint: undefined,
    });
  });

  test('has the words that the caller gives', async () => {
    await folders.put('job/Dockerfile', 'xx');
    const tooLarge = (): StepError => new StepError('DOCKERFILE_INVALID', 'none', 'build', 'too much');
    const refusal = thrown(readBeneath(folders.job, 'Dockerfile', { ...options, maxBytes: 1, tooLarge }));
    expect(await refusal).toMatchObject({ code: 'DOCKERFILE_INVALID', message: 'too much' });
  });

  test('holds whatever size a file claims', async () => {
    const handle = await openNoFollow('/proc/self/maps'); // claims 0 bytes
    try {
      expect((await handle.stat()).size).toBe(0);
      expect(await readAtMost(handle, 100)).toBeUndefined();
    } finally {
      await handle.close();
    }
  });
});

// The swap is moved through the whole opening, turn by turn of the event loop.
test('a file that becomes a link meanwhile never gives away what the link names', async () => {
  const secret = await folders.put('outside/secret', 'secret');
  const replaced = `Dockerfile "Dockerfile" was replaced while it was being opened`;
  const leads = `Dockerfile "Dockerfile" leads through a link to ${secret}, outside the job's folder ${folders.job}`;
  const seen = new Map<string, number>();
  for (let round = 0; round < 3000 && !(seen.has(replaced) && seen.has(leads) && seen.has('mine')); round++) {
    await folders.put('job/next', 'mine');
    renameSync(join(folders.job, 'next'), join(folders.job, 'Dockerfile'));
    symlinkSync(secret, join(folders.job, 'link'));
    const outcome = read('Dockerfile').catch((error: unknown) => (error as Error).message);
    for (let turns = round % 40; turns > 0; turns--) await nextTurn();
    renameSync(join(folders.job, 'link'), join(folders.job, 'Dockerfile'));
    const text = await outcome;
    seen.set(text, (seen.get(text) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual([leads, replaced, 'mine'].sort());
});

test('what was opened is closed when it is refused', async () => {
  await folders.put('job/Dockerfile', 'xx');
  const open = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
  const before = await open();
  for (let i = 0; i < 20; i++) await thrown(read('Dockerfile', 1));
  expect(await open()).toBeLessThan(before + 10);
});
