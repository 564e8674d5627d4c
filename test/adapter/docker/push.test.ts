import type { ServerResponse } from 'node:http';
import type { PluginEvent } from '../../../src/domain/events';
import type { Docker } from '../../../src/pipeline/ports';
import { recorded } from '../../unit/docker/recorded';
import { told } from '../../unit/docker/told';
import { json, startFakeDaemon, type Answer, type FakeDaemon } from './fake-daemon';
import { failure, login, open, target, unlimited } from './opened';

let fake: FakeDaemon;
let docker: Docker;
let answer: Answer;
let events: PluginEvent[];

beforeEach(async () => {
  events = [];
  fake = await startFakeDaemon((request, response) => answer(request, response));
  docker = await open(fake);
});
afterEach(async () => {
  docker.close();
  await fake.stop();
});

const at = (): string => `unix://${fake.socketPath} (field DockerHost)`;
const ref = 'registry.example:5000/team/app:1.42';
const push = (ref = target): Promise<string> =>
  docker.push(ref, login, (event) => void events.push(event), unlimited());
const line = (message: object): string => `${JSON.stringify(message)}\r\n`;

function ndjson(response: ServerResponse, ...messages: object[]): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(messages.map(line).join(''));
}

function layers(): string[] {
  return events.flatMap((event) => (event.type === 'layer' ? [`${event.id} ${event.state}`] : []));
}

test('one tag of one repository, with credentials in padded base64url', async () => {
  const digest = `sha256:${'ab'.repeat(32)}`;
  answer = (_, response) => ndjson(response, { status: `1.42: digest: ${digest} size: 527` });
  await expect(push()).resolves.toBe(digest);
  const [{ method, path, query, headers, body }] = fake.received as [(typeof fake.received)[0]];
  expect(`${method} ${path}`).toBe('POST /images/registry.example:5000/team/app/push');
  expect(Object.fromEntries(query)).toEqual({ tag: '1.42' });
  expect(await body()).toHaveLength(0);
  const header = headers['x-registry-auth'] as string;
  expect(header).toMatch(/^[A-Za-z0-9_-]+=*$/);
  expect(header.length % 4).toBe(0);
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
    username: 'AWS',
    password: '>>>???ÿþ~',
    serveraddress: 'registry.example:5000',
  });
});

// Sent byte by byte in the second column, so that every boundary is tried.
test.each([
  ['push-20.10', 1, 'sha256:6a12b1f26f8e5dc224a3fedf8dfc9f40b0f76a7367530d1204d6974f7835e465'],
  ['push-20.10', 100_000, 'sha256:6a12b1f26f8e5dc224a3fedf8dfc9f40b0f76a7367530d1204d6974f7835e465'],
  ['push-29', 1, 'sha256:a346d08b4f9517eca2f11d3dbb5eb83fb355c64f9b758c340382f3eb95344311'],
  ['push-29', 100_000, 'sha256:a346d08b4f9517eca2f11d3dbb5eb83fb355c64f9b758c340382f3eb95344311'],
])('%s, recorded, %s bytes at a time: the digest of the status line', async (name, size, digest) => {
  const bytes = recorded(name);
  answer = (_, response) => {
    response.writeHead(200);
    for (let from = 0; from < bytes.length; from += size) response.write(bytes.subarray(from, from + size));
    response.end();
  };
  await expect(push({ ...target, tag: '1' as typeof target.tag })).resolves.toBe(digest);
  const ends = layers().filter((layer) => / (pushed|present|mounted)$/.test(layer));
  expect(ends.sort()).toEqual(
    name === 'push-29'
      ? ['379f066bdea4 pushed', '914d8ecead81 pushed', 'c91c1635221a present', 'da719d6fb1e2 pushed']
      : ['0f55d70e4aa8 pushed', '3b1085c4fff1 pushed', 'e3cf736bcfd2 mounted', 'f355060b67a1 pushed'],
  );
});

test.each(['push-mounted-20.10', 'push-mounted-29'])('%s: nothing was sent', async (name) => {
  answer = (_, response) => void response.writeHead(200).end(recorded(name));
  await push({ ...target, tag: '2' as typeof target.tag });
  expect(layers().filter((layer) => layer.endsWith('pushing'))).toEqual([]);
  expect(layers().filter((layer) => layer.endsWith('mounted')).length).toBeGreaterThan(0);
});

test("the raw log has the daemon's lines but for progress", async () => {
  answer = (_, response) => void response.writeHead(200).end(recorded('push-20.10'));
  await push({ ...target, tag: '1' as typeof target.tag });
  const raw = events.flatMap((event) => (event.type === 'raw' ? [event.text] : []));
  expect(raw[0]).toBe('{"status":"The push refers to repository [127.0.0.1:5511/team/app]"}');
  expect(raw.filter((text) => text.includes('"Pushing"'))).toEqual([]);
  expect(raw.filter((text) => text.includes('digest: sha256:'))).toHaveLength(1);
});

test.each([
  ["another tag's digest", { status: `1.4: digest: sha256:${'ab'.repeat(32)} size: 5` }],
  ['a digest that is none', { status: '1.42: digest: sha256:abc size: 5' }],
  ['a digest from aux alone', { aux: { Tag: '1.42', Digest: `sha256:${'ab'.repeat(32)}`, Size: 5 } }],
  ['a digest with an id, which a layer has', { id: 'x', status: `1.42: digest: sha256:${'ab'.repeat(32)} size: 5` }],
  ['nothing', { status: 'The push refers to repository [x]' }],
])('%s is no success', async (_name, message) => {
  answer = (_, response) => ndjson(response, message);
  expect(told(await failure(push()))).toEqual({
    code: 'DAEMON_CONNECTION_LOST',
    hop: 'agent-daemon',
    blame: 'environment',
    message: `The daemon at ${at()} stopped talking in the middle of the push of ${ref}`,
    hint: "Look into the daemon's log for a restart or a crash",
    words: undefined,
    transient: false,
  });
});

test('a line that is cut by the end of the stream', async () => {
  answer = (_, response) => void response.writeHead(200).end(`${line({ status: 'Waiting', id: 'a' })}{"status":"1.4`);
  expect(told(await failure(push()))).toMatchObject({ code: 'DAEMON_CONNECTION_LOST' });
});

test('a connection that breaks in the middle', async () => {
  answer = (_, response) => {
    response.writeHead(200);
    response.write(line({ status: 'Pushing', id: 'a' }));
    setTimeout(() => response.destroy(), 20);
  };
  expect(told(await failure(push()))).toMatchObject({
    code: 'DAEMON_CONNECTION_LOST',
    message: `The connection to the daemon at ${at()} broke off`,
  });
});

test("a proxy's page with status 200", async () => {
  answer = (_, response) => void response.writeHead(200).end('<html>\nplease log in\n</html>');
  expect(told(await failure(push()))).toMatchObject({
    code: 'DAEMON_NOT_DOCKER',
    message: `What answers at ${at()} is no Docker daemon: it sent something else than JSON lines`,
    words: '<html>',
  });
});

test('a line without end', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  answer = (_, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  };
  expect(told(await failure(push()))).toMatchObject({
    code: 'DAEMON_NOT_DOCKER',
    message: `What answers at ${at()} is no Docker daemon: it sent a line longer than 16 MiB`,
  });
});

const refused = (text: string): Answer => {
  return (_, response) => ndjson(response, { error: text, errorDetail: { message: text } });
};

test('the error of the stream', async () => {
  const text = 'denied: requested access to the resource is denied';
  answer = refused(text);
  expect(told(await failure(push()))).toMatchObject({ code: 'PUSH_DENIED', hop: 'daemon-registry', words: text });
});

test('an error in the status, as 20.10 answers to a header that it cannot read', async () => {
  answer = (_, response) => json(response, 400, { message: 'Bad parameters and missing X-Registry-Auth: EOF' });
  expect(told(await failure(push()))).toMatchObject({ code: 'PUSH_UNAUTHORIZED' });
});

test('what the daemon has tried again for long is not transient any more', async () => {
  const text = 'received unexpected HTTP status: 500 Internal Server Error';
  const retrying = [5, 4, 3, 2, 1].map((s) => ({ id: 'b27a626c38af', status: `Retrying in ${s} seconds` }));
  answer = (_, response) => ndjson(response, ...retrying, ...retrying, { error: text });
  const error = await failure(push());
  expect(told(error)).toMatchObject({ code: 'PUSH_REGISTRY_ERROR', transient: false });
  expect(events.filter((event) => event.type === 'note')).toEqual([
    { type: 'note', text: 'the upload of layer b27a626c38af failed; the daemon tries again by itself' },
  ]);
});

test.each(['Pushed', 'Layer already exists', 'Mounted from team/base'])(
  'what went wrong after the daemon had success with its own attempts (%s) is',
  async (status) => {
    const error = 'received unexpected HTTP status: 503 Service Unavailable';
    answer = (_, response) =>
      ndjson(response, { id: 'a1', status: 'Retrying in 5 seconds' }, { id: 'a1', status }, { error });
    expect(told(await failure(push()))).toMatchObject({ code: 'PUSH_REGISTRY_ERROR', transient: true });
  },
);

test('the same at once is', async () => {
  answer = refused('received unexpected HTTP status: 500 Internal Server Error');
  expect(told(await failure(push()))).toMatchObject({ code: 'PUSH_REGISTRY_ERROR', transient: true });
});

describe('where the containerd store has lost the code, the registry is asked again', () => {
  const bare = (status: string): string =>
    `unknown: unexpected status from HEAD request to https://registry.example:5000/v2/x: ${status}`;

  function asking(text: string, status: number, body: object): void {
    answer = (request, response) => {
      if (request.path.startsWith('/distribution/')) json(response, status, body);
      else if (request.method === 'GET') json(response, 404, { message: 'No such image: x' });
      else if (request.path.endsWith('/tag')) response.writeHead(201).end();
      else void refused(text)(request, response);
    };
  }

  test.each([
    ['403 Forbidden', 403, 'denied: Your authorization token has expired.', 'PUSH_TOKEN_EXPIRED', false],
    ['403 Forbidden', 403, 'denied: no', 'PUSH_DENIED', false],
    ['401 Unauthorized', 401, 'unauthorized: authentication required', 'PUSH_UNAUTHORIZED', false],
  ])('%s, then %s %s', async (bareStatus, status, message, code, transient) => {
    asking(bare(bareStatus), status, { message });
    expect(told(await failure(push()))).toMatchObject({
      code,
      transient,
      hop: 'daemon-registry',
      words: `${bare(bareStatus)}\n${message}`,
    });
    expect(fake.received.map(({ path }) => path)).toEqual([
      '/images/registry.example:5000/team/app/push',
      `/distribution/${ref}/json`,
    ]);
  });

  test.each(['error from registry: what', bare('403 Forbidden')])('%s, then a missing repository', async (text) => {
    asking(text, 404, { message: 'name unknown: The repository does not exist' });
    expect(told(await failure(push()))).toMatchObject({ code: 'PUSH_REPOSITORY_MISSING', transient: false });
  });

  test.each([
    [bare('403 Forbidden'), 'PUSH_DENIED', false],
    [bare('401 Unauthorized'), 'PUSH_FAILED', true],
    ['error from registry: what', 'PUSH_FAILED', true],
  ])('%s, from a registry that can be read', async (text, code, transient) => {
    asking(text, 404, { message: 'manifest unknown: manifest unknown' });
    expect(told(await failure(push()))).toMatchObject({ code, transient, words: text });
  });

  test('a look that fails itself changes nothing', async () => {
    asking('error from registry: what', 500, { message: 'boom' });
    expect(told(await failure(push()))).toMatchObject({ code: 'PUSH_FAILED', words: 'error from registry: what' });
  });
});
