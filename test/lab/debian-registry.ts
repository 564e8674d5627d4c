import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import * as http from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './command';
import { systemPath } from './places';
import { runMarker } from './reaper';
import { freePort } from './relay';

/** Debian's docker-registry, with a user AWS and a password that only the lab knows. */

export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export class RegistryUpstream {
  readonly authorization: string;
  readonly agent = new http.Agent({ keepAlive: true });

  constructor(
    readonly port: number,
    password: string,
  ) {
    this.authorization = `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`;
  }

  call(method: string, path: string, headers: http.OutgoingHttpHeaders = {}, body?: Buffer): Promise<UpstreamAnswer> {
    return new Promise((resolve, reject) => {
      const all = { ...headers, authorization: this.authorization };
      const options = { host: '127.0.0.1', port: this.port, method, path, headers: all, agent: this.agent };
      const request = http.request(options, (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('error', reject);
        reply.on('end', () =>
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks) }),
        );
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}

export interface DebianRegistry {
  readonly upstream: RegistryUpstream;
  stop(): Promise<void>;
}

async function configure(folder: string, port: number, password: string): Promise<string> {
  await mkdir(join(folder, 'data'), { recursive: true });
  // The cheapest bcrypt: every request pays for it.
  await writeFile(join(folder, 'htpasswd'), await run('htpasswd', ['-niB', '-C', '4', 'AWS'], password));
  const settings = {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}`, secret: randomBytes(16).toString('hex') },
    auth: { htpasswd: { realm: 'lab', path: join(folder, 'htpasswd') } },
  };
  const file = join(folder, 'config.yml');
  await writeFile(file, JSON.stringify(settings)); // JSON is YAML
  return file;
}

function serve(labFolder: string, folder: string, configuration: string): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'docker-registry', 'serve', configuration], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: systemPath(), [runMarker]: labFolder, OTEL_TRACES_EXPORTER: 'none' },
  });
  closeSync(log);
  return child;
}

export async function startDebianRegistry(labFolder: string, name: string): Promise<DebianRegistry> {
  const folder = join(labFolder, name);
  await mkdir(folder);
  const [port, password] = [await freePort(), randomBytes(24).toString('hex')];
  const child = serve(labFolder, folder, await configure(folder, port, password));
  const upstream = new RegistryUpstream(port, password);
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = `exit ${code ?? signal ?? '?'}`));
  const stop = async (): Promise<void> => {
    upstream.agent.destroy();
    if (ended !== undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  for (const started = Date.now(); Date.now() - started < 15_000; await sleep(10)) {
    const answer = await upstream.call('GET', '/v2/').catch(() => undefined);
    if (answer?.status === 200) return { upstream, stop };
    if (ended !== undefined) break;
  }
  const said = (await readFile(join(folder, 'log'), 'utf8')).trim();
  await stop();
  throw new Error(`docker-registry did not start (${ended ?? 'no answer'}); test/lab/setup.sh installs it\n${said}`);
}
