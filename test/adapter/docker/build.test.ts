import { PLAIN_BUILD } from '../../../src/domain/plain-build';
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { createSources } from '../../../src/context/sources';
import { startUpload } from '../../../src/docker/classic/upload';
import type { PluginEvent } from '../../../src/domain/events';
import { Secret } from '../../../src/domain/secret';
import type { BuildRequest, Docker, RegistryLogin } from '../../../src/pipeline/ports';
import { recorded } from '../../unit/docker/recorded';
import { told } from '../../unit/docker/told';
import { json, startFakeDaemon, type Answer, type FakeDaemon, type Received } from './fake-daemon';
import { failure, open, unlimited } from './opened';

let fake: FakeDaemon;
let docker: Docker;
let job: string;
let answer: Answer;
let events: PluginEvent[];
let asked: string[];

beforeEach(async () => {
  events = [];
  asked = [];
  answer = builtBy('build-29');
  fake = await startFakeDaemon((request, response) => answer(request, response));
  docker = await open(fake);
  job = await mkdtemp(join(tmpdir(), 'job-'));
  await mkdir(join(job, 'app'));
  await writeFile(join(job, 'app', 'a.txt'), 'hi\n');
  await dockerfile('FROM lab/base:1\nCOPY a.txt /a.txt\n');
});
afterEach(async () => {
  docker.close();
  await fake.stop();
  await rm(job, { recursive: true, force: true });
});

const at = (): string => `unix://${fake.socketPath} (field DockerHost)`;
const dockerfile = (text: string): Promise<void> => writeFile(join(job, 'app', 'Dockerfile'), text);

/** A build as recorded, and 201 to the tagging that follows it. */
function builtBy(name: string): Answer {
  return async (request, response) => {
    if (request.path !== '/build') return void response.writeHead(201).end();
    await request.body();
    response.writeHead(200).end(recorded(name));
  };
}

async function build(more: Partial<BuildRequest['plan']> = {}, signal = unlimited()): Promise<string> {
  const plan: BuildRequest['plan'] = {
    ...PLAIN_BUILD,
    builder: 'classic',
    context: 'app',
    dockerfile: 'app/Dockerfile',
    args: new Map([['A', '"x" & ü']]),
    labels: new Map([['org.example', 'b=c']]),
    extraHosts: ['one:10.0.0.1', 'two:10.0.0.2'],
    ...more,
  };
  const request: BuildRequest = {
    ref: 'gocd-ecr-task/run:k-1',
    jobFolder: job,
    outputs: ['ecr-image.log'],
    login: (host) => {
      asked.push(host);
      return logins[host];
    },
    plan,
    source: await createSources().inspect(plan, job, signal), // as the preflight does
  };
  const report = (event: PluginEvent): void => void events.push(event);
  const builder = await docker.chooseBuilder(plan, report, signal);
  return builder.build(request, report, signal);
}

const secret: RegistryLogin = {
  host: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  username: 'AWS',
  password: new Secret('>>>???'),
  expiresAt: 0,
};
const logins: Readonly<Record<string, RegistryLogin | undefined>> = { [secret.host]: secret };

async function filesIn(tar: Buffer): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const entries = Readable.from([tar]).pipe(extract());
  for await (const entry of entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    found.set(entry.header.name, Buffer.concat(chunks).toString());
  }
  return found;
}

const first = (): Received => fake.received[0]!;

test('what goes over the wire: the query, the context as a plain tar, and no credentials that nobody needs', async () => {
  await build();
  const { method, path, query, headers } = first();
  expect(`${method} ${path}`).toBe('POST /build');
  expect([...query].filter(([name]) => name === 'extrahosts')).toEqual([
    ['extrahosts', 'one:10.0.0.1'],
    ['extrahosts', 'two:10.0.0.2'],
  ]);
  expect(Object.fromEntries(query)).toEqual({
    extrahosts: 'two:10.0.0.2',
    t: 'gocd-ecr-task/run:k-1',
    dockerfile: 'Dockerfile',
    rm: '1',
    forcerm: '1',
    buildargs: '{"A":"\\"x\\" & ü"}',
    labels: '{"org.example":"b=c"}',
  });
  expect(headers['content-type']).toBe('application/x-tar');
  expect(headers['x-registry-config']).toBeUndefined();
  expect(headers['x-registry-auth']).toBeUndefined();
  const files = await filesIn(await first().body());
  expect(files.get('a.txt')).toBe('hi\n');
  expect(files.get('Dockerfile')).toBe('FROM lab/base:1\nCOPY a.txt /a.txt\n');
});

test('the image, and events in their order', async () => {
  const imageId = await build();
  expect(recorded('build-29').toString()).toContain(`{"aux":{"ID":"${imageId}"}}`);
  const types = events.map(({ type }) => type).filter((type) => type !== 'raw');
  expect(types.slice(0, 4)).toEqual(['builder-chosen', 'context-sent', 'step-started', 'step-ended']);
  expect(types.filter((type) => type === 'step-started')).toHaveLength(11);
  expect(events.find(({ type }) => type === 'context-sent')).toMatchObject({ report: { files: 2, bytes: 37 } });
});

test("base images: only the Dockerfile's registries are asked for, and only those with credentials are sent", async () => {
  await dockerfile(`FROM ${secret.host}/base:1 AS one\nFROM other.example/x:1\nFROM alpine\nCOPY --from=one /a /a\n`);
  await build();
  expect(asked.sort()).toEqual([secret.host, 'docker.io', 'other.example']);
  const header = first().headers['x-registry-config'] as string;
  expect(header).toMatch(/^[A-Za-z0-9_-]+=*$/);
  expect(header.length % 4).toBe(0);
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
    [secret.host]: { username: 'AWS', password: '>>>???', serveraddress: secret.host },
  });
});

test('a Dockerfile outside of the context', async () => {
  await writeFile(join(job, 'Odd name'), 'FROM scratch\nCOPY a.txt /\n');
  await build({ dockerfile: 'Odd name' });
  const name = first().query.get('dockerfile')!;
  expect((await filesIn(await first().body())).get(name)).toBe('FROM scratch\nCOPY a.txt /\n');
});

test('what newer daemons leave out without a word is refused before anything is sent', async () => {
  await dockerfile('FROM x\nRUN <<EOF\nnpm ci\nEOF\n');
  expect(told(await failure(build()))).toMatchObject({
    code: 'BUILD_FAILED',
    message: 'app/Dockerfile line 2: RUN with a here-document (<<EOF) needs BuildKit, and this is the classic builder',
  });
  expect(fake.received).toEqual([]);
});

test.each(['20.10', '29'])('a RUN that fails, Engine %s: the step and the words', async (engine) => {
  answer = builtBy(`build-failing-${engine}`);
  expect(told(await failure(build()))).toEqual({
    code: 'BUILD_RUN_FAILED',
    hop: 'none',
    blame: 'build',
    message: 'RUN ended with exit code 7: /bin/sh -c echo a && echo out; exit 7',
    hint: undefined,
    words: "The command '/bin/sh -c echo a   && echo out; exit 7' returned a non-zero code: 7",
    transient: false,
  });
  expect(events).toContainEqual({ type: 'step-ended', id: '2', cached: false, failed: true });
  expect(fake.received).toHaveLength(1);
});

test('a refusal by status', async () => {
  answer = async (request, response) => {
    await request.body();
    json(response, 400, { message: 'dockerfile parse error line 2: unknown instruction: FOO' });
  };
  expect(told(await failure(build()))).toMatchObject({
    code: 'DOCKERFILE_INVALID',
    message: 'app/Dockerfile line 2: unknown instruction: FOO',
  });
});

test.each([
  [502, '<html>bad gateway</html>', 'DAEMON_NOT_DOCKER', 'it answered HTTP 502 with a web page'],
  [500, '<html>oops</html>', 'DAEMON_NOT_DOCKER', 'it answered HTTP 500 with a web page'],
])('a proxy in between: %s %s', async (status, body, code, why) => {
  answer = (_, response) => void response.writeHead(status).end(body);
  expect(told(await failure(build()))).toMatchObject({
    code,
    message: `What answers at ${at()} is no Docker daemon: ${why}`,
  });
});

test('an authorization plugin', async () => {
  answer = (_, response) => json(response, 403, { message: 'authorization denied by plugin opa: no' });
  expect(told(await failure(build()))).toMatchObject({
    code: 'DAEMON_ERROR',
    message: `The daemon at ${at()}, or a proxy before it, does not allow POST /build`,
  });
});

test('a stream that ends politely before the image is no success', async () => {
  answer = async (request, response) => {
    await request.body();
    response
      .writeHead(200)
      .end('{"stream":"Step 1/1 : FROM x"}\r\n{"stream":"Successfully built 0123456789ab\\n"}\r\n');
  };
  expect(told(await failure(build()))).toMatchObject({
    code: 'DAEMON_CONNECTION_LOST',
    message: `The daemon at ${at()} stopped talking in the middle of the build`,
  });
});

test('a daemon that dies in the middle', async () => {
  answer = async (request, response) => {
    await request.body();
    response.writeHead(200);
    response.write('{"stream":"Step 1/1 : FROM x"}\r\n');
    setTimeout(() => response.destroy(), 20);
  };
  expect(told(await failure(build()))).toMatchObject({
    code: 'DAEMON_CONNECTION_LOST',
    message: `The connection to the daemon at ${at()} broke off`,
  });
});

describe('a context larger than the socket takes at once', () => {
  beforeEach(() => writeFile(join(job, 'app', 'big'), Buffer.alloc(32 * 1024 * 1024, 'x')));

  test('progress is told on the way', async () => {
    await build();
    const told = events.flatMap((event) => (event.type === 'context-progress' ? [event.bytes] : []));
    expect(told.length).toBeGreaterThan(3);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(events.find(({ type }) => type === 'context-sent')).toMatchObject({ report: { files: 3 } });
  });

  // docker-modem leaves the context open then, with a file handle in it.
  test('an early refusal ends the upload and is told', async () => {
    answer = (_, response: ServerResponse) =>
      json(response, 500, { message: 'invalid reference format: repository name must be lowercase' });
    expect(told(await failure(build()))).toMatchObject({
      code: 'BUILD_FAILED',
      message: 'The build failed',
      words: 'invalid reference format: repository name must be lowercase',
    });
    expect(events.filter(({ type }) => type === 'context-sent')).toEqual([]);
    const open = await Promise.all(
      (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    );
    expect(open.filter((path) => path.startsWith(job))).toEqual([]);
  });

  test('a file that vanishes meanwhile breaks the request, and is what is told', async () => {
    await writeFile(join(job, 'app', 'zz-last'), Buffer.alloc(4 * 1024 * 1024)); // small ones are read ahead
    answer = async ({ incoming }) => {
      incoming.pause(); // so that the context is not read to its end yet
      await rm(join(job, 'app', 'zz-last'));
      incoming.resume();
    };
    expect(told(await failure(build()))).toMatchObject({
      code: 'CONTEXT_UNREADABLE',
      hop: 'none',
      message: 'Context: zz-last cannot be read: it vanished while the context was read',
    });
  });
});

describe('upload', () => {
  const packed = (bytes: Buffer): Parameters<typeof startUpload>[0] => ({
    stream: Readable.from([bytes], { objectMode: false }),
    dockerfileInTar: 'Dockerfile',
    facts: () =>
      Promise.resolve({
        report: { files: 3, bytes: 9, sentFiles: 3, sentBytes: 9, largest: [], baggage: [] },
        notes: ['skipped a socket'],
      }),
  });

  async function read(stream: Readable): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }

  test.each([true, false])('compressed: %s', async (compress) => {
    const bytes = Buffer.alloc(100_000, 'abc');
    const upload = startUpload(packed(bytes), compress, (event) => void events.push(event));
    const sent = await read(upload.stream);
    expect(compress ? gunzipSync(sent) : sent).toEqual(bytes);
    if (compress) expect(sent.length).toBeLessThan(bytes.length / 10);
    expect(events).toEqual([
      expect.objectContaining({ type: 'context-sent' }),
      { type: 'note', text: 'skipped a socket' },
    ]);
    expect(upload.failure()).toBeUndefined();
  });

  test('what breaks the stream without a StepError is told as one', async () => {
    const broken = new Readable({ read: () => undefined });
    const upload = startUpload({ ...packed(Buffer.alloc(1)), stream: broken }, false, () => undefined);
    const ended = new Promise((resolve) => upload.stream.once('error', resolve));
    broken.destroy(Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' }));
    await ended;
    expect(told(upload.failure())).toEqual({
      code: 'CONTEXT_UNREADABLE',
      hop: 'none',
      blame: 'environment',
      message: 'The build context could not be read',
      hint: "The agent's disk or a network folder may be out of order",
      words: 'EIO: i/o error, read',
      transient: false,
    });
  });

  test('destroying it destroys the context, and that is no failure of the context', async () => {
    const source = packed(Buffer.alloc(10));
    const upload = startUpload(source, true, () => undefined);
    upload.stream.on('error', () => undefined);
    upload.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.stream.destroyed).toBe(true);
    expect(upload.failure()).toBeUndefined();
  });
});

test('a base that its registry has for another platform only is told before anything travels', async () => {
  await dockerfile('FROM busybox:1\n');
  answer = (_, response) => json(response, 200, { Platforms: [{ os: 'linux', architecture: 'amd64' }] });
  const error = await failure(build({ platform: 'linux/arm64', pull: true }));
  expect(error).toMatchObject({ code: 'PLATFORM_MISMATCH', hop: 'daemon-registry' });
  expect(fake.received.map(({ path }) => path)).toEqual(['/distribution/busybox:1/json']);
});
