import { executeBody, fakeHost, HostProcess } from './host-process';

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

interface Running {
  text: string;
  drop(): void;
}

async function running(host: HostProcess, behaviour: string): Promise<Running> {
  const response = await host.open('/task/1.0/execute', { body: executeBody(behaviour) });
  const state = { text: '', drop: () => void response.destroy() };
  response.on('error', () => undefined); // dropped by the test
  response.setEncoding('utf8').on('data', (chunk: string) => (state.text += chunk));
  await host.until(() => state.text !== '');
  return state;
}

describe('an unused process', () => {
  it('ends at once on SIGTERM', async () => {
    const host = await started();
    host.child.kill('SIGTERM');
    expect(await host.exit).toEqual({ code: 143, signal: null });
  });

  it('ends at once with its parent', async () => {
    const host = await started();
    host.child.stdin?.end();
    expect(await host.exit).toEqual({ code: 0, signal: null });
  });

  it('ends with a parent that was gone before it listened', async () => {
    const host = new HostProcess(bundle);
    hosts.push(host);
    host.child.stdin?.end(`${JSON.stringify({ token: host.token, cwd: '/' })}\n`);
    expect(await host.exit).toEqual({ code: 0, signal: null });
  });
});

describe('a running task', () => {
  it('is cancelled by SIGTERM, answers, and the process is gone', async () => {
    const host = await started();
    const task = await running(host, 'polite');
    host.child.kill('SIGTERM');
    expect(await host.exit).toEqual({ code: 143, signal: null });
    expect(task.text).toBe(
      '{"line":"working"}\n{"line":"stopped by signal"}\n{"response":{"success":false,"message":"CANCELLED by signal"}}\n',
    );
  });

  it('is cancelled once, by the first of several reasons', async () => {
    const host = await started();
    const task = await running(host, 'polite');
    host.child.stdin?.end();
    await host.until(() => host.child.stdin?.writableFinished === true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    host.child.kill('SIGTERM');
    expect(await host.exit).toEqual({ code: 1, signal: null });
    expect(task.text).toContain('{"line":"stopped by parent-gone"}');
  });

  it('is cancelled when the parent is gone, answers, and the process is gone', async () => {
    const host = await started();
    const task = await running(host, 'polite');
    host.child.stdin?.end();
    expect(await host.exit).toEqual({ code: 1, signal: null });
    expect(task.text.endsWith('{"response":{"success":false,"message":"CANCELLED by parent-gone"}}\n')).toBe(true);
  });

  it('is cancelled when its client leaves, still cleans up, and the process is gone', async () => {
    const host = await started();
    (await running(host, 'polite')).drop();
    expect(await host.exit).toEqual({ code: 1, signal: null });
    expect(host.stderr).toContain('cleaned up');
    expect(host.stderr).not.toContain('"error"');
  });

  it('that does not stop is ended within 10 s, with an answer', async () => {
    const host = await started();
    const task = await running(host, 'hang');
    const asked = performance.now();
    host.child.kill('SIGTERM');
    expect(await host.exit).toEqual({ code: 143, signal: null });
    expect(performance.now() - asked).toBeLessThan(10_000); // the limit that a cancel has
    expect(task.text.replaceAll('{"line":"still here"}\n', '')).toBe(
      '{"line":"working"}\n{"response":{"success":false,"message":"CANCELLED: the task did not stop within 9 s and was ended. Refs of this run may be left on the daemon"}}\n',
    );
    expect(task.text.endsWith('}}\n')).toBe(true); // nothing follows the response
    expect(host.stderr).not.toContain('"error"');
  }, 20_000);

  it('that does not stop is ended within 10 s when nobody is left to answer, too', async () => {
    const host = await started();
    (await running(host, 'hang')).drop();
    const left = performance.now();
    expect(await host.exit).toEqual({ code: 1, signal: null });
    expect(performance.now() - left).toBeLessThan(10_000); // as above
    expect(host.stderr).not.toContain('"error"');
  }, 20_000);

  it('that is done while a thread of it hangs in the system is ended, which an exit could not do', async () => {
    const host = await started();
    const task = await running(host, 'blocked-thread');
    expect(await host.exit).toEqual({ code: null, signal: 'SIGKILL' });
    expect(task.text).toBe('{"line":"working"}\n{"response":{"success":true,"message":"done"}}\n');
  });

  it('that was killed leaves a stream without a response', async () => {
    const host = await started();
    const task = await running(host, 'polite');
    host.child.kill('SIGKILL');
    expect(await host.exit).toEqual({ code: null, signal: 'SIGKILL' });
    expect(task.text).toBe('{"line":"working"}\n');
  });
});
