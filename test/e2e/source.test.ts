import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithLab, engineApi } from '../lab/client';
import { expectDone, expectFailed, sized } from './ecr';
import { Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

describeWithLab('an image that is on the daemon already', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('build, test, push in three tasks: what was tested is what is pushed, and a rerun is done', async () => {
    const scene = await Scene.open(agent, sized('tested\n'));
    const source = `${scene.repository}:candidate`;
    expectDone(await scene.execute({ Mode: 'build', Repository: scene.repository, Tags: 'candidate' }));
    const [, id = ''] = /^IMAGE_ID=(sha256:[0-9a-f]{64})$/m.exec(scene.read('ecr-image.env')) ?? [];
    const api = engineApi();
    const inspected = (await api.json('GET', `/images/${source}/json`)) as { Id: string };
    expect(inspected.Id).toBe(id);

    // Nothing could be built.
    for (const file of ['Dockerfile', 'content']) rmSync(join(scene.folder, file));
    const push = { Source: source, Tags: '1,2', FloatingTags: 'latest', ResultFile: 'push.json' };
    const log = expectDone(await scene.execute(push), 'PUSHED', `${source} (field Source)`);
    expect(log).not.toContain('Dockerfile');
    const pushed = await scene.pushed('1');
    const config = pushed?.manifest['config'] as { digest: string };
    expect([config.digest, pushed?.digest]).toContain(id);
    expect((await scene.pushed('latest'))?.digest).toBe(pushed?.digest);
    expect(await api.json('GET', `/images/${source}/json`)).toMatchObject({ Id: id });

    expectDone(await scene.execute(push), 'there already');
    await api.tag('lab/busybox:1', scene.repository, 'candidate');
    expectFailed(await scene.execute(push), /^TAG_FOREIGN: /);
    expect((await scene.pushed('1'))?.digest).toBe(pushed?.digest);
    const missing = await scene.execute({ ...push, Source: 'no/such:image', Tags: '3' });
    expect(expectFailed(missing, /^SOURCE_MISSING: /)).toContain('no/such:image');
  });
});
