import { describeWithLab } from '../lab/client';
import { build, expectBuilt, expectRefused, isOld } from './buildkit';
import { plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

describeWithLab('options of a build', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('NoCache with the name of a stage: only its steps are made anew', async () => {
    const Dockerfile = [
      'FROM lab/busybox:1 AS first',
      'RUN echo the first > /first',
      'FROM lab/busybox:1 AS second',
      'RUN echo the second > /second',
      'FROM scratch',
      'COPY --from=first /first /',
      'COPY --from=second /second /',
      '',
    ].join('\n');
    const { execute, done } = await build(agent, { Dockerfile });
    expectBuilt(done);
    const again = await execute({ NoCache: 'second' });
    expectBuilt(again);
    expect(plain(again.lines)).toMatch(/\[first .*RUN echo the first.* CACHED$/m);
    expect(plain(again.lines)).not.toMatch(/RUN echo the second.* CACHED$/m);
    expect(plain(again.lines)).toMatch(/\[second .*RUN echo the second/m);
  });

  const LIMITED = {
    Dockerfile: `FROM lab/busybox:1\nRUN echo ${Date.now()} && grep /dev/shm /proc/mounts && ulimit -Hn\n`,
  };

  test('the size of /dev/shm and limits; refused where they would be ignored', async () => {
    const shm = await build(agent, LIMITED, { ShmSize: '96m' });
    const limits = await build(agent, LIMITED, { Ulimits: 'nofile=1024:2048' });
    if (isOld()) {
      expectRefused(
        shm.done,
        'ShmSize',
        'Docker Engine 23 or later',
        'Leave ShmSize out, or set Builder=classic, which has it',
      );
      expectRefused(
        limits.done,
        'Ulimits',
        'Docker Engine 23 or later',
        'Leave Ulimits out, or set Builder=classic, which has them',
      );
      return;
    }
    expectBuilt(shm.done);
    expect(plain(shm.done.lines)).toContain('size=98304k');
    expectBuilt(limits.done);
    expect(plain(limits.done.lines)).toContain('| 2048');
  });

  test('the classic builder has both on every engine', async () => {
    const { done } = await build(agent, LIMITED, { Builder: 'classic', ShmSize: '96m', Ulimits: 'nofile=1024:2048' });
    expectBuilt(done, 'classic');
    expect(plain(done.lines)).toContain('size=98304k');
    expect(plain(done.lines)).toContain('| 2048');
  });

  test('a target stage: what it does not need is not built', async () => {
    const Dockerfile =
      'FROM lab/busybox:1 AS one\nRUN echo one > /one\nFROM one AS two\nRUN exit 3\nFROM two\nRUN exit 4\n';
    const { done } = await build(agent, { Dockerfile }, { Target: 'one' });
    expectBuilt(done);
  });

  test('a platform that the base image does not have is refused before the build', async () => {
    const { done } = await build(agent, { Dockerfile: 'FROM lab/busybox:1\nRUN true\n' }, { Platform: 'linux/arm64' });
    expect([done.success, done.message]).toEqual([false, expect.stringMatching(/^PLATFORM_MISMATCH: /) as string]);
    expect(plain(done.lines)).not.toContain('RUN true');
  });

  test.each(['classic', 'buildkit'])(
    'Builder=classic refuses what only BuildKit has, by field (%s)',
    async (builder) => {
      const scene = await Scene.open(agent);
      const done = await scene.execute({ Builder: builder, Secrets: 'id=a,env=A', Ssh: 'default=/a', NoCache: 'x' });
      expect(done.success).toBe(false);
      const needs = ['NoCache', 'Secrets', 'Ssh'].map((field) => `${field}: needs BuildKit, and Builder is classic`);
      for (const line of needs) expect(plain(done.lines).includes(line)).toBe(builder === 'classic');
    },
  );
});
