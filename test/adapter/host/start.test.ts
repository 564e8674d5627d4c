import { connect } from 'node:net';
import { createHmac } from 'node:crypto';
import { Agent, type IncomingMessage } from 'node:http';
import { executeBody, fakeHost, HostProcess } from './host-process';

const bundle = fakeHost();
const hosts: HostProcess[] = [];
const fresh = (): HostProcess => {
  const host = new HostProcess(bundle);
  hosts.push(host);
  return host;
};
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.kill();
});

async function bodyOf(response: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk as string;
  return body;
}

function logOf(host: HostProcess): { level: string; message: string }[] {
  return host.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { level: string; message: string });
}

describe('the start', () => {
  it('is one line in and one line out', async () => {
    const host = fresh();
    host.start();
    const line = await host.listening();
    expect(line).toEqual({ port: expect.any(Number) as number, pid: host.child.pid, version: '9.9.9' });
    expect(line.port).toBeGreaterThan(0);
    expect(host.stdout).toBe(`{"port":${line.port},"pid":${line.pid},"version":"9.9.9"}\n`);
  });

  it.each([
    ['', 'There is no start line'],
    ['{}\n', 'The start line has no token of 32 bytes in hex'],
    [`{"token":"${'a'.repeat(62)}","cwd":"/"}\n`, 'The start line has no token of 32 bytes in hex'],
    [`{"token":"${'a'.repeat(64)}"}\n`, 'The start line has no cwd'],
    ['s3cret nonsense\n', 'The start line is not JSON'],
  ])('does not happen on %j', async (line, reason) => {
    const host = fresh();
    host.child.stdin?.end(line);
    expect(await host.exit).toEqual({ code: 2, signal: null });
    expect(host.stdout).toBe('');
    expect(logOf(host).map(({ level, message }) => ({ level, message }))).toEqual([
      { level: 'error', message: `START_LINE: ${reason}` },
    ]);
  });

  it('does not happen on a line without an end, however long', async () => {
    const host = fresh();
    host.child.stdin?.write(Buffer.alloc(17 * 1024 * 1024, 'a'));
    expect(await host.exit).toEqual({ code: 2, signal: null });
    expect(logOf(host)[0]?.message).toBe('START_LINE: The start line is longer than 16777216 bytes');
  });

  it('listens on 127.0.0.1 and nowhere else', async () => {
    const host = fresh();
    host.start();
    const { port } = await host.listening();
    const dial = (address: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(port, address, () => resolve('connected'));
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
        socket.on('connect', () => socket.destroy());
      });
    expect(await dial('127.0.0.1')).toBe('connected');
    expect(await dial('127.0.0.2')).toBe('ECONNREFUSED');
  });
});

describe('waiting', () => {
  it('for a start line ends', async () => {
    const host = new HostProcess(bundle, ['15000:100']);
    hosts.push(host);
    expect(await host.exit).toEqual({ code: 2, signal: null });
    expect(logOf(host)[0]?.message).toBe('START_LINE: no start line came within 15 s');
  });

  const idle = (): Promise<HostProcess> => HostProcess.started(bundle, ['600000:600']);
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));

  it('for a request ends, whatever somebody without the token sends', async () => {
    const host = await idle();
    hosts.push(host);
    const hello = { headers: {}, body: '{"nonce":"0123456789abcdef"}' };
    while (host.child.exitCode === null)
      await Promise.all([pause(), host.post('/hello', hello).catch(() => undefined)]);
    expect(await host.exit).toEqual({ code: 0, signal: null });
  });

  it('begins anew with each request', async () => {
    const host = await idle();
    hosts.push(host);
    for (let count = 0; count < 6; count++) {
      expect((await host.post('/task/1.0/view')).status).toBe(200);
      await pause();
    }
    expect(host.child.exitCode).toBeNull();
    expect(await host.exit).toEqual({ code: 0, signal: null });
  });

  it('is over when the task comes', async () => {
    const host = await idle();
    hosts.push(host);
    const response = await host.open('/task/1.0/execute', { body: executeBody('polite') });
    const text = bodyOf(response);
    for (let count = 0; count < 6; count++) await pause();
    expect(host.child.exitCode).toBeNull();
    host.child.kill('SIGTERM');
    expect(await text).toContain('stopped by signal');
  });
});

describe('hello', () => {
  it('proves that it knows the token, on the socket that then carries the request', async () => {
    const host = fresh();
    host.start();
    await host.listening();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const nonce = 'ab'.repeat(32);
    const hello = await host.open('/hello', { headers: {}, body: JSON.stringify({ nonce }), agent });
    const proof = createHmac('sha256', Buffer.from(host.token, 'hex')).update(`${nonce}:${host.port}`).digest('hex');
    expect(await bodyOf(hello)).toBe(JSON.stringify({ proof }));
    const view = await host.open('/task/1.0/view', { agent });
    expect(await bodyOf(view)).toBe('{"displayValue":"x","template":"y"}');
    expect(view.socket).toBe(hello.socket);
    agent.destroy();
  });
});
