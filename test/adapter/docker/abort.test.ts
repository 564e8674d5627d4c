import { PLAIN_BUILD } from '../../../src/domain/plain-build';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseImageId } from '../../../src/domain/image-ref';
import type { Docker } from '../../../src/pipeline/ports';
import { startFakeDaemon, type Answer } from './fake-daemon';
import { failure, login, open, target } from './opened';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const imageId = parseImageId(`sha256:${'ab'.repeat(32)}`)!;
let job: string;

beforeAll(async () => {
  job = await mkdtemp(join(tmpdir(), 'job-'));
  await writeFile(join(job, 'Dockerfile'), 'FROM scratch\n');
  await writeFile(join(job, 'big'), Buffer.alloc(16 * 1024 * 1024));
});
afterAll(() => rm(job, { recursive: true, force: true }));

const request = {
  ref: 'a/b:1',
  outputs: [],
  source: { dockerfile: 'FROM scratch\n', bases: [], stages: [] },
  login: () => undefined,
  plan: { ...PLAIN_BUILD, builder: 'classic' as const },
};
const ignore = (): void => undefined;

const calls: readonly [string, (docker: Docker, signal: AbortSignal) => Promise<unknown>][] = [
  ['describe', (docker, signal) => docker.describe(signal)],
  ['login', (docker, signal) => docker.login(login, signal)],
  ['inspect', (docker, signal) => docker.inspect('a/b:1', signal)],
  ['tag', (docker, signal) => docker.tag(imageId, 'a/b:1', signal)],
  [
    'build',
    async (docker, signal) => {
      const builder = await docker.chooseBuilder(request.plan, ignore, signal);
      return builder.build({ ...request, jobFolder: job }, ignore, signal);
    },
  ],
  ['push', (docker, signal) => docker.push(target, login, ignore, signal)],
  ['remoteDigest', (docker, signal) => docker.remoteDigest(target, login, signal)],
  ['remove', (docker, signal) => docker.remove('a/b:1', signal)],
];

const silent: Answer = () => undefined;
const halfway: Answer = (_, response) => {
  response.writeHead(200);
  response.write('{"status":"Pushing","id":"a"}\r\n');
};

// A cancelled job must be gone within 10 s, so nothing here may wait for the daemon.
describe.each([
  ['before it has answered', silent],
  ['while it answers', halfway],
])('a daemon that goes on for ever, %s', (_name, answer) => {
  test.each(calls)('%s ends with the reason of the signal, and the daemon sees it', async (_call, start) => {
    let arrived: () => void = ignore;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const fake = await startFakeDaemon((received, response) => {
      void answer(received, response);
      arrived();
    });
    stops.push(() => fake.stop());
    const docker = await open(fake);
    const cancel = new AbortController();
    const ended = failure(start(docker, cancel.signal));
    await arrival;
    await new Promise((resolve) => setTimeout(resolve, 30)); // the answer's beginning is on its way
    cancel.abort('timeout');
    expect(await ended).toBe('timeout');
    await Promise.all(fake.received.map(({ closed }) => closed));
    docker.close();
  });
});

test.each(calls)('%s does not begin under a signal that is aborted', async (_call, start) => {
  const fake = await startFakeDaemon(silent);
  stops.push(() => fake.stop());
  const docker = await open(fake);
  expect(await failure(start(docker, AbortSignal.abort('signal')))).toBe('signal');
  expect(fake.received).toEqual([]);
  docker.close();
});
