import { describeWithLab } from '../lab/client';
import { plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(180_000);

const LINES = 50_000;

describeWithLab('a burst of 50,000 lines through GoCD’s ring of 10,240, emptied every 10 s', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent({ ring: true })));
  afterAll(() => agent.end());

  test.each([
    ['fails', 'exit 3', 'FAILED after'],
    ['succeeds', 'true', 'PUSHED'],
  ])('in a build that %s: head, end and result are all there', async (_how, end, block) => {
    const scene = await Scene.open(agent, {
      Dockerfile: `FROM lab/busybox:1\nRUN seq 1 ${LINES} && echo the-last-line && ${end}\n`,
    });
    const done = await scene.execute({ Builder: 'classic' }); // it hands on every line
    const log = plain(done.lines);
    expect(log).toContain('[1/6] preflight');
    expect(log).toContain('| 1\n');
    expect(log).toContain('| the-last-line');
    expect(log).toContain(`| ${LINES}\n`);
    expect(log).toContain(block);
    expect(done.lines.length).toBeLessThan(10_240);
    // What the console had no room for is in the raw log.
    expect(
      scene
        .read('ecr-image.log')
        .split('\n')
        .filter((line) => /\| 31337$/.test(line)),
    ).toHaveLength(1);
  });

  test('BuildKit clips what comes too fast, and says so: head, end and result are all there', async () => {
    const scene = await Scene.open(agent, {
      Dockerfile: `FROM lab/busybox:1\nRUN seq 1 ${LINES * 10} && echo the-last-line\n`,
    });
    const done = await scene.execute({ Builder: 'buildkit' });
    const log = plain(done.lines);
    for (const part of ['[1/6] preflight', '| 1\n', 'PUSHED']) expect(log).toContain(part);
    expect(log).toMatch(/\| (the-last-line|\[output clipped, log .* reached\])$/m);
    expect(done.lines.length).toBeLessThan(10_240);
  });
});
