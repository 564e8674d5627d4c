import { executeBody, fakeHost, framesOf, HostProcess, type Frame } from './host-process';

const bundle = fakeHost();
const hosts: HostProcess[] = [];
const started = async (): Promise<HostProcess> => {
  const host = await HostProcess.started(bundle);
  hosts.push(host);
  return host;
};
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.kill();
});

const EXECUTE = '/task/1.0/execute';

describe('execute', () => {
  it('gets the whole request, answers in frames, and the process ends', async () => {
    const host = await started();
    const answer = await host.post(EXECUTE, {
      headers: { ...host.headers, 'GoCD-ECR-Setting': 'daemon.b=tcp%3A%2F%2Fx', 'GoCD-ECR-Secure': ['A', 'B'] },
      body: executeBody('echo'),
    });
    expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(answer.headers.connection).toBe('close');
    expect(framesOf(answer)).toEqual([
      { line: '[["GO_JOB_NAME","build"]]' },
      { line: '[["Repository","shop/cart"]]' },
      { line: '[["daemon.b","tcp://x"]]' },
      { line: '["A","B"]' },
      { response: { success: true, message: 'echoed' } },
    ]);
    expect(await host.exit).toEqual({ code: 0, signal: null });
    expect(host.stdout).toBe(`{"port":${host.port},"pid":${host.child.pid},"version":"9.9.9"}\n`);
  });

  it('streams each line when it is printed', async () => {
    const host = await started();
    const response = await host.open(EXECUTE, { body: executeBody('polite') });
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await host.until(() => text === '{"line":"working"}\n');
    host.child.kill('SIGTERM');
    await host.exit;
    expect(text.endsWith('{"response":{"success":false,"message":"CANCELLED by signal"}}\n')).toBe(true);
  });

  it('is served once: a second one is refused while the first runs', async () => {
    const host = await started();
    const first = await host.open(EXECUTE, { body: executeBody('polite') });
    first.resume();
    await host.until(() => host.stderr.includes('asked execute'));
    const second = await host.post(EXECUTE, { body: executeBody('echo') });
    expect([second.status, second.body]).toEqual([
      409,
      '{"code":"ALREADY_USED","message":"This process has had its task: one process runs one task"}',
    ]);
    expect((await host.post('/task/1.0/view')).status).toBe(200);
  });

  it.each([
    ['malformed', 'nonsense', 400, '{"code":"MALFORMED","message":"The request is not JSON"}'],
    [
      'too large',
      ' '.repeat(16 * 1024 * 1024 + 1),
      413,
      '{"code":"BODY_TOO_LARGE","message":"The request has a body of more than 16777216 bytes"}',
    ],
  ])('ends the process when it is %s, too', async (_name, body, status, message) => {
    const host = await started();
    const answer = await host.post(EXECUTE, { body });
    expect([answer.status, answer.body]).toEqual([status, message]);
    expect((await host.exit).signal).toBeNull();
  });

  it('refuses a header that is not URL-encoded', async () => {
    const host = await started();
    const headers = { ...host.headers, 'GoCD-ECR-Setting': 'a=%zz' };
    const answer = await host.post(EXECUTE, { headers, body: executeBody('echo') });
    expect([answer.status, answer.body]).toEqual([
      400,
      '{"code":"MALFORMED","message":"A GoCD-ECR header is not URL-encoded"}',
    ]);
  });

  it('never takes a line for a response', async () => {
    const frames = await (await started()).execute('forged');
    expect(frames).toEqual([
      { line: '{"response":{"success":true,"message":"forged"}}' },
      { line: 'a\\r\\n{"response":{"success":true,"message":"forged"}}\\n' },
      { response: { success: false, message: 'really failed' } },
    ]);
  });

  it('keeps every line of a burst, in order', async () => {
    const frames = await (await started()).execute('burst');
    expect(frames).toHaveLength(20_001);
    expect(frames.slice(0, -1).every(({ line }, at) => line === `line ${at}`)).toBe(true);
  });
});

describe('a log that nobody reads', () => {
  it('does not end the task, nor its last word', async () => {
    const host = await started();
    host.child.stderr?.destroy();
    host.child.stdout?.destroy();
    const frames = await host.execute('uncaught');
    expect(frames.at(-1)?.response?.message).toMatch(/^PLUGIN_FAULT: /);
    expect(await host.exit).toEqual({ code: 143, signal: null });
  });
});

describe('a client that takes nothing', () => {
  it('costs no more memory than the limit, and is told what it missed', async () => {
    const host = await started();
    const response = await host.open(EXECUTE, { body: executeBody('flood') });
    response.pause();
    await host.until(() => /rss \d+/.test(host.stderr));
    const rss = Number(/rss (\d+)/.exec(host.stderr)?.[1]);
    expect(rss).toBeLessThan(160); // 64 MiB of lines on a process of about 70
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
    const frames = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Frame);
    expect(frames.at(-1)).toEqual({ response: { success: true, message: 'flooded' } });
    const kept = frames.filter(({ line }) => line?.startsWith('xxx')).length;
    expect(kept).toBeGreaterThan(1_000);
    expect(frames.at(-2)).toEqual({
      line: `… ${8_192 - kept} lines are not here: the agent did not take them in time`,
    });
    expect(await host.exit).toEqual({ code: 0, signal: null });
  });
});

describe('a task that breaks', () => {
  const FAULT = {
    response: {
      success: false,
      message:
        'PLUGIN_FAULT: gocd-ecr-task itself failed. Please report this with ecr-image.log, in which secrets are masked',
    },
  };

  it.each([
    ['reject', 'TypeError: no **** here', 0],
    ['uncaught', 'E_FAKE: no **** here', 143],
    ['rejection', 'RangeError: no **** here', 143],
  ])('fails the job, and only code and masked text are logged: %s', async (behaviour, logged, code) => {
    const host = await started();
    const frames = await host.execute(behaviour);
    expect(frames.at(-1)).toEqual(FAULT);
    expect((await host.exit).code).toBe(code);
    expect(host.stderr).toContain(`"message":"${logged}"`);
    expect(host.stderr).toContain('"trace":"');
    expect(host.stderr).not.toContain('hunter2');
    expect(host.stderr).not.toMatch(/authorization|"response"|"config"/);
  });
});
