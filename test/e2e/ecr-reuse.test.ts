import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithLab, engineApi, labClient } from '../lab/client';
import { builtImage } from '../lab/engine-api';
import { PUSH_POLICY } from '../lab/policies';
import { tar } from '../lab/tar';
import { expectDone, expectFailed, NO_DAEMON, operations, resultOf, run, sized, writes } from './ecr';
import { REBUILD, Scene, startE2eAgent, temporaryFolder, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const LABEL = 'gocd-ecr-task.run';

/** The same files, as a new clone has them. */
function cloneAnew(scene: Scene, files: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(files)) {
    rmSync(join(scene.folder, name));
    scene.write({ [name]: files[name]! });
    utimesSync(join(scene.folder, name), 1_700_000_000, 1_700_000_000);
  }
}

async function labelOf(scene: Scene, tag: string): Promise<string> {
  const image = await scene.pushed(tag);
  const config = image?.config as { config: { Labels: Record<string, string> } } | undefined;
  return config?.config.Labels[LABEL] ?? '';
}

/** An image of somebody else's with a label of our making, pushed past the plugin. */
async function forge(scene: Scene, tag: string, label: string): Promise<void> {
  const dockerfile = `FROM lab/busybox:1\nRUN echo evil > /evil\nLABEL ${LABEL}=${JSON.stringify(label)}\n`;
  const api = engineApi();
  const context = tar([{ name: 'Dockerfile', content: dockerfile }]);
  await api.tag(builtImage(await api.build(context, { t: `${scene.repository}:forged` })), scene.repository, tag);
  expect((await api.push(scene.repository, tag, await labClient.token())).error).toBeUndefined();
}

describeWithLab('a tag that is there already', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('is this run’s: done without a build, a push or a daemon, from another clone too; another run’s is not', async () => {
    const files = sized('one\n');
    const scene = await Scene.open(agent, files);
    expectDone(await scene.execute(), 'PUSHED');
    const [first, pushed, env] = [resultOf(scene), await writes(scene), scene.read('ecr-image.env')];
    cloneAnew(scene, files);
    const again = await scene.execute(NO_DAEMON, { variables: { GO_STAGE_COUNTER: '2' } });
    const log = expectDone(again, `nothing is built: this run's image is in the registry already`);
    expect(log).toContain(`PRESENT ${scene.repository}@${first.digest}`);
    expect(resultOf(scene)).toMatchObject({ digest: first.digest, image: first.image });
    expect(scene.read('ecr-image.env')).toBe(env);
    expect(await writes(scene)).toEqual(pushed);
    expect(await operations(scene)).not.toContain('PutImage');

    const other = expectFailed(await scene.execute({}, run(8)), /^TAG_FOREIGN: /);
    expect(other).toContain('run 7');
    expect(other).toContain('A tag that should move belongs in FloatingTags; to replace it, set ExistingTag=overwrite');
    expect(other).not.toContain('[3/6]');
    expectFailed(await scene.execute({ BuildArgs: 'WITH=other' }), /^TAG_FOREIGN: /);
    expectFailed(await scene.execute({ ExistingTag: 'fail' }), /^TAG_EXISTS: /);
    expect(await writes(scene)).toEqual(pushed);

    scene.write({ content: 'two\n' });
    expectDone(await scene.execute(REBUILD, run(8)), `moved from ${first.digest}`);
    expect((await scene.pushed('1'))?.digest).not.toBe(first.digest);
  });

  test('its labels cannot be read: it is built and compared, before the tag is touched', async () => {
    const scene = await Scene.open(agent, sized('denied\n'));
    expectDone(await scene.execute());
    const [first, pushed] = [resultOf(scene), await writes(scene)];
    await scene.scope.allow(PUSH_POLICY);
    const log = expectDone(await scene.execute(), 'ecr:GetDownloadUrlForLayer', 'there already');
    expect(log).toContain('[3/6]');
    expect(resultOf(scene).digest).toBe(first.digest);
    scene.write({ content: 'another\n' });
    const other = expectFailed(await scene.execute({}, run(8)), /^TAG_FOREIGN: /);
    expect(other).toContain('[3/6]');
    expect((await scene.pushed('1'))?.digest).toBe(first.digest);
    expect((await writes(scene)).filter((write) => write.endsWith('/manifests/1'))).toEqual(
      pushed.filter((write) => write.endsWith('/manifests/1')),
    );
  });
});

describeWithLab('labels that anybody can write', () => {
  const folder = temporaryFolder();
  const settings = join(folder.path, 'settings.json');
  let [agent, believing]: E2eAgent[] = [];
  beforeAll(async () => {
    writeFileSync(settings, JSON.stringify({ 'reuse.key': 'a-key-of-this-agents-own-0123456789' }), { mode: 0o600 });
    agent = await startE2eAgent({ env: { GOCD_ECR_SETTINGS: settings } });
    believing = await startE2eAgent();
  });
  afterAll(async () => {
    await agent?.end();
    await believing?.end();
    folder.remove();
  });

  test('with reuse.key only this agent’s are believed; without it, any', async () => {
    const scene = await Scene.open(agent!, sized('keyed\n'));
    expectDone(await scene.execute());
    const label = await labelOf(scene, '1');
    expect(JSON.parse(label)).toMatchObject({ counter: '7', mac: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expectDone(await scene.execute(NO_DAEMON));
    // A label of run 7 in the name of run 8, and one without a key.
    await forge(scene, '2', label.replace('"counter":"7"', '"counter":"8"'));
    expectFailed(await scene.execute({ Tags: '2' }, run(8)), /^TAG_FOREIGN: /);
    await forge(scene, '3', label.replace(/,"mac":"[0-9a-f]*"/, ''));
    expectFailed(await scene.execute({ Tags: '3' }), /^TAG_FOREIGN: /);
    const trusting = await Scene.open(believing!, sized('keyed\n'));
    const there = { Repository: scene.scope.name('app'), Tags: '3', ...NO_DAEMON };
    expectDone(await trusting.execute(there, { variables: { GO_PIPELINE_NAME: scene.scope.prefix } }));
  });
});
