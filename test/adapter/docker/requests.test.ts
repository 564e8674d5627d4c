import { parseImageId, type ImageId } from '../../../src/domain/image-ref';
import type { Docker } from '../../../src/pipeline/ports';
import { told } from '../../unit/docker/told';
import { json, startFakeDaemon, type Answer, type FakeDaemon } from './fake-daemon';
import { failure, login, open, target, unlimited } from './opened';

let fake: FakeDaemon;
let docker: Docker;
let answer: Answer;

beforeEach(async () => {
  fake = await startFakeDaemon((request, response) => answer(request, response));
  docker = await open(fake);
});
afterEach(async () => {
  docker.close();
  await fake.stop();
});

const at = (): string => `unix://${fake.socketPath} (field DockerHost)`;
const imageId = (): ImageId => parseImageId(`sha256:${'ab'.repeat(32)}`)!;
const credentials = { username: 'AWS', password: '>>>???ÿþ~', serveraddress: 'registry.example:5000' };

test('no path has a version: the daemon speaks its newest', async () => {
  answer = (request, response) =>
    json(response, 200, request.path === '/version' ? { ApiVersion: '1.56', Version: '29.8.1' } : {});
  await docker.describe(unlimited());
  expect(fake.received.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    'GET /_ping',
    'GET /info',
    'GET /version',
  ]);
});

test('ping, version and info are under way at the same time', async () => {
  let release: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (release = resolve));
  answer = async (request, response) => {
    if (fake.received.length === 3) release();
    await all; // one after another would wait here for ever
    json(response, 200, request.path === '/version' ? { ApiVersion: '1.41' } : {});
  };
  await expect(docker.describe(unlimited())).resolves.toMatchObject({ apiVersion: '1.41' });
});

test('a daemon that is too old is named as such', async () => {
  answer = (_, response) => json(response, 200, { ApiVersion: '1.40', Version: '19.03.15' });
  expect(told(await failure(docker.describe(unlimited())))).toEqual({
    code: 'DAEMON_TOO_OLD',
    hop: 'agent-daemon',
    blame: 'environment',
    message: `The daemon at ${at()} is Docker 19.03.15 (API 1.40), an engine of 2019; Docker Engine 20.10 (API 1.41) is the oldest that works`,
    hint: 'Update the daemon, or name another one in DockerHost',
    words: undefined,
    transient: false,
  });
});

test.each([
  ['1.13.1', '1.25', ', an engine from before March 2017'],
  ['17.12.1-ce', '1.35', ', an engine of 2017'],
  ['18.09.1', '1.39', ', an engine of 2018'],
  ['20.10-dev', '1.40', ''],
])('how old Docker %s is', async (version, api, age) => {
  answer = (_, response) => json(response, 200, { ApiVersion: api, Version: version });
  expect(told(await failure(docker.describe(unlimited())))).toMatchObject({
    code: 'DAEMON_TOO_OLD',
    message: `The daemon at ${at()} is Docker ${version} (API ${api})${age}; Docker Engine 20.10 (API 1.41) is the oldest that works`,
  });
});

test.each([
  ['/version', 'its answer to GET /version names no API version'],
  ['/info', 'its answer to GET /info is no JSON object'],
])('something that answers 200 to everything is no daemon: %s', async (wrong, why) => {
  answer = ({ path }, response) => {
    if (path === wrong) response.end('<html>welcome</html>');
    else json(response, 200, { ApiVersion: '1.41' });
  };
  expect(told(await failure(docker.describe(unlimited())))).toMatchObject({
    code: 'DAEMON_NOT_DOCKER',
    message: `What answers at ${at()} is no Docker daemon: ${why}`,
  });
});

test('login: the credentials go in the body, with the host alone as address', async () => {
  answer = (_, response) => json(response, 200, { Status: 'Login Succeeded' });
  await docker.login(login, unlimited());
  const [request] = fake.received;
  expect(`${request!.method} ${request!.path}`).toBe('POST /auth');
  expect(request!.headers['content-type']).toBe('application/json');
  expect(JSON.parse((await request!.body()).toString())).toEqual(credentials);
});

test('login: refused', async () => {
  const message = 'login attempt to https://registry.example:5000/v2/ failed with status: 401 Unauthorized';
  answer = (_, response) => json(response, 500, { message });
  expect(told(await failure(docker.login(login, unlimited())))).toEqual({
    code: 'REGISTRY_LOGIN_REFUSED',
    hop: 'daemon-registry',
    blame: 'environment',
    message: `The registry registry.example:5000 refused the login of the daemon at ${at()}`,
    hint: "Check that registry.example:5000 is the registry that the token was issued for, and this agent's clock (NTP)",
    words: message,
    transient: false,
  });
});

test('inspect', async () => {
  answer = (_, response) => json(response, 200, { Id: imageId(), RepoTags: ['a/b:1'], Os: 'linux' });
  await expect(docker.inspect('a/b:1', unlimited())).resolves.toMatchObject({ id: imageId(), repoTags: ['a/b:1'] });
  expect(fake.received[0]!.path).toBe('/images/a/b:1/json');
});

test.each(['no such image: nope:1: No such image: nope:1', 'No such image: nope:1'])(
  'inspect and remove know what an absent image is: %s',
  async (message) => {
    answer = (_, response) => json(response, 404, { message });
    await expect(docker.inspect('nope:1', unlimited())).resolves.toBeUndefined();
    await expect(docker.remove('nope:1', unlimited())).resolves.toBe(false);
  },
);

test("somebody else's 404 says nothing about an image", async () => {
  answer = (_, response) => json(response, 404, { message: 'page not found' });
  const common = { code: 'DAEMON_ERROR', words: 'page not found' };
  expect(told(await failure(docker.inspect('a/b:1', unlimited())))).toMatchObject({
    ...common,
    message: `The daemon at ${at()} answered HTTP 404 to the inspection of a/b:1`,
  });
  expect(told(await failure(docker.remove('a/b:1', unlimited())))).toMatchObject({
    ...common,
    message: `The daemon at ${at()} answered HTTP 404 to the removal of a/b:1`,
  });
});

test('an image without an id that is a digest is none', async () => {
  answer = (_, response) => json(response, 200, { Id: '../etc' });
  expect(told(await failure(docker.inspect('a/b:1', unlimited())))).toMatchObject({
    code: 'DAEMON_NOT_DOCKER',
    message: `What answers at ${at()} is no Docker daemon: its description of a/b:1 has no image id`,
  });
});

test('tag: by id; a port in the name is no tag', async () => {
  answer = (_, response) => void response.writeHead(201).end();
  await docker.tag(imageId(), 'registry.example:5000/team/app:1.42', unlimited());
  const [{ method, path, query }] = fake.received as [(typeof fake.received)[0]];
  expect(`${method} ${path}`).toBe(`POST /images/${imageId()}/tag`);
  expect(Object.fromEntries(query)).toEqual({ repo: 'registry.example:5000/team/app', tag: '1.42' });
});

test('tag: the image is gone', async () => {
  answer = (_, response) => json(response, 404, { message: `No such image: ${imageId()}` });
  expect(told(await failure(docker.tag(imageId(), 'a/b:1', unlimited())))).toEqual({
    code: 'IMAGE_VANISHED',
    hop: 'agent-daemon',
    blame: 'environment',
    message: `The image ${imageId()} is gone from the daemon at ${at()}`,
    hint: 'Something prunes images on that daemon while jobs run: keep images that are younger than a job',
    words: `No such image: ${imageId()}`,
    transient: false,
  });
});

test('tag: another build on the containerd store names it at the same time', async () => {
  const message =
    'failed to create an image a/b:1 with target sha256:cd after deleting the existing one: already exists';
  answer = (_, response) => json(response, 500, { message });
  expect(told(await failure(docker.tag(imageId(), 'a/b:1', unlimited())))).toEqual({
    code: 'TAG_CONTENDED',
    hop: 'agent-daemon',
    blame: 'environment',
    message: `Another build on the daemon at ${at()} names a/b:1 at the same time`,
    hint: 'Give the jobs that share that daemon different tags, and run this one again',
    words: message,
    transient: true,
  });
});

test('tag: any other refusal', async () => {
  answer = (_, response) => json(response, 500, { message: 'boom' });
  expect(told(await failure(docker.tag(imageId(), 'a/b:1', unlimited())))).toMatchObject({
    message: `The daemon at ${at()} answered HTTP 500 to the tagging of ${imageId()} as a/b:1`,
  });
});

test.each([
  ['20.10', 500],
  ['29', 404],
])('remove: of the last two names of an image, taken away at once, both are gone (%s)', async (_engine, status) => {
  answer = (_, response) => json(response, status, { message: `unrecognized image ID ${imageId()}` });
  await expect(docker.remove('a/b:1', unlimited())).resolves.toBe(true);
});

test('remove: unforced, and the parents stay, which are the cache', async () => {
  answer = (_, response) => json(response, 200, [{ Untagged: 'a/b:1' }]);
  await expect(docker.remove('a/b:1', unlimited())).resolves.toBe(true);
  const [{ method, path, query }] = fake.received as [(typeof fake.received)[0]];
  expect(`${method} ${path}`).toBe('DELETE /images/a/b:1');
  expect(Object.fromEntries(query)).toEqual({ noprune: '1' });
});

test('look at the registry: the header is padded base64url', async () => {
  const digest = `sha256:${'cd'.repeat(32)}`;
  answer = (_, response) => json(response, 200, { Descriptor: { digest } });
  await expect(docker.remoteDigest(target, login, unlimited())).resolves.toBe(digest);
  const [{ method, path, headers }] = fake.received as [(typeof fake.received)[0]];
  expect(`${method} ${path}`).toBe('GET /distribution/registry.example:5000/team/app:1.42/json');
  const header = headers['x-registry-auth'] as string;
  expect(header).toMatch(/^[A-Za-z0-9_-]+=*$/);
  expect(header).toMatch(/[-_]/);
  expect(header.length % 4).toBe(0);
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual(credentials);
});

test.each([
  [404, 'manifest unknown: manifest unknown', undefined],
  [404, "name unknown: The repository with name 'x' does not exist", 'PUSH_REPOSITORY_MISSING'],
  [401, 'unauthorized: authentication required', 'PUSH_UNAUTHORIZED'],
  [403, 'denied: Your authorization token has expired. Reauthenticate and try again.', 'PUSH_TOKEN_EXPIRED'],
  [429, 'toomanyrequests: Rate exceeded', 'PUSH_THROTTLED'],
])('look at the registry: %s %s', async (status, message, code) => {
  answer = (_, response) => json(response, status, { message });
  const look = docker.remoteDigest(target, login, unlimited());
  if (code === undefined) await expect(look).resolves.toBeUndefined();
  else expect(told(await failure(look))).toMatchObject({ code, hop: 'daemon-registry', words: message });
});

test('look at the registry: a digest that is none is not taken for one', async () => {
  answer = (_, response) => json(response, 200, { Descriptor: { digest: 'sha256:short' } });
  expect(told(await failure(docker.remoteDigest(target, login, unlimited())))).toMatchObject({
    code: 'DAEMON_NOT_DOCKER',
    message: `What answers at ${at()} is no Docker daemon: its look at the registry names no digest`,
  });
});
