import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StepError } from '../../../src/domain/errors';

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

/** All that a user is told of an error. */
export async function refusalOf(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  const error: unknown = await promise.then(
    () => 'nothing was thrown',
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StepError)) throw error;
  const { code, hop, blame, message, hint } = error;
  expect(hop).toBe('none');
  return { code, blame, message, hint };
}

/** Permissions say nothing to root: it becomes somebody else for as long as `run` takes. */
export async function asOrdinaryUser<T>(run: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}
