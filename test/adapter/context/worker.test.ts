import { execFileSync } from 'node:child_process';
import { appendFile, readdir, readlink, truncate } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { Readable } from 'node:stream';
import { ContextTally } from '../../../src/context/context-tally';
import { packContext } from '../../../src/context/pack';
import { runInProcess } from '../../../src/context/run-in-process';
import type { TarJob } from '../../../src/context/tar-job';
import { createTarProducer } from '../../../src/context/tar-producer';
import { createWorker, type ContextWorker } from '../../../src/context/worker-host';
import { serveJobs } from '../../../src/context/worker-loop';
import type { FromWorker, ToWorker } from '../../../src/context/worker-messages';
import { createSyncProducer, type SyncJob } from '../../../src/docker/buildkit/file-sync/sync-job';
import { StepError } from '../../../src/domain/errors';
import { fifo, makeTree, removeTrees, type Node } from '../../unit/files/temp-tree';
import { thrown } from '../../unit/files/thrown';
import { workerSource } from './worker-source';

let worker: ContextWorker;

beforeEach(() => {
  worker = createWorker(workerSource());
});
afterEach(async () => {
  expect(await worker.close()).toBe(true);
  await removeTrees();
});

function tar(root: string, more: Partial<TarJob> = {}): TarJob {
  return { kind: 'tar', root, ignore: [], always: [], never: [], extras: [], ...more };
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Many pieces, none like the other. */
function numbered(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(at, at);
  return bytes;
}

const manyFiles = (count: number, size: number): Record<string, Node> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${String(i).padStart(5, '0')}`, numbered(size)]));

test('what the worker makes is what the same producer makes in this thread', async () => {
  const root = await makeTree({ ...manyFiles(300, 5_000), big: numbered(3_000_001), 'x.log': 'x', 'run/pipe': fifo });
  const job = tar(root, { ignore: ['*.log'], extras: [{ path: 'zz', content: Buffer.from('extra') }] });
  const here = runInProcess(createTarProducer(job));
  const there = worker.run(job);
  const [a, b] = await Promise.all([bytesOf(here.output), bytesOf(there.output)]);
  expect(b.equals(a)).toBe(true);
  const facts = await there.facts();
  expect(facts).toEqual(await here.facts());
  expect(facts).toMatchObject({
    report: {
      files: 301,
      bytes: 300 * 5_000 + 3_000_001,
      sentFiles: 301,
      largest: [{ path: 'big' }, {}, {}, {}, {}, {}, {}, {}, {}, {}],
    },
    notes: ['left out of the context, being no file, folder or link: run/pipe'],
  });
});

test('a context is packed by it', async () => {
  const job = await makeTree({
    'app/Dockerfile': 'FROM scratch\n',
    'app/a': 'a',
    'app/.dockerignore': 'b',
    'app/b': '',
  });
  const options = { jobFolder: job, context: 'app', dockerfile: 'app/Dockerfile', outputs: [] };
  const packed = await packContext({ ...options, run: (work) => worker.run(work) });
  const names = execFileSync('tar', ['-t'], { input: await bytesOf(packed.stream) }).toString();
  expect(names.trim().split('\n')).toEqual(['.dockerignore', 'Dockerfile', 'a']);
  expect((await packed.facts())?.report).toMatchObject({ files: 3 });
});

test('a transfer for BuildKit is made by it too, and hears what the other side says', async () => {
  const root = await makeTree(manyFiles(300, 10));
  const request = { includePatterns: [], excludePatterns: [], followPaths: [] };
  const job: SyncJob = { kind: 'sync', root, ignore: [], always: [], never: [], request };
  const runs = [runInProcess(createSyncProducer(job)), worker.run(job)];
  const [here, there] = await Promise.all(
    runs.map(async ({ output, input }) => {
      // fsutil's FIN, in gRPC's frame: BuildKit asks for no file, and has all stats.
      output.once('data', () => input(Buffer.from([0, 0, 0, 0, 2, 0x08, 3])));
      return bytesOf(output);
    }),
  );
  expect(there!.equals(here!)).toBe(true);
  expect(there!.includes('f00299')).toBe(true);
  expect((await runs[1]!.facts())?.report).toMatchObject({ files: 300, bytes: 3_000, sentFiles: 0 });
});

test('several jobs share the thread', async () => {
  const roots = [await makeTree({ a: numbered(5_000_000) }), await makeTree({ b: numbered(4_000_000) })];
  const sizes = await Promise.all(
    [...roots, ...roots].map(async (root) => (await bytesOf(worker.run(tar(root)).output)).length),
  );
  expect(sizes).toEqual([5_001_728, 4_001_792, 5_001_728, 4_001_792]);
});

test('the thread reads no further than somebody takes', async () => {
  const root = await makeTree({ big: numbered(20_000_000) });
  const { output } = worker.run(tar(root));
  await once(output, 'readable');
  const position = await settled(() => positionIn(join(root, 'big')));
  expect(position).toBeGreaterThan(0);
  expect(position).toBeLessThan(2_000_000);
  expect((await bytesOf(output)).length).toBeGreaterThan(20_000_000);
});

test('an error crosses with all that it says, and with the facts so far', async () => {
  const root = await makeTree({ 'a-first': '1', big: numbered(8_000_000), 'run/pipe': fifo });
  const run = worker.run(tar(root));
  const outcome = thrown(
    (async () => {
      for await (const piece of run.output)
        if (Buffer.from(piece as Buffer).length > 0) await truncate(join(root, 'big'), 10);
    })(),
  );
  expect(await outcome).toEqual({
    code: 'CONTEXT_UNREADABLE',
    hop: 'none',
    blame: 'environment',
    message: 'Context: big changed its size while it was read',
    hint: 'Let nothing change the context while it is sent, or name the file in .dockerignore',
  });
  expect((await run.facts())?.report.files).toBe(2);
});

test('a job that one cannot do leaves the others alone', async () => {
  const root = await makeTree({ big: numbered(3_000_000) });
  const good = worker.run(tar(root));
  const bad = worker.run({ kind: 'zip' });
  const error = await bytesOf(bad.output).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StepError);
  expect(error).toMatchObject({
    code: 'PLUGIN_FAULT',
    blame: 'plugin',
    message: 'The thread that reads the build context failed',
    words: 'no producer of zip',
    hint: 'This is a fault of the plugin, not of the task: please report it with the log',
  });
  expect(await bad.facts()).toBeUndefined();
  expect((await bytesOf(good.output)).length).toBeGreaterThan(3_000_000);
});

test('a run that is let go closes its file, and its facts are undefined', async () => {
  const root = await makeTree({ big: numbered(20_000_000) });
  const run = worker.run(tar(root));
  await once(run.output, 'readable');
  expect(await settled(() => positionIn(join(root, 'big')))).toBeGreaterThan(0);
  run.output.destroy();
  expect(await run.facts()).toBeUndefined();
  expect(await settled(() => positionIn(join(root, 'big')))).toBeUndefined();
});

describe('a thread that dies', () => {
  test('ends its runs with a fault; the next job gets a new one', async () => {
    const dying = createWorker(
      `require('node:worker_threads').parentPort.on('message', () => { throw new TypeError('bad') })`,
    );
    const first = dying.run(tar('/'));
    expect(await bytesOf(first.output).catch((error: unknown) => error)).toMatchObject({
      code: 'PLUGIN_FAULT',
      words: expect.stringContaining('bad') as string,
    });
    const second = dying.run(tar('/'));
    expect(await thrown(bytesOf(second.output))).toMatchObject({ code: 'PLUGIN_FAULT' });
    expect(await dying.close()).toBe(true);
  });

  test('by itself', async () => {
    const dying = createWorker(`require('node:worker_threads').parentPort.on('message', () => process.exit(3))`);
    const { output } = dying.run(tar('/'));
    expect(await bytesOf(output).catch((error: unknown) => (error as StepError).words)).toBe('it ended by itself (3)');
    expect(await dying.close()).toBe(true);
  });
});

test('a thread that is blocked in the system holds up neither a cancel nor the closing', async () => {
  const root = await makeTree({ pipe: fifo });
  const blocked = createWorker(
    `const { parentPort } = require('node:worker_threads');
     parentPort.on('message', ({ run }) => {
       parentPort.postMessage({ run, type: 'piece', piece: Buffer.from('now') });
       require('node:fs').openSync(${JSON.stringify(join(root, 'pipe'))});
     });`,
  );
  const { output } = blocked.run(tar('/'));
  await once(output, 'readable');
  await new Promise((done) => setTimeout(done, 100));
  output.destroy();
  await once(output, 'close');
  expect(await blocked.close()).toBe(false);
  await appendFile(join(root, 'pipe'), ''); // lets it go, or this process could not end
});

test('the thread has no environment of ours', async () => {
  const seen = createWorker(
    `const { parentPort } = require('node:worker_threads'); parentPort.on('message', ({ run }) => { parentPort.postMessage({ run, type: 'piece', piece: Buffer.from(JSON.stringify(process.env)) }); parentPort.postMessage({ run, type: 'ended' }); })`,
  );
  expect((await bytesOf(seen.run(tar('/')).output)).toString()).toBe('{}');
  expect(await seen.close()).toBe(true);
});

test('a piece of a larger buffer leaves the rest of it where it is', async () => {
  const shared = new Uint8Array(1_000_000).fill(7);
  const { port1, port2 } = new MessageChannel();
  const pieces = [shared.subarray(10, 20), new Uint8Array(100).fill(1)];
  const own = pieces[1]!;
  serveJobs(port1, () => ({
    produce: () => pieces.shift() ?? 'ended',
    facts: () => ({ report: new ContextTally().report(), notes: [] }),
    close: () => undefined,
  }));
  const messages: FromWorker[] = [];
  const ended = new Promise<void>((resolve) => {
    port2.on('message', (message: FromWorker) => {
      messages.push(message);
      if (message.type === 'ended') resolve();
    });
  });
  port2.postMessage({ run: 1, type: 'job', job: { kind: 'any' } } satisfies ToWorker);
  await ended;
  port2.close();
  expect(messages.map((message) => (message.type === 'piece' ? message.piece.length : message.type))).toEqual([
    10,
    100,
    'ended',
  ]);
  expect(shared.length).toBe(1_000_000);
  expect(own.length).toBe(0); // given away, not copied
});

/** Where the open file of this process with that path is being read; undefined: it is not open. */
async function positionIn(path: string): Promise<number | undefined> {
  const { readFile } = await import('node:fs/promises');
  for (const fd of await readdir('/proc/self/fd')) {
    if ((await readlink(`/proc/self/fd/${fd}`).catch(() => '')) !== path) continue;
    const info = await readFile(`/proc/self/fdinfo/${fd}`, 'utf8').catch(() => '');
    return Number(/^pos:\s+(\d+)/m.exec(info)?.[1]);
  }
  return undefined;
}

/** The answer that stays the same for a while. */
async function settled<T>(ask: () => Promise<T>): Promise<T> {
  let [answer, same] = [await ask(), 0];
  while (same < 5) {
    await new Promise((done) => setTimeout(done, 20));
    const next = await ask();
    same = next === answer ? same + 1 : 0;
    answer = next;
  }
  return answer;
}
