import { describeWithLab } from '../lab/client';
import { plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

describeWithLab('ignore rules through BuildKit', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('of 20,000 lines, more than a frontend can send back, hold all the same', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `generated/module-number-${index}/**`);
    const scene = await Scene.open(agent, {
      Dockerfile:
        'FROM lab/busybox:1\nCOPY . /ctx\nRUN find /ctx -type f | sort && test ! -e /ctx/generated/module-number-19999/x\n',
      '.dockerignore': `${lines.join('\n')}\n`,
      'generated/module-number-19999/x': 'ignored',
      'generated/other': 'kept',
    });
    const done = await scene.execute({ Builder: 'buildkit' });
    expect([done.success, plain(done.lines)]).toEqual([
      true,
      expect.stringContaining('| /ctx/generated/other') as string,
    ]);
  });
});
