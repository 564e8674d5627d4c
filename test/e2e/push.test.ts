import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithLab } from '../lab/client';
import { WAYS_TO_THE_DAEMON } from './daemon-ways';
import { plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

describeWithLab('push', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test.each(WAYS_TO_THE_DAEMON)('three tags over %s', async (_way, daemon) => {
    const scene = await Scene.open(agent);
    const done = await scene.execute({ ...daemon(), Tags: '1.7\nlatest,stable' });
    expect([done.code, done.success, plain(done.lines)]).toEqual([
      200,
      true,
      expect.stringContaining('PUSHED') as string,
    ]);
    const result = JSON.parse(scene.read('ecr-image.json')) as {
      digest: string;
      images: { ref: string; digest: string }[];
    };
    for (const tag of ['1.7', 'latest', 'stable']) {
      expect((await scene.pushed(tag))?.digest).toBe(result.digest);
    }
    expect(result.images.map((image) => image.ref)).toEqual(
      ['1.7', 'latest', 'stable'].map((tag) => `${scene.repository}:${tag}`),
    );
    expect(scene.read('ecr-image.env')).toBe(`IMAGE=${scene.repository}@${result.digest}\n`);
    expect(existsSync(join(scene.folder, 'ecr-image.failed.json'))).toBe(false);
  });
});
