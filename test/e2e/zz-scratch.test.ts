import { describeWithLab } from '../lab/client';
import { plain, Scene, startE2eAgent, type E2eAgent } from './scene';
jest.setTimeout(280_000);
describeWithLab('scratch', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());
  test('many', async () => {
    const codes: Record<string, number> = {};
    for (let i = 0; i < 60; i++) {
      const scene = await Scene.open(agent, { Dockerfile: 'FROM lab/busybox:1\nCOPY nope.txt /x\n' });
      const done = await scene.execute({ Builder: 'buildkit' });
      const code = done.message.split(':')[0]!;
      codes[code] = (codes[code] ?? 0) + 1;
      if (code !== 'BUILD_COPY_MISSING') process.stderr.write(plain(done.lines) + '\n' + done.message + '\n');
    }
    process.stderr.write(JSON.stringify(codes) + '\n');
  });
});
