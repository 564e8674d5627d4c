import { readFileSync } from 'node:fs';
import { describeWithLab, engineApi, lab } from '../lab/client';
import { expectNoMore, handles, until } from './processes';
import { Scene, startE2eAgent, type E2eAgent } from './scene';

// 200 is what was asked for once; each takes about a second, so a run of all tests has fewer (SOAK_BUILDS=200 has them all).
const BUILDS = Number(process.env['SOAK_BUILDS'] ?? '25');
const AT_ONCE = 8;

jest.setTimeout(60_000 + (BUILDS + AT_ONCE) * 5_000);

describeWithLab(`${BUILDS} builds in a row through one bridge, and ${AT_ONCE} at once`, () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  const threads = (): number =>
    Number(/^Threads:\s+(\d+)$/m.exec(readFileSync(`/proc/${agent.pid}/status`, 'utf8'))?.[1]);

  const build = async (scene: Scene, tag: string): Promise<void> => {
    scene.write({ changing: `${tag} ${Date.now()}\n` });
    const config = { Builder: 'buildkit', Mode: 'build', Repository: scene.repository, Tags: tag };
    const { success, message } = await scene.execute(config);
    expect([success, message]).toEqual([true, expect.any(String)]);
    // Not by the console: GoCD's is one for the whole JVM, and whoever ends first takes it away.
    expect(JSON.parse(scene.read('ecr-image.json'))).toMatchObject({ builder: 'buildkit' });
    await engineApi().json('DELETE', `/images/${scene.repository}:${tag}?force=1`);
  };

  const open = (): Promise<Scene> =>
    Scene.open(agent, { Dockerfile: 'FROM lab/busybox:1\nCOPY . /all\nRUN cat /all/changing\n' });

  test('each succeeds; then there is one spare process, and no handle more than after the first ones', async () => {
    const scene = await open();
    for (let round = 0; round < 3; round++) await build(scene, `warm-${round}`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = { daemon: handles(lab().engine.pid), jvm: handles(agent.pid), threads: threads() };
    for (let round = 0; round < BUILDS; round++) await build(scene, `row-${round}`);
    const scenes = await Promise.all(Array.from({ length: AT_ONCE }, open));
    await Promise.all(scenes.map((each, index) => build(each, `beside-${index}`)));
    await until('one spare is left', async () => (await agent.descendants()).length === 1);
    // Sessions that BuildKit still has would be sockets of the daemon.
    await expectNoMore(lab().engine.pid, before.daemon);
    await expectNoMore(agent.pid, before.jvm);
    // The harness keeps the threads of as many executes as there were at once.
    expect(threads()).toBeLessThanOrEqual(before.threads + AT_ONCE);
  });
});
