import { closeSync, lstatSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { lstat, readFile, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isOwnLog, openRawLog } from '../../../src/files/raw-log';
import { useFolders } from './job-folder';
import { thrown } from './thrown';

const folders = useFolders();
const MIB = 1024 * 1024;

/** The descriptor by which this process writes to a file. */
function descriptorOf(path: string): number {
  const found = readdirSync('/proc/self/fd').find((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false; // the listing's own
    }
  });
  return Number(found);
}

test('it is in its place from the start, for its owner only, and holds the lines in order', async () => {
  const log = await openRawLog(folders.job, 'out/ecr-image.log');
  expect(log.path).toBe(join(folders.job, 'out/ecr-image.log'));
  expect((await lstat(log.path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folders.job, 'out'))).toEqual(['ecr-image.log']);
  log.write('one');
  log.write('zwei ü');
  await nextTurn();
  await nextTurn();
  // On the disk although nobody has closed it: a killed host leaves what it had.
  expect(readFileSync(log.path, 'utf8')).toBe('one\nzwei ü\n');
  log.write('three');
  await log.close();
  expect(readFileSync(log.path, 'utf8')).toBe('one\nzwei ü\nthree\n');
  expect(log.trouble()).toBeUndefined();
});

test('a burst goes to the disk, not into memory', async () => {
  const log = await openRawLog(folders.job, 'ecr-image.log');
  const line = 'x'.repeat(1023);
  for (let i = 0; i < 300; i++) log.write(line);
  expect(lstatSync(log.path).size).toBe(256 * 1024);
  await log.close();
  expect((await lstat(log.path)).size).toBe(300 * 1024);
});

test('a link that the repository ships is replaced, and what it names stays as it is', async () => {
  const keys = await folders.put('outside/authorized_keys', 'ours');
  await symlink(keys, join(folders.job, 'ecr-image.log'));
  const log = await openRawLog(folders.job, 'ecr-image.log');
  log.write('ssh-ed25519 theirs');
  await log.close();
  expect(await readFile(keys, 'utf8')).toBe('ours');
  expect((await lstat(log.path)).isFile()).toBe(true);
});

test('a folder link that leads out', async () => {
  await symlink(folders.outside, join(folders.job, 'out'));
  expect(await thrown(openRawLog(folders.job, 'out/ecr-image.log'))).toMatchObject({ code: 'PATH_OUTSIDE' });
  expect(await readdir(folders.outside)).toEqual([]);
});

test('a folder in its place is told, and nothing is left open or lying about', async () => {
  await folders.put('job/ecr-image.log/kept');
  const before = readdirSync('/proc/self/fd').length;
  expect(await thrown(openRawLog(folders.job, 'ecr-image.log'))).toEqual({
    code: 'RESULT_FILE',
    hop: 'none',
    blame: 'environment',
    message: `The output ${join(folders.job, 'ecr-image.log')} cannot be written (EISDIR)`,
    hint: "Let the agent's user write to that folder, or name another place in field ResultFile",
  });
  expect(await readdir(folders.job)).toEqual(['ecr-image.log']);
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
});

test('it is known as ours while it is open, and no other file is', async () => {
  const log = await openRawLog(folders.job, 'ecr-image.log');
  const stats = await lstat(log.path);
  const other = await lstat(await folders.put('job/other.log'));
  const known = [isOwnLog(stats), isOwnLog(other)];
  await log.close();
  expect([...known, isOwnLog(stats)]).toEqual([true, false, false]);
});

test('at its limit it is cut, and says so in the file and to the caller', async () => {
  const log = await openRawLog(folders.job, 'ecr-image.log', MIB);
  log.write('a'.repeat(MIB - 1));
  log.write('b');
  log.write('c');
  await log.close();
  expect(readFileSync(log.path, 'utf8').slice(MIB)).toBe('(the log is cut here: it has reached its limit of 1 MiB)\n');
  expect(log.trouble()).toBe('the raw log is cut at its limit of 1 MiB');
});

test('a full disk fails nothing, and is told', async () => {
  const log = await openRawLog(folders.job, 'ecr-image.log');
  const descriptor = descriptorOf(log.path);
  closeSync(descriptor);
  expect(openSync('/dev/full', 'w')).toBe(descriptor); // the lowest free one: the log now writes there
  log.write('one');
  await nextTurn();
  await nextTurn();
  log.write('two');
  await log.close();
  expect(log.trouble()).toBe('the raw log could not be written any further (ENOSPC)');
});

test('closed is closed', async () => {
  const log = await openRawLog(folders.job, 'ecr-image.log');
  await log.close();
  log.write('late');
  await log.close();
  expect(readFileSync(log.path, 'utf8')).toBe('');
});
