import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

// An address that is not loopback by name, and yet is this machine: so the test needs no other one.
const ELSEWHERE = '0.0.0.0';

let place: string;
let job: string;
let agent: string;
let program: string;
let daemon: Server;
let connections: number;

beforeAll(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), 'plaintext-')));
  program = join(place, 'dist/plugin.cjs');
  const script = join(__dirname, '../../../scripts/package.mjs');
  await promisify(execFile)(process.execPath, [script, '--bundle', '--out', join(place, 'dist')], { cwd: place });
  [job, agent] = [join(place, 'job'), join(place, 'agent')];
  for (const folder of [job, agent]) await mkdir(folder);
  await writeFile(join(job, 'Dockerfile'), 'FROM scratch\n');
  daemon = createServer((socket) => {
    connections++;
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 503 no\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve) => daemon.listen(0, ELSEWHERE, resolve));
}, 60_000);
beforeEach(() => (connections = 0));
afterAll(async () => {
  daemon.close();
  await rm(place, { recursive: true });
});

const url = (): string => `tcp://${ELSEWHERE}:${(daemon.address() as AddressInfo).port}`;

/** The last line that the task prints. */
function run(fields: Record<string, string>, environment: Record<string, string> = {}): Promise<string> {
  const all = { Repository: 'registry.example/shop/cart', Tags: '1', Mode: 'build', ...fields };
  const config = Object.fromEntries(Object.entries(all).map(([key, value]) => [key, { value }]));
  const request = JSON.stringify({ context: { workingDirectory: job, environmentVariables: {} }, config });
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], HOME: place, ...environment };
    const child = execFile(process.execPath, [program, 'run', '-'], { cwd: place, env }, (_error, stdout) => {
      resolve(stdout.trimEnd().split('\n').at(-1) ?? '');
    });
    child.stdin?.end(request);
  });
}

let files = 0;
async function settings(mode: number, allowed: boolean): Promise<Record<string, string>> {
  const file = join(agent, `ecr-${++files}.json`);
  await writeFile(file, JSON.stringify({ 'daemon.dind': url(), 'daemon.dind.plaintext': allowed }));
  await chmod(file, mode);
  return { GOCD_ECR_SETTINGS: file };
}

test('no byte goes to another machine in plain text', async () => {
  expect(await run({ DockerHost: url() })).toMatch(/^DAEMON_PLAINTEXT: /);
  expect(await run({}, { DOCKER_HOST: url() })).toMatch(/^DAEMON_PLAINTEXT: /);
  expect(await run({ DockerHost: 'dind' }, await settings(0o600, false))).toMatch(/^DAEMON_PLAINTEXT: /);
  expect(connections).toBe(0);
});

test('TLS that verifies nobody is none: no byte goes there either', async () => {
  expect(await run({}, { DOCKER_HOST: url(), DOCKER_TLS: '1' })).toMatch(/^DAEMON_PLAINTEXT: /);
  expect(connections).toBe(0);
});

test("the agent's settings may name such a daemon, and then it is asked", async () => {
  expect(await run({ DockerHost: 'dind' }, await settings(0o600, true))).not.toMatch(/^(DAEMON_PLAINTEXT|CONFIG)/);
  expect(connections).toBeGreaterThan(0);
});

test.each([0o666, 0o620, 0o602])('settings that others may write (mode %i) allow nothing', async (mode) => {
  expect(await run({ DockerHost: 'dind' }, await settings(mode, true))).toMatch(
    /^CONFIG_INVALID: The agent's settings file .* can be written by others/,
  );
  expect(connections).toBe(0);
});
