import { buildSync } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { request, type Agent, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The fake host as one file, built once for each test file. */
export function fakeHost(): string {
  const outfile = join(mkdtempSync(join(tmpdir(), 'fake-host-')), 'host.cjs');
  buildSync({
    entryPoints: [join(__dirname, 'fake-host.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return outfile;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Frame {
  readonly line?: string;
  readonly response?: { readonly success: boolean; readonly message: string };
}

export interface PostOptions {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  readonly method?: string;
}

/** A host process as the bridge starts one. */
export class HostProcess {
  readonly token = randomBytes(32).toString('hex');
  readonly child: ChildProcess;
  readonly exit: Promise<Exit>;
  stdout = '';
  stderr = '';
  port = 0;

  constructor(
    bundle: string,
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = { PATH: process.env['PATH'] },
    cwd = '/',
  ) {
    this.child = spawn(process.execPath, [bundle, ...args], { stdio: 'pipe', env, cwd });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.child.stdin?.on('error', () => undefined); // it ended first
    this.exit = new Promise((resolve) => this.child.on('close', (code, signal) => resolve({ code, signal })));
  }

  static async started(bundle: string, args?: readonly string[]): Promise<HostProcess> {
    const host = new HostProcess(bundle, args);
    host.start();
    await host.listening();
    return host;
  }

  start(cwd = '/', env: Record<string, string> = {}): void {
    this.child.stdin?.write(`${JSON.stringify({ token: this.token, cwd, env })}\n`);
  }

  async listening(): Promise<{ port: number; pid: number; version: string }> {
    await this.until(() => this.stdout.includes('\n'));
    const line = JSON.parse(this.stdout) as { port: number; pid: number; version: string };
    this.port = line.port;
    return line;
  }

  get headers(): OutgoingHttpHeaders {
    return { Authorization: `Bearer ${this.token}` };
  }

  /** Sends the whole request, and reads the whole answer. */
  async post(path: string, options: PostOptions = {}): Promise<Answer> {
    const response = await this.open(path, options);
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) body += chunk as string;
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  }

  open(
    path: string,
    { headers = this.headers, body = '', agent, method = 'POST' }: PostOptions = {},
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: this.port, path, method, headers, ...(agent && { agent }) },
        resolve,
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async execute(behaviour: string, headers: OutgoingHttpHeaders = {}): Promise<readonly Frame[]> {
    const body = executeBody(behaviour);
    return framesOf(await this.post('/task/1.0/execute', { headers: { ...this.headers, ...headers }, body }));
  }

  /** Until it is so; a test's own time limit ends a wait that is in vain. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }
}

export function executeBody(workingDirectory: string): string {
  return JSON.stringify({
    context: { workingDirectory, environmentVariables: { GO_JOB_NAME: 'build' } },
    config: { Repository: { value: 'shop/cart', secure: false, required: true } },
  });
}

export function framesOf({ status, body }: Answer): readonly Frame[] {
  expect(status).toBe(200);
  return body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Frame);
}
