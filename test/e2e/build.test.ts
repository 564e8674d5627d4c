import { describeWithLab, engineApi, labClient } from '../lab/client';
import { plain, REBUILD, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const STAGES = {
  Dockerfile: [
    'ARG BASE=lab/busybox:1',
    'FROM ${BASE} AS tools',
    'ARG GREETING=nobody',
    'RUN echo "$GREETING" > /greeting',
    'FROM tools AS small',
    'LABEL stage=small',
    'FROM tools AS large',
    'RUN echo large > /size',
    '',
  ].join('\n'),
};

interface Inspected {
  readonly Id: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
}

describeWithLab('build', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('build arguments, labels and a target arrive in the image', async () => {
    const scene = await Scene.open(agent, STAGES);
    const done = await scene.execute({
      BuildArgs: 'GREETING=Hello=World "quoted"\nBASE',
      Labels: 'com.example.team=payments',
      Target: 'small',
      Mode: 'build',
      Repository: scene.repository,
    });
    expect([done.success, plain(done.lines)]).toEqual([true, expect.stringContaining('BUILT') as string]);
    const image = (await engineApi().json('GET', `/images/${scene.repository}:1/json`)) as unknown as Inspected;
    expect(image.Config.Labels).toMatchObject({
      'com.example.team': 'payments',
      stage: 'small',
      'org.opencontainers.image.revision': scene.variables()['GO_REVISION'],
    });
    expect(scene.read('ecr-image.env')).toBe(`IMAGE_ID=${image.Id}\n`);
    expect(plain(done.lines)).toContain('BASE'); // it has no variable: left out, and told
  });

  test('a rebuild with nothing changed is all cache hits and the same image', async () => {
    const scene = await Scene.open(agent);
    const idOf = (): string => (JSON.parse(scene.read('ecr-image.json')) as { imageId: string }).imageId;
    expect((await scene.execute()).success).toBe(true);
    const first = idOf();
    const again = await scene.execute(REBUILD);
    expect([again.success, idOf()]).toEqual([true, first]);
    const steps = plain(again.lines)
      .split('\n')
      .filter((line) => /^ {2}\[\d+\/\d+\] (COPY|RUN)/.test(line));
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) expect(step).toMatch(/CACHED$/);
  });

  test('a failing RUN: its exit code, its last lines, and whose turn it is', async () => {
    const scene = await Scene.open(agent, {
      Dockerfile: 'FROM lab/busybox:1\nRUN echo before && echo "no such module: left-pad" >&2 && exit 7\n',
    });
    const done = await scene.execute();
    const log = plain(done.lines);
    expect([done.code, done.success]).toEqual([200, false]);
    expect(done.message).toMatch(/^BUILD_RUN_FAILED: /);
    expect(log).toContain('no such module: left-pad');
    expect(log).toMatch(/FAILED after .* in build {3}BUILD_RUN_FAILED/);
    expect(log).toContain('7');
    const failed = JSON.parse(scene.read('ecr-image.failed.json')) as { code: string; phase: string };
    expect([failed.code, failed.phase]).toEqual(['BUILD_RUN_FAILED', 'build']);
    expect(await scene.pushed('1')).toBeNull();
  });

  test('a missing Dockerfile is told before anything is sent, with what the folder has', async () => {
    const scene = await Scene.open(agent, { 'Dockerfile.prod': 'FROM lab/busybox:1\n' });
    const done = await scene.execute();
    expect(done.success).toBe(false);
    expect(done.message).toMatch(/^DOCKERFILE_MISSING: /);
    expect(plain(done.lines)).toContain('There is Dockerfile.prod: name one of them in Dockerfile');
    expect(await scene.scope.awsRequests()).toEqual([]);
  });

  test('a private base image in the registry that is pushed to is pulled with that token', async () => {
    const scene = await Scene.open(agent);
    const base = await scene.scope.repository('base');
    const api = engineApi();
    await api.tag('lab/busybox:1', base, '1');
    await api.push(base, '1', await labClient.token());
    await api.json('DELETE', `/images/${base}:1`);
    scene.write({ Dockerfile: `FROM ${base}:1\nRUN true\n` });
    const done = await scene.execute({ Pull: 'true' });
    expect([done.success, plain(done.lines)]).toEqual([true, expect.stringContaining('PUSHED') as string]);
    const pulls = (await scene.scope.registryRequests()).filter(
      ({ path, status }) => path.includes('/base/manifests/') && status === 200, // a HEAD where the content is there
    );
    expect(pulls.map((pull) => pull.accessKeyId)).toContain(scene.scope.accessKeyId);
  });

  test('all problems of a configuration at once, each with its field', async () => {
    const scene = await Scene.open(agent);
    const done = await scene.execute({ Repository: 'Bad/Name', Tags: 'no/slash', Mode: 'maybe', TimeoutMinutes: 'x' });
    expect(done.success).toBe(false);
    for (const field of ['Repository', 'Tags', 'Mode', 'TimeoutMinutes']) {
      expect(plain(done.lines)).toContain(field);
      expect(done.message).toContain(field);
    }
  });
});
