import { describeWithLab, lab } from '../lab/client';
import { startSshServer, type LabSshServer } from '../lab/ssh-server';
import { expectBuilt } from './buildkit';
import { countRunning, running, sleeper, until } from './processes';
import { ownRefs } from './refs';
import { plain, Scene, startE2eAgent, temporaryFolder, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const HOST_KEY = /No ED25519 host key is known for \[127\.0\.0\.1\]:\d+ and you have requested strict checking/;

describeWithLab('a daemon behind ssh', () => {
  const folder = temporaryFolder();
  let server: LabSshServer;
  let agent: E2eAgent;
  beforeAll(async () => {
    server = await startSshServer(folder.path, lab().engine.unixUrl);
    agent = await startE2eAgent({ env: server.environment });
  });
  afterAll(async () => {
    await agent.end();
    await server.stop();
    folder.remove();
  });

  /** Of our side only: the command line of the other side names no port. */
  const processes = (): number => countRunning(`-p\0${server.port}\0--\0`);
  const noneLeft = (): Promise<void> => until('no ssh is left', () => processes() === 0, 5);

  /** The most at a time, looked at every few milliseconds. */
  function watched(): { most(): number } {
    let most = 0;
    const timer = setInterval(() => (most = Math.max(most, processes())), 20);
    return {
      most: () => {
        clearInterval(timer);
        return most;
      },
    };
  }

  test.each([
    ['BuildKit', 'buildkit'],
    ['classic', 'classic'],
  ] as const)('%s: built and pushed, by three ssh at most, and none is left', async (name, builder) => {
    const scene = await Scene.open(agent, {
      Dockerfile: 'FROM lab/busybox:1\nCOPY big /big\nRUN wc -c /big && sleep 1\n',
      big: `${Date.now()}`.repeat(100_000),
    });
    const watch = watched();
    const done = await scene.execute({ DockerHost: server.url, Builder: builder, Tags: '1\n2\n3' });
    const most = watch.most();
    expectBuilt(done, name);
    expect(plain(done.lines)).toContain(`daemon   ${server.url}`);
    expect((await scene.pushed('3'))?.digest).toBe((await scene.pushed('1'))?.digest);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(3);
    expect(await ownRefs(scene)).toEqual([]);
    await noneLeft();
  });

  test.each(['buildkit', 'classic'])('%s: a cancel during a RUN, which kills every ssh too', async (builder) => {
    const { mark, files } = sleeper();
    const scene = await Scene.open(agent, files);
    const job = scene.execute({ DockerHost: server.url, Builder: builder });
    await until('the RUN runs', () => running(mark));
    const from = Date.now();
    await agent.cancel();
    const done = await job;
    expect(Date.now() - from).toBeLessThan(10_000);
    expect([done.success, done.message]).toEqual([false, expect.stringMatching(/^CANCELLED/) as string]);
    expect(plain(done.lines)).toMatch(/CANCELLED after .* in build/);
    await until('the RUN is gone', () => !running(mark));
    expect(await ownRefs(scene)).toEqual([]);
    await noneLeft();
    scene.write({ Dockerfile: 'FROM lab/busybox:1\n' });
    expect((await scene.execute({ DockerHost: server.url, Builder: builder })).success).toBe(true);
  });

  test('named by the job, whose own HOME, PATH and ssh-agent do not count', async () => {
    const scene = await Scene.open(agent);
    const variables = { DOCKER_HOST: server.url, HOME: '/nowhere', PATH: '/nowhere', SSH_AUTH_SOCK: '/nowhere' };
    const done = await scene.execute({ DockerHost: '' }, { variables });
    expectBuilt(done);
    expect(plain(done.lines)).toContain(`daemon   ${server.url}`);
  });

  test('named by the agent, in its settings', async () => {
    await agent.setProperties({ 'gocd.ecr.daemon.far': server.url });
    const scene = await Scene.open(agent);
    expectBuilt(await scene.execute({ DockerHost: 'far' }));
    await agent.setProperties({}, ['gocd.ecr.daemon.far']);
  });

  const faults: readonly [string, Parameters<LabSshServer['otherHome']>[1], string, RegExp][] = [
    ['an unknown host key', { knownHosts: '' }, "The agent's user does not know the host key of", HOST_KEY],
    ['a changed host key', { knownHosts: 'changed' }, 'The host key of', /REMOTE HOST IDENTIFICATION HAS CHANGED/],
    [
      'a key that the server does not accept',
      { key: 'foreign' },
      'The ssh server of',
      /Permission denied \(publickey\)/,
    ],
  ];
  test.each(faults)('%s', async (name, change, message, words) => {
    const knownHosts = change.knownHosts === 'changed' ? server.foreignHostKey : change.knownHosts;
    const home = await server.otherHome(name.replace(/\W+/g, '-'), {
      ...change,
      ...(knownHosts === undefined ? {} : { knownHosts }),
    });
    const other = await startE2eAgent({ env: home.environment });
    try {
      const scene = await Scene.open(other);
      const done = await scene.execute({ DockerHost: server.url });
      expect(done.success).toBe(false);
      expect(done.message).toMatch(/^DAEMON_SSH_(HOST_KEY|DENIED): /);
      expect(done.message).toContain(message);
      expect(done.message).toContain(`${server.url} (field DockerHost)`);
      expect(plain(done.lines)).toMatch(words);
      await noneLeft();
    } finally {
      await other.end();
    }
  });
});
