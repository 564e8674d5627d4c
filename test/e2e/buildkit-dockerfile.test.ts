import { describeWithLab, engineApi, labClient } from '../lab/client';
import { frontendImage } from '../lab/stand-in';
import { build, expectBuilt, expectRefused, hasContainerdStore, isOld } from './buildkit';
import { plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const HEREDOC =
  'FROM lab/busybox:1\nRUN <<EOT\necho one\necho two > /two\nEOT\nCOPY <<EOF /file\nwritten\nEOF\nRUN cat /two /file\n';

describeWithLab('what BuildKit adds to a Dockerfile', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('a cache mount keeps its files from one build to the next', async () => {
    const files = {
      Dockerfile: `FROM lab/busybox:1\nARG ROUND\nRUN --mount=type=cache,target=/cache,id=${Date.now()} echo $ROUND >> /cache/rounds && cat /cache/rounds\n`,
    };
    const { execute, done } = await build(agent, files, { BuildArgs: 'ROUND=first' });
    expectBuilt(done);
    const again = await execute({ BuildArgs: 'ROUND=second' });
    expectBuilt(again);
    expect(plain(again.lines)).toMatch(/\| first\n(.*\| )second/);
  });

  test('here-documents; a frontend that is too old for them is told as that', async () => {
    const { done } = await build(agent, { Dockerfile: HEREDOC });
    if (isOld()) {
      expect([done.success, done.message]).toEqual([
        false,
        'BUILD_FRONTEND_TOO_OLD: Dockerfile line 2: a here-document (<<EOT) is newer than the Dockerfile frontend that the daemon uses. Begin the Dockerfile with "# syntax=docker/dockerfile:1" (the daemon must reach that image), or build on a newer engine',
      ]);
      return;
    }
    expectBuilt(done);
    expect(plain(done.lines)).toContain('| written');
  });

  test('a frontend from a registry, named by # syntax=: here-documents on every engine', async () => {
    const scene = await Scene.open(agent, {});
    const frontend = `${await scene.scope.repository('frontend')}:1`;
    await frontendImage(engineApi(), frontend);
    const pushed = await engineApi().push(frontend.replace(/:1$/, ''), '1', await labClient.token());
    expect(pushed.error).toBeUndefined();
    await engineApi().json('DELETE', `/images/${frontend}`);
    scene.write({ Dockerfile: `# syntax=${frontend}\n${HEREDOC}RUN cat /file # ${frontend}\n` });
    const done = await scene.execute({ Builder: 'buildkit' });
    expectBuilt(done);
    expect(plain(done.lines)).toContain('| written');
  });

  test('named contexts: a folder of the job and an image; refused where they would be ignored', async () => {
    const files = {
      Dockerfile:
        'FROM base\nCOPY --from=lib common.txt /common.txt\nCOPY --from=other bin/busybox /other\nRUN cat /common.txt\n',
    };
    const { done } = await build(
      agent,
      { ...files, 'libraries/common.txt': 'in common\n' },
      { BuildContexts: 'lib=libraries\nbase=docker-image://lab/busybox:1\nother=docker-image://lab/busybox:1' },
    );
    if (isOld()) {
      return expectRefused(
        done,
        'BuildContexts',
        'Docker Engine 23 or later',
        'Leave BuildContexts out, or name another daemon in DockerHost',
      );
    }
    expectBuilt(done);
    expect(plain(done.lines)).toContain('| in common');
  });

  test('provenance: an attestation beside the image; refused where there would be none', async () => {
    const scene = await Scene.open(agent, { Dockerfile: 'FROM lab/busybox:1\nRUN echo attested > /x\n' });
    const done = await scene.execute({ Builder: 'buildkit', Provenance: 'mode=max' });
    if (!hasContainerdStore()) {
      return expectRefused(
        done,
        'Provenance',
        'the containerd image store',
        'Leave Provenance out, or name a daemon with that store in DockerHost',
      );
    }
    expectBuilt(done);
    const pushed = await scene.pushed('1');
    expect(JSON.parse(scene.read('ecr-image.json'))).toMatchObject({ digest: pushed?.digest });
    expect(pushed?.mediaType).toBe('application/vnd.oci.image.index.v1+json');
    const kinds = (pushed?.manifest['manifests'] as { annotations?: Record<string, string> }[]).map(
      ({ annotations }) => annotations?.['vnd.docker.reference.type'] ?? 'image',
    );
    expect(kinds).toEqual(['image', 'attestation-manifest']);
  });

  test('without Provenance no attestation is made', async () => {
    const scene = await Scene.open(agent, { Dockerfile: 'FROM lab/busybox:1\nRUN echo plain > /x\n' });
    expectBuilt(await scene.execute({ Builder: 'buildkit' }));
    expect((await scene.pushed('1'))?.mediaType).not.toMatch(/index|list/);
  });
});
