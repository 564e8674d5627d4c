import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'node:net';
import type { Docker } from '../../../src/pipeline/ports';
import { json, startFakeDaemon, type Answer, type FakeDaemon } from './fake-daemon';
import { failure, login, open, target, unlimited } from './opened';

const ID = `sha256:${'a'.repeat(64)}`;
const IMAGE = { Id: ID, Os: 'linux', Architecture: 'amd64' };

let fake: FakeDaemon;
let docker: Docker;
let answer: Answer;
const here: Answer = (request, response) =>
  request.path.endsWith('/tag') ? void response.writeHead(201).end() : json(response, 200, IMAGE);

beforeEach(async () => {
  answer = here;
  fake = await startFakeDaemon((request, response) => answer(request, response));
  docker = await open(fake);
});
afterEach(async () => {
  docker.close();
  await fake.stop();
});

/** Which connection each request came over, by number. */
function connections(): number[] {
  const known: Socket[] = [];
  return fake.received.map(({ incoming: { socket } }) => {
    if (!known.includes(socket)) known.push(socket);
    return known.indexOf(socket);
  });
}

const inspect = (ref = 'a/b:1') => docker.inspect(ref, unlimited());

test('requests that follow each other at once share a connection', async () => {
  await inspect();
  await docker.tag(ID as never, 'a/b:1', unlimited());
  await docker.remove('a/b:1', unlimited());
  await inspect();
  expect(connections()).toEqual([0, 0, 0, 0]);
});

test('a connection that is used many times gathers nothing: Node would warn of it in the log', async () => {
  const warnings: string[] = [];
  const note = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', note);
  for (let index = 0; index < 30; index++) await inspect();
  await sleep(10); // a warning comes with a later tick
  process.off('warning', note);
  expect(new Set(connections())).toEqual(new Set([0]));
  expect(warnings).toEqual([]);
});

test('requests side by side have one each', async () => {
  await Promise.all([inspect(), inspect(), inspect()]);
  expect(connections()).toEqual([0, 1, 2]);
});

test('a connection that was idle for long is not trusted, and is closed', async () => {
  await inspect();
  const [first] = fake.received;
  await sleep(700);
  expect(first?.incoming.socket.destroyed).toBe(true);
  await inspect();
  expect(connections()).toEqual([0, 1]);
});

test('a question that meets a connection which the daemon has just closed is asked again', async () => {
  await inspect();
  answer = ({ incoming }, response) => {
    if (incoming.socket !== fake.received[0]?.incoming.socket) return json(response, 200, IMAGE);
    incoming.socket.destroy();
  };
  expect((await inspect())?.id).toBe(ID);
  expect(connections()).toEqual([0, 0, 1]);
});

test('an order is not given twice', async () => {
  await inspect();
  answer = ({ incoming }) => void incoming.socket.destroy();
  expect(await failure(docker.tag(ID as never, 'a/b:1', unlimited()))).toMatchObject({
    code: 'DAEMON_CONNECTION_LOST',
  });
  expect(fake.received.map(({ method }) => method)).toEqual(['GET', 'POST']);
});

test('a question that a new connection loses is not asked again', async () => {
  answer = ({ incoming }) => void incoming.socket.destroy();
  expect(await failure(inspect())).toMatchObject({ code: 'DAEMON_CONNECTION_LOST' });
  expect(fake.received).toHaveLength(1);
});

test('an answer that breaks off halfway is not asked for again', async () => {
  await inspect();
  answer = ({ incoming }, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"Id"');
    setTimeout(() => incoming.socket.destroy(), 20);
  };
  expect(await failure(inspect())).toMatchObject({ code: 'DAEMON_CONNECTION_LOST' });
  expect(fake.received).toHaveLength(2);
});

test('a cancelled request takes its connection with it, and none of another', async () => {
  await inspect();
  const cancel = new AbortController();
  answer = (request, response) => (request.path.endsWith('/push') ? undefined : here(request, response));
  const pushing = docker.push(target, login, () => undefined, cancel.signal);
  while (fake.received.length < 2) await sleep(2);
  cancel.abort('signal');
  expect(await failure(pushing)).toBe('signal');
  await fake.received[1]?.closed;
  expect((await inspect())?.id).toBe(ID);
  expect(connections()).toEqual([0, 0, 1]);
});

test('a redirect is refused on a connection that is used again too', async () => {
  await inspect();
  answer = (_, response) => void response.writeHead(302, { location: 'http://elsewhere.example/' }).end();
  expect(await failure(inspect())).toMatchObject({ code: 'DAEMON_NOT_DOCKER' });
});
