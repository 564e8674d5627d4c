import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Real folders of their own for each test: a job's, and one outside of it. */
export interface Folders {
  readonly job: string;
  readonly outside: string;
  /** Writes a file, and the folders that it needs. */
  put(path: string, content?: string): Promise<string>;
}

export function useFolders(): Folders {
  let base = '';
  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'files-')));
    await chmod(base, 0o755);
    await mkdir(join(base, 'job'));
    await mkdir(join(base, 'outside'));
  });
  afterEach(() => rm(base, { recursive: true, force: true }));
  return {
    get job() {
      return join(base, 'job');
    },
    get outside() {
      return join(base, 'outside');
    },
    async put(path, content = '') {
      const full = join(base, path);
      await mkdir(dirname(full), { recursive: true });
      await writeFile(full, content);
      return full;
    },
  };
}
