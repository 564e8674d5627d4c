import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readSettingsFile } from '../../../src/files/settings-file';
import { useFolders } from './job-folder';
import { asNobody } from './temp-tree';
import { thrown } from './thrown';

const folders = useFolders();
const KEY = 'daemon.ci.key=-----BEGIN RSA PRIVATE KEY-----\n';
const me = process.geteuid?.() ?? 0;

async function settings(content = 'daemon.ci=tcp://ci:2376\n', mode = 0o644): Promise<string> {
  const path = await folders.put('outside/ecr.properties', content);
  await chmod(path, mode);
  return path;
}

function refused(path: string, why: string, hint: string): object {
  const message = `The agent's settings file ${path} (agent environment GOCD_ECR_SETTINGS) ${why}`;
  return { code: 'CONFIG_INVALID', hop: 'none', blame: 'environment', message, hint };
}

test("root's file or the agent's own is read", async () => {
  const path = await settings();
  expect(await readSettingsFile(path, folders.job)).toBe('daemon.ci=tcp://ci:2376\n');
  expect(await readSettingsFile(path, folders.job, { uid: me })).toBe('daemon.ci=tcp://ci:2376\n');
});

test('the links of a mounted secret are followed', async () => {
  const path = await settings(KEY, 0o440);
  await mkdir(join(folders.outside, '..data'));
  const mounted = join(folders.outside, 'mounted.properties');
  await symlink(path, mounted);
  expect(await readSettingsFile(mounted, folders.job)).toBe(KEY);
});

test('a relative path', async () => {
  const refusal = await thrown(readSettingsFile('ecr.properties', folders.job));
  const hint = 'Name it from the root in GOCD_ECR_SETTINGS';
  expect(refusal).toEqual(refused('ecr.properties', 'is not an absolute path', hint));
});

test('a file that is not there', async () => {
  const path = join(folders.outside, 'nope');
  const hint = 'Create it, or remove GOCD_ECR_SETTINGS from the environment of the agent';
  expect(await thrown(readSettingsFile(path, folders.job))).toEqual(refused(path, 'cannot be found (ENOENT)', hint));
});

test("a file in the job's folder, by name or through a link either way", async () => {
  const inside = await folders.put('job/ecr.properties');
  const outward = join(folders.job, 'outward');
  await symlink(await settings(), outward);
  const inward = join(folders.outside, 'inward');
  await symlink(inside, inward);
  for (const path of [inside, outward, inward]) {
    expect(await thrown(readSettingsFile(path, folders.job))).toEqual(
      refused(path, `lies in the job's folder ${folders.job}, where every job can write it`, 'Move it out of there'),
    );
  }
});

test('a file that the agent may not read', async () => {
  const path = await settings('x=y\n', 0);
  expect(await asNobody(() => thrown(readSettingsFile(path, folders.job)))).toEqual(
    refused(path, 'cannot be read (EACCES)', `Make ${path} readable for the agent's user`),
  );
});

test('a folder, and a FIFO that nobody writes to', async () => {
  const fifo = join(folders.outside, 'fifo');
  execFileSync('mkfifo', [fifo]);
  for (const path of [folders.outside, fifo]) {
    const expected = refused(path, 'is not a file', 'Name a file in GOCD_ECR_SETTINGS');
    expect(await thrown(readSettingsFile(path, folders.job))).toEqual(expected);
  }
});

test('a file of somebody else', async () => {
  const path = await settings();
  const owner = me === 0 ? 23456 : me;
  if (me === 0) await chown(path, owner, owner);
  const refusal = thrown(readSettingsFile(path, folders.job, { uid: owner + 1 }));
  const why = `is owned by user ${owner}, not by root or the agent's user (${owner + 1})`;
  expect(await refusal).toEqual(refused(path, why, `chown root ${path}`));
});

test.each([
  [0o664, '0664'],
  [0o646, '0646'],
  [0o4602, '4602'],
])('a file that others may write to (%i)', async (mode, shown) => {
  const path = await settings('x=y\n', mode);
  const expected = refused(path, `can be written by others (mode ${shown})`, `chmod go-w ${path}`);
  expect(await thrown(readSettingsFile(path, folders.job))).toEqual(expected);
});

test('a private key that others may read; without one it is no matter', async () => {
  const path = await settings(KEY, 0o644);
  const why = 'holds a private key and can be read by others (mode 0644)';
  const refusal = thrown(readSettingsFile(path, folders.job));
  expect(await refusal).toEqual(refused(path, why, `chmod o-r ${path}`));
  const certificate = 'daemon.ci.ca=-----BEGIN CERTIFICATE-----\n';
  expect(await readSettingsFile(await settings(certificate), folders.job)).toBe(certificate);
});

test('the key of reuse labels that others may read', async () => {
  const text = '{ "reuse.key" : "0123456789abcdef" }';
  const path = await settings(text, 0o644);
  const why = 'holds reuse.key and can be read by others (mode 0644)';
  expect(await thrown(readSettingsFile(path, folders.job))).toEqual(refused(path, why, `chmod o-r ${path}`));
  expect(await readSettingsFile(await settings(text, 0o640), folders.job)).toBe(text);
});

test('a file that is no settings file any more', async () => {
  const path = await settings('x'.repeat(1024 * 1024 + 1));
  const expected = refused(path, 'is larger than 1 MiB', 'Keep only settings in it');
  expect(await thrown(readSettingsFile(path, folders.job))).toEqual(expected);
});
