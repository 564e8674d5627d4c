import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describeWithLab, engineApi } from '../lab/client';
import { agentImage, nodeImage } from '../lab/stand-in';
import { bundle, jar, plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(180_000);

const root = join(__dirname, '../..');

describeWithLab('the Dockerfile of this repository, built by the plugin itself', () => {
  let agent: E2eAgent;
  let scene: Scene;
  beforeAll(async () => {
    agent = await startE2eAgent();
    scene = await Scene.open(agent, {});
    mkdirSync(join(scene.folder, 'dist'));
    for (const file of ['Dockerfile', '.dockerignore']) copyFileSync(join(root, file), join(scene.folder, file));
    for (const file of [bundle, jar]) copyFileSync(file, join(scene.folder, 'dist', basename(file)));
  });
  afterAll(() => agent.end());

  const build = async (target: string): Promise<string> => {
    const api = engineApi();
    const BuildArgs = `NODE_IMAGE=${await nodeImage(api)}\nAGENT_IMAGE=${await agentImage(api)}`;
    const done = await scene.execute({
      Mode: 'build',
      Target: target,
      BuildArgs,
      Tags: target,
      Repository: scene.repository,
    });
    expect([done.success, plain(done.lines)]).toEqual([true, expect.stringContaining('BUILT') as string]);
    return `${scene.repository}:${target}`;
  };

  test('target agent: a container of it runs the bundle with its Node, as the user go', async () => {
    const image = await build('agent');
    const Cmd = ['node', '/usr/local/lib/gocd-ecr-task/plugin.cjs', '--version'];
    const run = await runContainer({ Image: image, Cmd });
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(run).toEqual({ exitCode: 0, user: 'go', output: expect.stringContaining(version) as string });
  });

  test('target plugin: an image that holds the jar', async () => {
    const api = engineApi();
    const image = await build('plugin');
    const { Id } = (await api.json('POST', '/containers/create', { Image: image, Cmd: ['none'] })) as { Id: string };
    try {
      const found = await api.request('HEAD', `/containers/${Id}/archive?path=/${basename(jar)}`);
      const stat = Buffer.from(String(found.headers['x-docker-container-path-stat']), 'base64').toString();
      expect(JSON.parse(stat)).toMatchObject({ name: basename(jar), size: readFileSync(jar).length });
    } finally {
      await api.json('DELETE', `/containers/${Id}?force=1`);
    }
  });
});

async function runContainer(container: {
  Image: string;
  Cmd: string[];
}): Promise<{ exitCode: number; user: string; output: string }> {
  const api = engineApi();
  const { Id } = (await api.json('POST', '/containers/create', {
    ...container,
    HostConfig: { NetworkMode: 'none' },
  })) as { Id: string };
  try {
    await api.json('POST', `/containers/${Id}/start`);
    const { StatusCode } = (await api.json('POST', `/containers/${Id}/wait`)) as { StatusCode: number };
    const { Config } = (await api.json('GET', `/containers/${Id}/json`)) as unknown as { Config: { User: string } };
    const logs = await api.request('GET', `/containers/${Id}/logs?stdout=1&stderr=1`);
    return { exitCode: StatusCode, user: Config.User, output: logs.body };
  } finally {
    await api.json('DELETE', `/containers/${Id}?force=1`);
  }
}
