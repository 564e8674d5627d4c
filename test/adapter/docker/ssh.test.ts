import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEndpoint, type Endpoint } from '../../../src/docker/endpoint';
import { exchange } from '../../../src/docker/request';
import type { DaemonTarget } from '../../../src/domain/plan';
import { told } from '../../unit/docker/told';
import { json, startFakeDaemon, type Answer, type FakeDaemon } from './fake-daemon';
import { failure, openTarget, planFor, unlimited } from './opened';

/** Stands for ssh and what it starts on the other side: notes how it was called, and joins its stdio to the daemon. */
const FAKE_SSH = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const note = { pid: process.pid, args: process.argv.slice(2), env: process.env, cwd: process.cwd() };
appendFileSync(__dirname + '/calls', JSON.stringify(note) + '\\n');
const socket = require('node:net').connect(__dirname + '/../daemon.sock');
process.stdin.pipe(socket).pipe(process.stdout);
socket.on('close', () => process.exit(0));
`;

let folder: string;
let fake: FakeDaemon;
let answer: Answer;
let endpoint: Endpoint | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ssh-'));
  answer = (_, response) => json(response, 200, {});
  fake = await startFakeDaemon((request, response) => answer(request, response));
  await ssh(FAKE_SSH.replace("__dirname + '/../daemon.sock'", JSON.stringify(fake.socketPath)));
});
afterEach(async () => {
  endpoint?.close();
  endpoint = undefined;
  await fake.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ssh(program: string, bin = join(folder, 'bin')): Promise<void> {
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'ssh'), program);
  await chmod(join(bin, 'ssh'), 0o755);
}

const target = (environment: Record<string, string> = {}): DaemonTarget => ({
  kind: 'ssh',
  user: 'go',
  host: 'build-2',
  port: 2222,
  environment: new Map(Object.entries({ PATH: join(folder, 'bin'), HOME: '/home/go', ...environment })),
  display: { value: 'ssh://go@build-2:2222', origin: { kind: 'field', name: 'DockerHost' } },
});

async function opened(): Promise<Endpoint> {
  endpoint = await openEndpoint(planFor(target()));
  return endpoint;
}

interface Call {
  readonly pid: number;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly cwd: string;
}

async function calls(): Promise<Call[]> {
  const text = await readFile(join(folder, 'bin', 'calls'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Call);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(done: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await done())) await sleep(10);
}

const alive = async (): Promise<number> => (await calls()).filter(({ pid }) => isAlive(pid)).length;
const get = (to: Endpoint, path = '/info', signal = unlimited()) =>
  exchange(to, { method: 'GET', path }, signal, () => undefined);

test('what ssh is started with', async () => {
  await get(await opened());
  const [call] = await calls();
  expect(call?.args).toEqual([
    '-T',
    ...['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'ForwardAgent=no'],
    ...['-o', 'ClearAllForwardings=yes', '-o', 'ControlMaster=no', '-o', 'PermitLocalCommand=no'],
    ...['-o', 'LogLevel=ERROR', '-o', 'ServerAliveInterval=30', '-o', 'ConnectTimeout=10'],
    ...['-l', 'go', '-p', '2222', '--', 'build-2', 'docker', 'system', 'dial-stdio'],
  ]);
  expect(call?.env).toEqual({ PATH: join(folder, 'bin'), HOME: '/home/go', LC_ALL: 'C' });
  expect(call?.cwd).toBe('/');
});

test('an ssh that a relative PATH entry would find is not there', async () => {
  const docker = openTarget(target({ PATH: `bin::./bin:${folder}` }));
  expect(told(await failure(docker))).toMatchObject({
    code: 'DAEMON_SSH_FAILED',
    message: `ssh://go@build-2:2222 (field DockerHost) is reached by ssh, and this agent has no ssh: none in PATH (bin::./bin:${folder})`,
  });
});

test('requests share their connections, which are kept', async () => {
  const to = await opened();
  await get(to);
  await sleep(700); // longer than others are kept
  await get(to);
  await Promise.all(Array.from({ length: 8 }, () => get(to)));
  expect(fake.received).toHaveLength(10);
  expect(await calls()).toHaveLength(2);
});

test('beside two connections of their own, requests go on by one, and a third of its own waits for its turn', async () => {
  const to = await opened();
  await Promise.all([get(to), get(to)]);
  const own = [await to.connect(unlimited()), await to.connect(unlimited())];
  let most = 0;
  const timer = setInterval(() => void alive().then((now) => (most = Math.max(most, now))), 5);
  await Promise.all(Array.from({ length: 6 }, () => get(to)));
  const third = await to.connect(unlimited());
  await Promise.all([third, ...own].map(async (each) => each.destroy()));
  await get(to);
  clearInterval(timer);
  expect(most).toBeLessThanOrEqual(3);
});

test('one that waits for its turn can be given up', async () => {
  const to = await opened();
  const own = await Promise.all([1, 2, 3].map(() => to.connect(unlimited())));
  const cancel = new AbortController();
  const waiting = failure(to.connect(cancel.signal));
  const asking = failure(get(to, '/info', cancel.signal));
  await sleep(50);
  cancel.abort('signal');
  expect([await waiting, await asking]).toEqual(['signal', 'signal']);
  own[0]?.destroy();
  await get(to);
  expect(fake.received).toHaveLength(1);
});

test('closed: no process is left', async () => {
  const to = await opened();
  await Promise.all([get(to), get(to), to.connect(unlimited())]);
  await until(async () => (await alive()) === 3);
  to.close();
  await until(async () => (await alive()) === 0);
});

test('a cancelled request takes its process with it', async () => {
  const to = await opened();
  answer = () => undefined;
  const cancel = new AbortController();
  const asking = failure(get(to, '/info', cancel.signal));
  await until(() => fake.received.length === 1);
  cancel.abort('signal');
  expect(await asking).toBe('signal');
  await until(async () => (await alive()) === 0);
});

test('when all have been killed, what may be asked twice is asked by a new one', async () => {
  const to = await opened();
  await Promise.all([get(to), get(to)]);
  for (const { pid } of await calls()) process.kill(pid, 'SIGTERM');
  await exchange(to, { method: 'DELETE', path: '/images/a' }, unlimited(), () => undefined);
  await get(to);
  expect(fake.received.map(({ method }) => method)).toEqual(['GET', 'GET', 'DELETE', 'GET']);
});

test('what ssh says in the end is the error, for requests and for others', async () => {
  const words = 'Host key verification failed.';
  await ssh(
    `#!/bin/sh\ni=0; while [ $i -lt 400 ]; do echo "0123456789 0123456789 0123456789" >&2; i=$((i+1)); done\necho '${words}' >&2\nexit 255\n`,
  );
  const to = await opened();
  const error = (await failure(get(to))) as { code: string; words: string };
  expect(error.code).toBe('DAEMON_SSH_HOST_KEY');
  expect(error.words.endsWith(words)).toBe(true);
  expect(error.words.length).toBeLessThanOrEqual(8 * 1024);
  const own = await to.connect(unlimited());
  expect(await new Promise((resolve) => own.once('error', resolve))).toMatchObject({ code: 'DAEMON_SSH_HOST_KEY' });
});

test('an ssh that cannot be run', async () => {
  await ssh('#!/no/such/interpreter\n');
  const to = await opened();
  expect(await failure(get(to))).toMatchObject({
    code: 'DAEMON_SSH_FAILED',
    words: expect.stringContaining('ENOENT') as string,
  });
  expect(await failure(to.connect(unlimited()))).toMatchObject({ code: 'DAEMON_SSH_FAILED' });
});

test('a shell that talks before docker does', async () => {
  await ssh('#!/bin/sh\necho Welcome to build-2\nexec cat >/dev/null\n');
  expect(await failure(get(await opened()))).toMatchObject({ code: 'DAEMON_NOT_DOCKER' });
});
