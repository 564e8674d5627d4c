import { describeWithLab } from '../lab/client';
import { running, sleeper, until } from './processes';
import { ownRefs } from './refs';
import { plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

describeWithLab('cancel', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('during a RUN: it stops on the daemon, own refs go, and the next execute in the same JVM succeeds', async () => {
    const { mark, files } = sleeper();
    const scene = await Scene.open(agent, files);
    const job = scene.execute();
    await until('the RUN runs', () => running(mark));
    const from = Date.now();
    await agent.cancel();
    const done = await job;
    expect(Date.now() - from).toBeLessThan(10_000);
    expect([done.code, done.success, done.message]).toEqual([
      200,
      false,
      expect.stringMatching(/^CANCELLED/) as string,
    ]);
    expect(plain(done.lines)).toMatch(/CANCELLED after .* in build/);
    await until('the RUN is gone', () => !running(mark));
    expect(await ownRefs(scene)).toEqual([]);
    expect(JSON.parse(scene.read('ecr-image.failed.json'))).toMatchObject({ phase: 'build' });
    scene.write({ Dockerfile: 'FROM lab/busybox:1\n' });
    expect((await scene.execute()).success).toBe(true);
  });

  test('during a push: nothing is tagged, own refs go', async () => {
    const scene = await Scene.open(agent, { Dockerfile: `FROM lab/busybox:1\nRUN echo ${Date.now()} > /x\n` });
    await scene.scope.fault({
      on: 'registry',
      match: { method: 'POST', path: '/blobs/uploads/' },
      times: 'always',
      action: 'hang',
    });
    const job = scene.execute();
    await until('the push has begun', async () =>
      (await scene.scope.registryRequests()).some((request) => request.path.includes('/blobs/uploads/')),
    );
    const from = Date.now();
    await agent.cancel();
    const done = await job;
    expect(Date.now() - from).toBeLessThan(10_000);
    expect(done.message).toMatch(/^CANCELLED/);
    expect(plain(done.lines)).toMatch(/CANCELLED after .* in push/);
    expect(await ownRefs(scene)).toEqual([]);
    expect(await scene.pushed('1')).toBeNull();
  });

  test('an on-cancel task that is our own plugin: the console turns null, and the main run still ends and answers', async () => {
    const scene = await Scene.open(agent, { Dockerfile: 'FROM lab/busybox:1\nRUN sleep 4\n' });
    const other = await Scene.open(agent, { Dockerfile: 'FROM lab/busybox:1\n' });
    const main = scene.execute();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await other.execute({ Mode: 'check' })).success).toBe(true);
    const done = await main;
    expect([done.success, plain(done.lines)]).toEqual([true, expect.stringContaining('PUSHED') as string]);
  });

  test('a host that is killed mid-build: the job fails with a clear line, and the build stops', async () => {
    const { mark, files } = sleeper();
    const scene = await Scene.open(agent, files);
    const job = scene.execute();
    await until('the RUN runs', () => running(mark));
    for (const pid of await agent.descendants()) process.kill(pid, 'SIGKILL');
    const done = await job;
    expect([done.code, done.success]).toEqual([200, false]);
    expect(done.message).toMatch(/SIGKILL/);
    await until('the RUN is gone', () => !running(mark));
  });
});
