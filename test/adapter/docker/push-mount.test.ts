import type { PluginEvent } from '../../../src/domain/events';
import type { TaggedRef } from '../../../src/domain/image-ref';
import type { Docker } from '../../../src/pipeline/ports';
import { told } from '../../unit/docker/told';
import { json, startFakeDaemon, type Answer, type FakeDaemon } from './fake-daemon';
import { failure, login, open, target, unlimited } from './opened';

const plain = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const other = '123456789012.dkR.ecR.EU-WEST-1.aMAzOnAWS.COm';
const digest = `sha256:${'ab'.repeat(32)}`;
const refused = `unknown: unexpected status from POST request to https://${plain}/v2/team/app/blobs/uploads/?mount=sha256:1&from=team/base: 403 Forbidden`;
const done = { status: `1.42: digest: ${digest} size: 527` };

let fake: FakeDaemon;
let docker: Docker;
/** What the daemon says to a path; a 404 where nothing is given. */
let says: Record<string, Answer>;
let events: PluginEvent[];

beforeEach(async () => {
  events = [];
  fake = await startFakeDaemon((request, response) =>
    (says[`${request.method} ${request.path}`] ?? nothing)(request, response),
  );
  docker = await open(fake);
});
afterEach(async () => {
  docker.close();
  await fake.stop();
});

const nothing: Answer = (_, response) => json(response, 404, { message: 'manifest unknown: No such image: x' });
const stream =
  (...messages: object[]): Answer =>
  (_, response) =>
    void response.writeHead(200).end(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
const created: Answer = (_, response) => void response.writeHead(201).end();

const at = (host: string): TaggedRef => ({ ...target, repository: { host, path: 'team/app' } });
const push = (host = plain, signal = unlimited()): Promise<string> =>
  docker.push(at(host), { ...login, host }, (event) => void events.push(event), signal);
const asked = (): string[] => fake.received.map(({ method, path }) => `${method} ${path}`);
const notes = (): string[] => events.flatMap((event) => (event.type === 'note' ? [event.text] : []));

function withOther(answer: Answer, words = refused): void {
  says = {
    [`POST /images/${plain}/team/app/push`]: stream({ error: words }),
    [`POST /images/${plain}/team/app:1.42/tag`]: created,
    [`POST /images/${other}/team/app/push`]: answer,
    [`DELETE /images/${other}/team/app:1.42`]: (_, response) => json(response, 200, []),
  };
}

test('a mount that is refused is gone around by another spelling of the host, of which nothing stays', async () => {
  withOther(stream({ id: 'a1', status: 'Pushed', progressDetail: {} }, done));
  await expect(push()).resolves.toBe(digest);
  expect(asked()).toEqual([
    `POST /images/${plain}/team/app/push`,
    `GET /distribution/${plain}/team/app:1.42/json`,
    `GET /images/${other}/team/app:1.42/json`,
    `POST /images/${plain}/team/app:1.42/tag`,
    `POST /images/${other}/team/app/push`,
    `DELETE /images/${other}/team/app:1.42`,
  ]);
  const [tagged, pushed] = fake.received.slice(3);
  expect(Object.fromEntries(tagged!.query)).toEqual({ repo: `${other}/team/app`, tag: '1.42' });
  expect(Object.fromEntries(pushed!.query)).toEqual({ tag: '1.42' });
  const auth = JSON.parse(Buffer.from(pushed!.headers['x-registry-auth'] as string, 'base64url').toString()) as object;
  expect(auth).toMatchObject({ username: 'AWS', serveraddress: other });
  expect(notes()).toEqual([
    `the registry does not share a layer that is in team/base with team/app; pushing as ${other}/team/app:1.42, so that the daemon uploads it`,
  ]);
  expect(events).toContainEqual({ type: 'layer', ref: at(plain), id: 'a1', state: 'pushed' });
});

test('where the words are lost, it may have been a mount', async () => {
  withOther(stream(done), 'error from registry: no');
  await expect(push()).resolves.toBe(digest);
  expect(notes()).toEqual([
    `the registry does not share what may be a layer with team/app; pushing as ${other}/team/app:1.42, so that the daemon uploads it`,
  ]);
});

test.each([
  ['a second refusal', stream({ error: 'error from registry: again' }), 'error from registry: again'],
  [
    'no way there',
    stream({ error: `failed to do request: Head "https://${other}/v2/": dial tcp: lookup ${other}: no such host` }),
    `failed to do request: Head "https://${other}/v2/": dial tcp: lookup ${other}: no such host`,
  ],
] as const)('%s leaves the first one as the reason, and the other spelling is taken away', async (_, answer, words) => {
  withOther(answer);
  expect(told(await failure(push()))).toMatchObject({
    code: 'PUSH_MOUNT_REFUSED',
    transient: false,
    message: `The registry ${plain} does not let team/app share a layer with team/base, and the daemon at unix://${fake.socketPath} (field DockerHost) does not upload it instead`,
    words: `${refused}\n${words}`,
  });
  expect(asked().at(-1)).toBe(`DELETE /images/${other}/team/app:1.42`);
});

test('the same refusal is told once', async () => {
  withOther(stream({ error: refused }));
  expect(told(await failure(push()))).toMatchObject({ code: 'PUSH_MOUNT_REFUSED', words: refused });
});

test("a ref of that name that is somebody else's is left alone", async () => {
  withOther(stream(done));
  says[`GET /images/${other}/team/app:1.42/json`] = (_, response) => json(response, 200, { Id: digest });
  expect(told(await failure(push()))).toMatchObject({ code: 'PUSH_MOUNT_REFUSED', words: refused });
  expect(asked().at(-1)).toBe(`GET /images/${other}/team/app:1.42/json`);
});

test('a registry that has no other spelling', async () => {
  const words = refused.replace(plain, '127.0.0.1:5000');
  says = { 'POST /images/127.0.0.1:5000/team/app/push': stream({ error: words }) };
  expect(told(await failure(push('127.0.0.1:5000')))).toMatchObject({ code: 'PUSH_MOUNT_REFUSED', words });
  expect(notes()).toEqual([]);
});

test('what a look at the registry explains is no mount', async () => {
  withOther(stream(done), 'error from registry: no');
  says[`GET /distribution/${plain}/team/app:1.42/json`] = (_, response) =>
    json(response, 403, { message: 'denied: Your authorization token has expired.' });
  expect(told(await failure(push()))).toMatchObject({ code: 'PUSH_TOKEN_EXPIRED' });
  expect(asked()).toHaveLength(2);
});

test('a cancel in the middle ends it with its reason, and the other spelling is taken away', async () => {
  const cancel = new AbortController();
  withOther(() => cancel.abort('signal'));
  expect(await failure(push(plain, cancel.signal))).toBe('signal');
  expect(asked().at(-1)).toBe(`DELETE /images/${other}/team/app:1.42`);
});
