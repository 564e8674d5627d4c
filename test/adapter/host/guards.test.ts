import { connect, type Socket } from 'node:net';
import { executeBody, fakeHost, HostProcess, type Answer } from './host-process';

const bundle = fakeHost();
let host: HostProcess;
beforeAll(async () => {
  host = await HostProcess.started(bundle);
});
afterAll(() => host.kill());

const VIEW = '/task/1.0/view';

function dial(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(host.port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}

/** Bytes as they are; answers what came back until the host closed. */
async function raw(text: string): Promise<string> {
  const socket = await dial();
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  socket.write(text);
  await new Promise((resolve) => socket.on('close', resolve));
  return answer;
}

function refusal(status: number, code: string, message: string): object {
  return { status, body: JSON.stringify({ code, message }) };
}

function seen({ status, body }: Answer): object {
  return { status, body };
}

describe('who may ask', () => {
  const noToken = refusal(401, 'UNAUTHORIZED', 'The request does not carry the token of this process');

  it.each([
    ['no token', {}],
    ['another token', { Authorization: `Bearer ${'0'.repeat(64)}` }],
    ['a part of the token', 'part'],
    ['the token in another scheme', 'basic'],
  ])('not: %s', async (_name, given) => {
    const headers =
      given === 'part'
        ? { Authorization: `Bearer ${host.token.slice(0, 63)}` }
        : given === 'basic'
          ? { Authorization: `Basic ${host.token}` }
          : (given as object);
    for (const path of [VIEW, '/task/1.0/execute', '/task/1.0/validate', '/nothing', '/']) {
      expect(seen(await host.post(path, { headers: headers as Record<string, string> }))).toEqual(noToken);
    }
  });

  it.each(['localhost', '127.0.0.1', 'evil.example', '127.0.0.1:1', '[::1]'])('not: for host %s', async (name) => {
    const foreign = refusal(403, 'FOREIGN_HOST', 'The request is for another host');
    for (const path of [VIEW, '/hello']) {
      const headers = { ...host.headers, Host: name };
      expect(seen(await host.post(path, { headers, body: '{"nonce":"0123456789abcdef"}' }))).toEqual(foreign);
    }
  });

  it('not: for localhost with the right port', async () => {
    const headers = { ...host.headers, Host: `localhost:${host.port}` };
    expect((await host.post(VIEW, { headers })).status).toBe(403);
  });

  it('not: for two hosts at once', async () => {
    const hosts = `Host: 127.0.0.1:${host.port}\r\nHost: evil.example\r\n`;
    const answer = await raw(
      `POST ${VIEW} HTTP/1.1\r\n${hosts}Authorization: Bearer ${host.token}\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 403 Forbidden');
  });

  it.each([VIEW, '/hello'])('not: a web page, at %s', async (path) => {
    const headers = { ...host.headers, Origin: 'http://127.0.0.1' };
    expect(seen(await host.post(path, { headers, body: '{"nonce":"0123456789abcdef"}' }))).toEqual(
      refusal(403, 'FOREIGN_ORIGIN', 'The request comes from a web page'),
    );
  });

  it('is decided before the body is there', async () => {
    const socket = await dial();
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    const head = `POST /task/1.0/execute HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nContent-Length: 1000\r\n`;
    socket.write(`${head}Authorization: Bearer ${'0'.repeat(64)}\r\n\r\n`);
    await host.until(() => answer.includes('UNAUTHORIZED'));
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 401 Unauthorized');
    socket.destroy();
  });

  it('is decided before anybody is told to send a body', async () => {
    const head = `POST ${VIEW} HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nContent-Length: 0\r\nExpect: 100-continue\r\n`;
    const answer = await raw(`${head}Authorization: Bearer ${'0'.repeat(64)}\r\n\r\n`);
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 417 Expectation Failed');
  });

  it('does not use up the one task', async () => {
    await host.post('/task/1.0/execute', { headers: {}, body: executeBody('echo') });
    expect((await host.post(VIEW)).status).toBe(200);
  });
});

describe('what may be asked', () => {
  const unknown = refusal(404, 'UNKNOWN_REQUEST', 'There is no such request');

  it.each([
    '/',
    '/task/1.0/',
    '/task/1.0/configure',
    '/task/2.0/view',
    '/task/1.0/view/',
    '/Task/1.0/view',
    '/hello/x',
  ])('not %s', async (path) => {
    expect(seen(await host.post(path))).toEqual(unknown);
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('not by %s', async (method) => {
    for (const path of [VIEW, '/hello']) expect(seen(await host.post(path, { method }))).toEqual(unknown);
  });

  it('configuration, view and validate, as often as one likes', async () => {
    for (let count = 0; count < 3; count++) {
      const configuration = await host.post('/task/1.0/configuration');
      expect(seen(configuration)).toEqual({ status: 200, body: '{"Repository":{}}' });
      expect(configuration.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(configuration.headers['x-powered-by']).toBeUndefined();
      expect((await host.post(VIEW)).body).toBe('{"displayValue":"x","template":"y"}');
      const body = '{"Täg":{"value":"ü"}}';
      expect((await host.post('/task/1.0/validate', { body })).body).toBe('{"errors":{"Täg":"ü"}}');
    }
  });
});

describe('limits', () => {
  it('of a malformed body', async () => {
    const bad = (message: string): object => refusal(400, 'MALFORMED', message);
    const validate = async (body: string | Buffer): Promise<object> =>
      seen(await host.post('/task/1.0/validate', { body }));
    expect(await validate('{"a":')).toEqual(bad('The request is not JSON'));
    expect(await validate(`{"a":${'['.repeat(70)}`)).toEqual(bad('The request is nested more than 64 deep'));
    expect(await validate(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).toEqual(bad('The request is not UTF-8'));
    const encoded = { ...host.headers, 'Content-Encoding': 'gzip' };
    expect(seen(await host.post('/task/1.0/validate', { headers: encoded, body: '{}' }))).toEqual(
      refusal(415, 'ENCODED_BODY', 'The request has a Content-Encoding, which nobody needs on loopback'),
    );
  });

  it('of a body: 16 MiB, and not a byte more', async () => {
    const fitting = Buffer.alloc(16 * 1024 * 1024, ' ');
    fitting.write('{}');
    expect((await host.post('/task/1.0/validate', { body: fitting })).status).toBe(200);
    const over = Buffer.concat([fitting, Buffer.from(' ')]);
    const tooLarge = refusal(413, 'BODY_TOO_LARGE', 'The request has a body of more than 16777216 bytes');
    expect(seen(await host.post('/task/1.0/validate', { body: over }))).toEqual(tooLarge);
    const chunked = { ...host.headers, 'Transfer-Encoding': 'chunked' };
    expect(seen(await host.post('/task/1.0/validate', { headers: chunked, body: over }))).toEqual(tooLarge);
  });

  it('of a hello: 1 KiB', async () => {
    const hello = async (length: number): Promise<object> =>
      seen(await host.post('/hello', { headers: {}, body: `{"nonce":"0123456789abcdef"}`.padEnd(length) }));
    expect(await hello(1024)).toMatchObject({ status: 200 });
    expect(await hello(1025)).toEqual(refusal(413, 'BODY_TOO_LARGE', 'The request has a body of more than 1024 bytes'));
  });

  it('of a length that is only claimed: nothing is allocated for it', async () => {
    const head = `POST /task/1.0/validate HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nAuthorization: Bearer ${host.token}\r\n`;
    const socket = await dial();
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.write(`${head}Content-Length: 9007199254740991\r\n\r\n`);
    await host.until(() => answer.includes('BODY_TOO_LARGE'));
    socket.destroy();
    expect((await host.post(VIEW)).status).toBe(200);
  });

  it('of headers leave room for many properties and secure variables', async () => {
    const values = Array.from({ length: 3_000 }, (_, at) => `SECRET_VARIABLE_${at}`);
    const other = await HostProcess.started(bundle);
    const frames = await other.execute('echo', { 'GoCD-ECR-Secure': values, 'GoCD-ECR-Setting': ['a.b=c%2Cd', 'e=f'] });
    expect(JSON.parse(frames[3]?.line ?? '')).toEqual(values);
    expect(frames[2]?.line).toBe('[["a.b","c,d"],["e","f"]]');
    await other.kill();
  });

  it('end with what is not HTTP', async () => {
    expect(await raw('nonsense\r\n\r\n')).toBe('');
    expect((await host.post(VIEW)).status).toBe(200);
  });
});

describe('a fault of ours', () => {
  it('is answered without a word of it, and logged as its code and masked text', async () => {
    const answer = await host.post('/task/1.0/validate', { body: '{"Crash":{"value":"x"}}' });
    expect(seen(answer)).toEqual(
      refusal(
        500,
        'PLUGIN_FAULT',
        'PLUGIN_FAULT: gocd-ecr-task itself failed. Please report this with ecr-image.log, in which secrets are masked',
      ),
    );
    await host.until(() => host.stderr.includes('TypeError'));
    expect(host.stderr).toContain('"message":"TypeError: no **** here"');
    expect(host.stderr).not.toContain('hunter2');
    expect(host.stderr).not.toContain('"headers"');
    expect((await host.post(VIEW)).status).toBe(200);
  });
});
