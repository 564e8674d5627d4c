import type { ClientHttp2Stream } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { BytesReader, framedBytes } from '../../../../src/docker/buildkit/grpc/bytes-message';
import { answerOf, ask, named, open } from './daemon-calls';
import { agentMessage, startFakeAgent, type FakeAgent } from './fake-agent';
import { EMPTY, openBoth, type Opened } from './opened-session';

const CHECK = '/moby.sshforward.v1.SSH/CheckAgent';
const FORWARD = '/moby.sshforward.v1.SSH/ForwardAgent';

const IDENTITIES = agentMessage(11);
const KEYS = agentMessage(12, 'two keys');
const SIGN = agentMessage(13, 'key and data');
const SIGNATURE = agentMessage(14, 'x'.repeat(70_000));
const FAILURE = agentMessage(5);

let opened: Opened;
let agent: FakeAgent;
let reply: (body: Buffer) => Buffer | undefined;
beforeEach(async () => {
  reply = (body) => (body[0] === 11 ? KEYS : SIGNATURE);
  agent = await startFakeAgent((body) => reply(body));
  opened = await openBoth('upgrade');
  opened.session.setOffer({ ...EMPTY, sshAgents: new Map([['default', agent.socketPath]]) });
});
afterEach(async () => {
  await opened.stop();
  await agent.stop();
});

/** One connection of the daemon, and what has come back on it so far. */
function forward(id: string | null = 'default'): { stream: ClientHttp2Stream; heard: () => Buffer } {
  const stream = open(opened.daemon.http2, FORWARD, id === null ? {} : { 'buildkit.ssh.id': id });
  const reader = new BytesReader();
  const heard: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => heard.push(...reader.push(chunk)));
  return { stream, heard: () => Buffer.concat(heard) };
}

async function hears(heard: () => Buffer, bytes: Buffer): Promise<void> {
  while (heard().length < bytes.length) await sleep(2);
  expect(heard().equals(bytes)).toBe(true); // toEqual takes half a second for a large one
}

test('an agent of the offer is there; another is not', async () => {
  expect(await ask(opened.daemon.http2, CHECK, named('default'))).toMatchObject({ status: 0 });
  expect(await ask(opened.daemon.http2, CHECK, named(''))).toMatchObject({ status: 0 });
  const refused = { status: 5, message: 'ssh agent "github": not found', replies: [] };
  expect(await ask(opened.daemon.http2, CHECK, named('github'))).toEqual(refused);
  const headers = { 'buildkit.ssh.id': 'github' };
  expect(await ask(opened.daemon.http2, FORWARD, framedBytes(IDENTITIES), headers)).toEqual(refused);
  expect(opened.session.refused).toEqual(['ssh agent "github"']);
  expect(agent.accepted()).toBe(0);
});

test.each([['default'], [null], ['']])('keys and signatures pass, under the id %j', async (id) => {
  const { stream, heard } = forward(id);
  const answered = answerOf(stream);
  stream.write(framedBytes(IDENTITIES));
  await hears(heard, KEYS);
  stream.write(framedBytes(SIGN));
  await hears(heard, Buffer.concat([KEYS, SIGNATURE]));
  expect(agent.accepted()).toBe(1);
  stream.end();
  expect(await answered).toMatchObject({ status: 0 });
  while (agent.connections.size > 0) await sleep(2);
});

test('requests that are cut anywhere, and several at once, are answered in their order', async () => {
  const { stream, heard } = forward();
  const bytes = Buffer.concat([SIGN, agentMessage(17, 'add a key'), IDENTITIES, agentMessage(27, 'extension')]);
  for (const byte of bytes) stream.write(framedBytes(Buffer.from([byte])));
  await hears(heard, Buffer.concat([SIGNATURE, FAILURE, KEYS, FAILURE]));
  expect(agent.heard).toEqual([SIGN.subarray(4), IDENTITIES.subarray(4)]);
});

test('everything but listing and signing is answered with failure, and the agent never hears of it', async () => {
  const others = Array.from({ length: 256 }, (_, type) => type).filter((type) => type !== 11 && type !== 13);
  const { stream, heard } = forward();
  stream.write(framedBytes(Buffer.concat(others.map((type) => agentMessage(type, 'anything')))));
  await hears(heard, Buffer.concat(others.map(() => FAILURE)));
  expect(agent.accepted()).toBe(0);
});

test.each([
  ['empty', Buffer.from([0, 0, 0, 0])],
  ['longer than OpenSSH allows', Buffer.from([0, 4, 0, 1, 11])],
])('a message that is %s ends the connection', async (_, bytes) => {
  const { stream } = forward();
  const answered = answerOf(stream);
  stream.write(framedBytes(bytes));
  expect(await answered).toEqual({
    status: 14,
    message: 'the ssh agent or its client broke off',
    replies: [],
  });
  expect(agent.accepted()).toBe(0);
});

test.each([
  ['hangs up', () => undefined],
  ['speaks another protocol', () => Buffer.from('HTTP/1.1 400 Bad Request')],
])('an agent that %s ends the connection', async (_, says) => {
  reply = says;
  const { stream } = forward();
  const answered = answerOf(stream);
  stream.write(framedBytes(IDENTITIES));
  expect(await answered).toMatchObject({ status: 14, message: 'the ssh agent or its client broke off' });
});

test('an agent that is not there ends the connection', async () => {
  await agent.stop();
  const { stream } = forward();
  const answered = answerOf(stream);
  stream.write(framedBytes(IDENTITIES));
  expect(await answered).toMatchObject({ status: 14 });
});

test('an agent that thinks is let go when the daemon, or the session, goes', async () => {
  reply = () => Buffer.alloc(0); // the user has not touched the key yet
  const [first, second] = [forward(), forward()];
  first.stream.write(framedBytes(SIGN));
  second.stream.write(framedBytes(SIGN));
  while (agent.heard.length < 2) await sleep(2);
  first.stream.close(8);
  while (agent.connections.size > 1) await sleep(2);
  opened.session.close();
  while (agent.connections.size > 0) await sleep(2);
});

test('more connections than a build needs are refused, until one has ended', async () => {
  const running = Array.from({ length: 32 }, () => forward());
  for (const { stream } of running) stream.write(framedBytes(agentMessage(1)));
  for (const { heard } of running) await hears(heard, FAILURE);
  const refused = await ask(opened.daemon.http2, FORWARD, framedBytes(IDENTITIES));
  expect(refused).toEqual({ status: 8, message: '32 connections are open', replies: [] });
  running[0]!.stream.end();
  await new Promise((resolve) => running[0]!.stream.once('close', resolve));
  const { stream, heard } = forward();
  stream.write(framedBytes(IDENTITIES));
  await hears(heard, KEYS);
});

test('a daemon that asks and does not read gets nothing more', async () => {
  const { stream } = forward();
  stream.pause();
  const bytes = framedBytes(SIGN);
  for (let index = 0; index < 500; index++) stream.write(bytes);
  let before = -1;
  while (before !== agent.heard.length) {
    before = agent.heard.length;
    await sleep(100);
  }
  expect(before).toBeLessThan(10); // of 70 KB each: a window of 64 KiB, and what is on its way
  stream.close(8);
  while (agent.connections.size > 0) await sleep(2);
});
