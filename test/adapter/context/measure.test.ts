import { link, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureContext, type RunMeasure } from '../../../src/context/measure';
import { createMeasureProducer } from '../../../src/context/measure-producer';
import { runInProcess } from '../../../src/context/run-in-process';
import { createWorker } from '../../../src/context/worker-host';
import type { ContextReport } from '../../../src/domain/events';
import { PLAIN_BUILD } from '../../../src/domain/plain-build';
import { workerSource } from './worker-source';

let jobFolder: string;
beforeEach(async () => {
  jobFolder = await realpath(await mkdtemp(join(tmpdir(), 'measure-')));
  await put('Dockerfile', 'FROM scratch\n');
});
afterEach(() => rm(jobFolder, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(join(jobFolder, path, '..'), { recursive: true });
  await writeFile(join(jobFolder, path), text);
}

const measure = (run?: RunMeasure, signal = new AbortController().signal): Promise<ContextReport> =>
  measureContext(PLAIN_BUILD, { jobFolder, outputs: ['ecr-image.log'] }, signal, run);

test('counts what would travel: by the ignore file, without our own outputs', async () => {
  await put('.dockerignore', 'node_modules\n*.tmp\n');
  await put('node_modules/a/index.js', 'x'.repeat(9_000));
  await put('.git/objects/aa', 'y'.repeat(500));
  await put('app.js', 'z'.repeat(2_000));
  await put('junk.tmp', 'junk');
  await put('ecr-image.log', 'of an earlier run');
  await link(join(jobFolder, 'app.js'), join(jobFolder, 'app-again.js'));
  await symlink('app.js', join(jobFolder, 'current.js'));
  const report = await measure();
  expect(report).toMatchObject({ files: 6, bytes: 13 + 19 + 500 + 2_000, sentFiles: 6 });
  expect(report.largest.map(({ bytes }) => bytes)).toEqual([2_000, 500, 19, 13]);
  expect(report.baggage).toEqual([{ path: '.git', bytes: 500, files: 1 }]);
});

test('the worker says the same, of more files than it looks at in a turn', async () => {
  await Promise.all(Array.from({ length: 1_234 }, (_, index) => put(`many/${index}`, 'ab')));
  const worker = createWorker(workerSource());
  try {
    const report = await measure((job) => worker.run(job));
    expect(report).toMatchObject({ files: 1_235, bytes: 13 + 2 * 1_234 });
    expect(report).toEqual(await measure());
  } finally {
    await worker.close();
  }
});

test('an abort ends it with its reason', async () => {
  const abort = new AbortController();
  const run: RunMeasure = (job) => {
    abort.abort('signal');
    return runInProcess(createMeasureProducer(job));
  };
  await expect(measure(run, abort.signal)).rejects.toBe('signal');
});

test('what cannot be used is told as a build would tell it', async () => {
  await rm(join(jobFolder, 'Dockerfile'));
  await expect(measure()).rejects.toMatchObject({ code: 'DOCKERFILE_MISSING' });
});
