import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readRepositorySettings } from '../../../src/files/repository-settings-file';
import { useFolders } from './job-folder';
import { thrown } from './thrown';

const folders = useFolders();
const read = (path: string): Promise<string> => readRepositorySettings(path, folders.job);

test('the text of a file of the job, through links that stay inside', async () => {
  await folders.put('job/ecr/settings.json', '{ "tags": { "é": "1" } }\n');
  await symlink('ecr', join(folders.job, 'link'));
  expect(await read('link/settings.json')).toBe('{ "tags": { "é": "1" } }\n');
});

const refused = (code: string, message: string, hint?: string): object => ({
  code,
  hop: 'none',
  blame: 'config',
  message,
  ...(hint === undefined ? {} : { hint }),
});

test('a file that is not there, or is too large', async () => {
  expect(await thrown(read('ecr.json'))).toEqual(
    refused(
      'CONFIG_INVALID',
      `file "ecr.json" cannot be used: it is not there (looked for ${join(folders.job, 'ecr.json')})`,
    ),
  );
  await folders.put('job/large', 'x'.repeat(1_048_577));
  expect(await thrown(read('large'))).toEqual(refused('CONFIG_INVALID', 'file "large" is larger than 1048576 bytes'));
});

test('no link and no path leads to the files of the agent', async () => {
  const key = await folders.put('outside/key.json', '{}');
  await symlink(key, join(folders.job, 'settings.json'));
  const hint = "Name a path inside the job's folder in file";
  expect(await thrown(read('settings.json'))).toEqual(
    refused(
      'PATH_OUTSIDE',
      `file "settings.json" leads through a link to ${key}, outside the job's folder ${folders.job}`,
      hint,
    ),
  );
  for (const path of ['../outside/key.json', key]) {
    expect(await thrown(read(path))).toEqual(
      refused('PATH_OUTSIDE', `file "${path}" lies outside the job's folder ${folders.job}`, hint),
    );
  }
});
