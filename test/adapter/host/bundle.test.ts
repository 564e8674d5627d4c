import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { configurationReply } from '../../../src/config/configuration';
import { framesOf, HostProcess, type Exit } from './host-process';

const root = join(__dirname, '../../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const place = mkdtempSync(join(tmpdir(), 'bundle-'));
const dist = join(place, 'dist');
const bundle = join(dist, 'plugin.cjs');

const pack = (out: string): Promise<unknown> =>
  promisify(execFile)(process.execPath, [join(root, 'scripts/package.mjs'), '--bundle', '--out', out], { cwd: place });
const read = (name: string): string => readFileSync(join(dist, name), 'utf8');

beforeAll(() => pack(dist), 60_000);
afterAll(() => rmSync(place, { recursive: true }));

describe('the package', () => {
  it('is the same bytes from one run to the next', async () => {
    const again = join(place, 'again');
    await pack(again);
    const hash = (folder: string, name: string): string =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
    const files = [
      'plugin.cjs',
      'THIRD_PARTY_LICENSES.txt',
      'jar/plugin.cjs',
      'jar/configuration.json',
      'jar/view.json',
    ];
    for (const name of files) expect([name, hash(again, name)]).toEqual([name, hash(dist, name)]);
  }, 60_000);

  it('is one file under 2.5 MB that knows nothing of the machine it was made on', () => {
    const code = read('plugin.cjs');
    expect(Buffer.byteLength(code)).toBeLessThan(2_500_000);
    expect(code).not.toContain(root);
    expect(code).not.toContain(place);
    expect(code.split('\n')[0]).toBe('"use strict";process.on("SIGUSR1",()=>{});');
  });

  it('has the replies that a server without Node needs', () => {
    expect(read('jar/configuration.json')).toBe(configurationReply());
    const view = JSON.parse(read('jar/view.json')) as Record<string, string>;
    expect(view).toEqual({
      displayValue: 'Docker image to AWS ECR',
      template: readFileSync(join(root, 'templates/task.html'), 'utf8'),
    });
  });

  it('names whose work it holds, and nothing that is not in it', () => {
    const notices = read('THIRD_PARTY_LICENSES.txt');
    for (const name of ['express', 'dockerode', 'winston', 'ajv', 'tar-fs', '@aws-sdk/client-ecr']) {
      expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'));
    }
    expect(notices).not.toMatch(/^(ssh2|iconv-lite|cpu-features|@grpc\/grpc-js) \d/m);
  });
});

interface Ran extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

/** The bundle as a command, in a job folder of its own. */
async function command(
  args: readonly string[],
  input?: string,
  during?: (host: HostProcess) => Promise<void>,
): Promise<Ran> {
  const host = new HostProcess(bundle, args, { PATH: process.env['PATH'] }, place);
  if (input !== undefined) host.child.stdin?.end(input);
  await during?.(host);
  const exit = await host.exit;
  return { ...exit, stdout: host.stdout, stderr: host.stderr };
}

const USAGE = `gocd-ecr-task ${version}

  serve               the host that the GoCD plugin starts; reads its start line from stdin
  run REQUEST.json    one task, from the body of GoCD's execute request; - reads stdin
  check REQUEST.json  the same task, but every hop is only tried: nothing is built or pushed, and no file is written
  check FIELD=VALUE … the same without a request: fields as in the form, the current folder as the job's, the shell's
                      variables as the job's and the agent's; Tags is check unless it is given
                        check Repository=team/app Region=eu-west-1 DockerHost=tcp://build-2:2376
  --version

run and check end with 0 when all is well, with 1 when something failed, with 2 when there was nothing to run.
`;

describe('the command', () => {
  it('tells its version and its usage', async () => {
    expect(await command(['--version'])).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: '' });
    expect(await command(['--help'])).toEqual({ code: 0, signal: null, stdout: USAGE, stderr: '' });
    for (const args of [
      [],
      ['run'],
      ['run', 'a', 'b'],
      ['run', 'Repository=a'],
      ['check'],
      ['serve', 'x'],
      ['build'],
    ]) {
      expect(await command(args)).toEqual({ code: 2, signal: null, stdout: '', stderr: USAGE });
    }
  });
});

let job = 0;
async function jobFolder(): Promise<string> {
  const name = `job-${++job}`;
  await mkdir(join(place, name));
  await writeFile(join(place, name, 'Dockerfile'), 'FROM scratch\n');
  return name;
}

/** No AWS is asked in Mode=build with a typed host. */
function request(folder: string, fields: Record<string, string>, variables: Record<string, string> = {}): string {
  const all = { Repository: 'registry.example/shop/cart', Tags: '1', Mode: 'build', ...fields };
  const config = Object.fromEntries(Object.entries(all).map(([key, value]) => [key, { value }]));
  return JSON.stringify({ context: { workingDirectory: folder, environmentVariables: variables }, config });
}

describe('run', () => {
  it.each([
    ['nonsense', 'The request is not JSON'],
    ['{}', 'context of the request is not a JSON object'],
  ])('ends with 2 on %j', async (input, message) => {
    expect(await command(['run', '-'], input)).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: `gocd-ecr-task: -: ${message}\n`,
    });
  });

  it('ends with 2 on a file that is not there', async () => {
    expect(await command(['run', 'nowhere.json'])).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: 'gocd-ecr-task: nowhere.json: it cannot be read (ENOENT)\n',
    });
  });

  it('ends with 1 on a failure, its message last, its files in the job folder below the current one', async () => {
    const folder = await jobFolder();
    await writeFile(join(place, 'request.json'), request(folder, { DockerHost: `unix://${place}/none.sock` }));
    const ran = await command(['run', 'request.json']);
    expect([ran.code, ran.stderr]).toEqual([1, '']);
    expect(ran.stdout.trimEnd().split('\n').at(-1)).toMatch(/^DAEMON_NO_SOCKET: /);
    expect((await readdir(join(place, folder))).sort()).toEqual([
      'Dockerfile',
      'ecr-image.failed.json',
      'ecr-image.log',
    ]);
  });
});

describe('check', () => {
  it('tries the same task, whatever its Mode says', async () => {
    const fields = {
      Repository: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b',
      DockerHost: `unix://${place}/no.sock`,
    };
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'no-secret-at-all' };
    const nobody = { AWS_ENDPOINT_URL_ECR: 'http://127.0.0.1:1' };
    const folder = await jobFolder();
    const ran = await command(['check', '-'], request(folder, fields, { ...keys, ...nobody }));
    expect(ran.code).toBe(1);
    expect(ran.stdout.split('\n')[0]).toBe(
      `gocd-ecr-task ${version}, Node ${process.version} on ${process.platform} ${process.arch}   check: every hop is tried, nothing is built or pushed`,
    );
    expect(ran.stdout.trimEnd().split('\n').at(-1)).toMatch(/^AWS_\w+: .* \(and \d more hops failed: .*endpoint\)/);
    expect(ran.stdout).toContain('DAEMON_NO_SOCKET');
    expect(ran.stdout).not.toContain('no-secret-at-all');
    expect(await readdir(join(place, folder))).toEqual(['Dockerfile']);
  });
});

describe('check of fields', () => {
  it('needs no request: the current folder is the job, the shell its variables', async () => {
    const ran = await command(['check', 'Repository=registry.example/${GO_X}', `DockerHost=unix://${place}/no.sock`]);
    expect([ran.code, ran.stderr]).toEqual([1, '']);
    expect(ran.stdout).toContain('CONFIG_INVALID   1 problem\n');
    expect(ran.stdout).toContain('CHECK FAILED');
  });

  it('ends with 2 on what is no field', async () => {
    expect(await command(['check', 'Repositry=a'])).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: 'gocd-ecr-task: there is no field Repositry; is Repository meant\n',
    });
  });
});

/** A daemon that takes connections and never answers. */
class SilentDaemon {
  readonly path = join(mkdtempSync(join(tmpdir(), 'silent-')), 'd.sock');
  connected = 0;
  readonly server: Server = createServer((socket) => {
    this.connected++;
    socket.on('error', () => undefined);
  });
  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(this.path, resolve));
  }
  close(): void {
    this.server.close();
    rmSync(join(this.path, '..'), { recursive: true });
  }
}

describe('a daemon that never answers', () => {
  const daemon = new SilentDaemon();
  beforeAll(() => daemon.listen());
  afterAll(() => daemon.close());

  it.each(['SIGTERM', 'SIGINT'] as const)('run is cancelled by %s', async (signal) => {
    const input = request(await jobFolder(), { DockerHost: `unix://${daemon.path}` });
    const before = daemon.connected;
    const ran = await command(['run', '-'], input, async (host) => {
      await host.until(() => daemon.connected > before);
      host.child.kill(signal);
    });
    expect([ran.code, ran.signal]).toEqual([1, null]);
    expect(ran.stdout.trimEnd().split('\n').at(-1)).toBe('CANCELLED: in preflight. No tag was pushed');
  });

  it('run is cancelled when nobody reads it', async () => {
    const folder = await jobFolder();
    const ran = await command(['run', '-'], request(folder, { DockerHost: `unix://${daemon.path}` }), async (host) => {
      host.child.stdout?.destroy();
    });
    expect(ran.code).toBe(1);
    const failure = await readFile(join(place, folder, 'ecr-image.failed.json'), 'utf8');
    expect(JSON.parse(failure)).toMatchObject({ ended: 'cancelled' });
  });

  it('an execute is cancelled by SIGTERM, answered, and the process is gone', async () => {
    const folder = await jobFolder();
    const host = new HostProcess(bundle, ['serve']);
    host.start(place);
    await host.listening();
    const before = daemon.connected;
    const body = request(folder, { DockerHost: `unix://${daemon.path}` });
    const answer = host.post('/task/1.0/execute', { body });
    await host.until(() => daemon.connected > before);
    host.child.kill('SIGTERM');
    expect(framesOf(await answer).at(-1)).toEqual({
      response: { success: false, message: 'CANCELLED: in preflight. No tag was pushed' },
    });
    expect(await host.exit).toEqual({ code: 143, signal: null });
    expect(await readdir(join(place, folder))).toContain('ecr-image.failed.json');
  });
});

describe('serve', () => {
  const started = async (env?: Record<string, string>): Promise<HostProcess> => {
    const host = new HostProcess(bundle, ['serve']);
    host.start(place, env);
    await host.listening();
    return host;
  };

  it('answers what the jar answers, and validates', async () => {
    const host = await started();
    expect((await host.post('/task/1.0/configuration')).body).toBe(read('jar/configuration.json'));
    expect((await host.post('/task/1.0/view')).body).toBe(read('jar/view.json'));
    const body = '{"Repository":{"value":"shop/cart"},"Tags":{"value":"1"}}';
    expect((await host.post('/task/1.0/validate', { body })).body).toBe('{}');
    await host.kill();
    expect(host.stdout.split('\n')).toHaveLength(2);
  });

  it('opens no inspector on SIGUSR1, neither before it is asked nor after', async () => {
    const host = new HostProcess(bundle, ['serve']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    host.child.kill('SIGUSR1');
    host.start(place);
    await host.listening();
    host.child.kill('SIGUSR1');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await host.post('/task/1.0/view')).status).toBe(200);
    await host.kill();
    expect(host.stderr).toBe('');
  });

  it('takes settings from the environment of its start line, and not from its own or a job', async () => {
    const body = async (): Promise<string> =>
      request(await jobFolder(), { DockerHost: 'near' }, { GOCD_ECR_SETTINGS: '/of-the-job.json' });
    const [frames] = await Promise.all([
      started({ GOCD_ECR_SETTINGS: '/of-the-agent.json' }).then(async (host) =>
        framesOf(await host.post('/task/1.0/execute', { body: await body() })),
      ),
    ]);
    expect(frames.at(-1)?.response?.message).toContain("The agent's settings file /of-the-agent.json");
  });

  it('hides a secret that only GoCD knows of, in every line, in the reply and in the files', async () => {
    const folder = await jobFolder();
    const host = await started();
    const answer = await host.post('/task/1.0/execute', {
      headers: { ...host.headers, 'GoCD-ECR-Secure': 'PLAIN' },
      body: request(folder, { Tags: '${PLAIN}' }, { PLAIN: 'known to gocd only' }),
    });
    await host.exit;
    const files = await Promise.all(
      (await readdir(join(place, folder))).map((name) => readFile(join(place, folder, name), 'utf8')),
    );
    const all = [answer.body, host.stderr, ...files].join('\n');
    expect(all).toContain('CONFIG_INVALID');
    expect(all).not.toContain('known to gocd only');
  });

  it('keeps nothing of its own environment in a job', async () => {
    const host = new HostProcess(bundle, ['serve'], { PATH: process.env['PATH'], DOCKER_HOST: 'tcp://evil.example:1' });
    host.start(place, { DOCKER_HOST: `unix://${place}/of-the-agent.sock` });
    await host.listening();
    const frames = framesOf(await host.post('/task/1.0/execute', { body: request(await jobFolder(), {}) }));
    expect(frames.at(-1)?.response?.message).toContain('of-the-agent.sock');
    expect(JSON.stringify(frames)).not.toContain('evil.example');
  });
});
