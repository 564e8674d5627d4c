import { buildSync } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Authority } from './certificates';
import { json, startFakeDaemon } from './fake-daemon';

const run = promisify(execFile);
const root = join(__dirname, '..', '..', '..');
let folder: string;
let program: string;

// In a process of its own: parts of Node read the environment once, at their start.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'environment-'));
  program = join(folder, 'describe.cjs');
  const entry = join(folder, 'describe.ts');
  await writeFile(
    entry,
    `import { openDocker } from ${JSON.stringify(join(root, 'src/docker/docker-adapter'))};
     import { Secret } from ${JSON.stringify(join(root, 'src/domain/secret'))};
     const daemon = JSON.parse(process.argv[2]);
     const signal = new AbortController().signal;
     const told = (error) => console.log(JSON.stringify({ code: error.code, message: error.message, words: error.words }));
     (async () => {
       const docker = await openDocker({ daemon, files: { jobFolder: '/' } }, { register: () => undefined });
       await docker.login({ host: 'r.example', username: 'AWS', password: new Secret('hunter2hunter2') }, signal);
       console.log(JSON.stringify(await docker.describe(signal)));
     })().catch(told);`,
  );
  buildSync({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', packages: 'external' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function describeIn(environment: Record<string, string>, daemon: object): Promise<{ out: unknown; err: string }> {
  const env = { PATH: process.env['PATH'], NODE_PATH: join(root, 'node_modules'), ...environment };
  const { stdout, stderr } = await run(process.execPath, [program, JSON.stringify(daemon)], { env });
  return { out: JSON.parse(stdout) as unknown, err: stderr };
}

const display = { value: 'the daemon', origin: { kind: 'field', name: 'DockerHost' } };
const found = { product: 'Docker', apiVersion: '1.41' };

// Slow, so that a DOCKER_CLIENT_TIMEOUT of 1 ms would end it.
const startDaemon = (listen: Parameters<typeof startFakeDaemon>[1] = {}): ReturnType<typeof startFakeDaemon> =>
  startFakeDaemon((_, response) => void setTimeout(() => json(response, 200, { ApiVersion: '1.41' }), 50), listen);

// Each of these would send the request elsewhere, end it, or throw in docker-modem's constructor.
const hostile: readonly Record<string, string>[] = [
  { DOCKER_HOST: 'tcp://127.0.0.1:1' },
  { DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' },
  { DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_CLIENT_TIMEOUT: '1', DOCKER_PATH_PREFIX: '/evil/' },
  { DOCKER_HOST: 'ssh://nobody@127.0.0.1:1', SSH_AUTH_SOCK: '/nowhere' },
  { DOCKER_HOST: 'unix:///nowhere.sock' },
  { DOCKER_HOST: 'http://[' },
  { HTTP_PROXY: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:1' },
];

test.each(hostile)('the socket of the plan, whatever the environment says: %j', async (environment) => {
  const fake = await startDaemon();
  try {
    const { out } = await describeIn(environment, { kind: 'unix', socketPath: fake.socketPath, display });
    expect(out).toMatchObject(found);
    expect(fake.received.map(({ path }) => path).sort()).toEqual(['/_ping', '/auth', '/info', '/version']);
  } finally {
    await fake.stop();
  }
});

test.each(hostile)('the tcp address of the plan, whatever the environment says: %j', async (environment) => {
  const fake = await startDaemon({ on: 'tcp' });
  try {
    const { out } = await describeIn(environment, { kind: 'tcp', host: '127.0.0.1', port: fake.port, display });
    expect(out).toMatchObject(found);
    expect(fake.received).toHaveLength(4);
  } finally {
    await fake.stop();
  }
});

test('NODE_TLS_REJECT_UNAUTHORIZED=0 turns no verification off', async () => {
  const authority = await Authority.create(join(folder, 'authority'), 'own');
  const fake = await startDaemon({ tls: await authority.issue('server', 'subjectAltName=IP:127.0.0.1') });
  try {
    const daemon = { kind: 'tcp', host: '127.0.0.1', port: fake.port, display, tls: { verify: true } };
    const { out } = await describeIn({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, daemon);
    expect(out).toEqual({
      code: 'DAEMON_TLS',
      message:
        'The certificate of the daemon at the daemon (field DockerHost) was not signed by an authority that this system knows',
      words: 'unable to verify the first certificate',
    });
    expect(fake.received).toEqual([]);
  } finally {
    await fake.stop();
  }
});

test('DEBUG prints what docker-modem does, but no header and no key', async () => {
  const fake = await startDaemon();
  try {
    const daemon = { kind: 'unix', socketPath: fake.socketPath, display };
    const { out, err } = await describeIn({ DEBUG: '*' }, daemon);
    expect(out).toMatchObject(found);
    expect(err).toContain('modem Sending');
    expect(err).toContain('headers: ****');
    expect(err).not.toContain('hunter2hunter2');
  } finally {
    await fake.stop();
  }
});
