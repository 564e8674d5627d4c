import { describeWithLab, engineApi, lab, labClient } from '../lab/client';
import { frontendImage } from '../lab/stand-in';
import { expectBuilt, hasContainerdStore, isOld } from './buildkit';
import { plain, Scene, startE2eAgent, type E2eAgent, type Files } from './scene';

jest.setTimeout(120_000);

const HEREDOC =
  'FROM lab/busybox:1\nRUN <<EOT\necho one\necho two > /two\nEOT\nCOPY <<EOF /file\nwritten\nEOF\nRUN cat /two /file\n';

describeWithLab('what BuildKit adds to a Dockerfile', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  const build = async (files: Files, config: Readonly<Record<string, string>> = {}) => {
    const scene = await Scene.open(agent, files);
    const execute = (more: Readonly<Record<string, string>> = {}) =>
      scene.execute({ Builder: 'buildkit', Mode: 'build', Repository: scene.repository, ...config, ...more });
    return { scene, execute, done: await execute() };
  };

  const expectRefused = (
    done: { readonly success: boolean; readonly message: string },
    what: string,
    needs: string,
    fix: string,
  ) => {
    const { version, store } = lab().engine;
    expect([done.success, done.message]).toEqual([
      false,
      `CONFIG_INVALID: ${what} needs ${needs}, and the daemon is Docker ${version} with the ${store} image store: its BuildKit would leave that out without a word. ${fix}`,
    ]);
  };

  test('a cache mount keeps its files from one build to the next', async () => {
    const files = {
      Dockerfile: `FROM lab/busybox:1\nARG ROUND\nRUN --mount=type=cache,target=/cache,id=${Date.now()} echo $ROUND >> /cache/rounds && cat /cache/rounds\n`,
    };
    const { execute, done } = await build(files, { BuildArgs: 'ROUND=first' });
    expectBuilt(done);
    const again = await execute({ BuildArgs: 'ROUND=second' });
    expectBuilt(again);
    expect(plain(again.lines)).toMatch(/\| first\n(.*\| )second/);
  });

  test('here-documents; a frontend that is too old for them is told as that', async () => {
    const { done } = await build({ Dockerfile: HEREDOC });
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

  test('NoCache with the name of a stage: only its steps are made anew', async () => {
    const Dockerfile = [
      'FROM lab/busybox:1 AS first',
      'RUN echo the first > /first',
      'FROM lab/busybox:1 AS second',
      'RUN echo the second > /second',
      'FROM scratch',
      'COPY --from=first /first /',
      'COPY --from=second /second /',
      '',
    ].join('\n');
    const { execute, done } = await build({ Dockerfile });
    expectBuilt(done);
    const again = await execute({ NoCache: 'second' });
    expectBuilt(again);
    expect(plain(again.lines)).toMatch(/\[first .*RUN echo the first.* CACHED$/m);
    expect(plain(again.lines)).not.toMatch(/RUN echo the second.* CACHED$/m);
    expect(plain(again.lines)).toMatch(/\[second .*RUN echo the second/m);
  });

  const LIMITED = {
    Dockerfile: `FROM lab/busybox:1\nRUN echo ${Date.now()} && grep /dev/shm /proc/mounts && ulimit -Hn\n`,
  };

  test('the size of /dev/shm and limits; refused where they would be ignored', async () => {
    const shm = await build(LIMITED, { ShmSize: '96m' });
    const limits = await build(LIMITED, { Ulimits: 'nofile=1024:2048' });
    if (isOld()) {
      expectRefused(
        shm.done,
        'ShmSize',
        'Docker Engine 23 or later',
        'Leave ShmSize out, or set Builder=classic, which has it',
      );
      expectRefused(
        limits.done,
        'Ulimits',
        'Docker Engine 23 or later',
        'Leave Ulimits out, or set Builder=classic, which has them',
      );
      return;
    }
    expectBuilt(shm.done);
    expect(plain(shm.done.lines)).toContain('size=98304k');
    expectBuilt(limits.done);
    expect(plain(limits.done.lines)).toContain('| 2048');
  });

  test('the classic builder has both on every engine', async () => {
    const { done } = await build(LIMITED, { Builder: 'classic', ShmSize: '96m', Ulimits: 'nofile=1024:2048' });
    expectBuilt(done, 'classic');
    expect(plain(done.lines)).toContain('size=98304k');
    expect(plain(done.lines)).toContain('| 2048');
  });

  test('a target stage: what it does not need is not built', async () => {
    const Dockerfile =
      'FROM lab/busybox:1 AS one\nRUN echo one > /one\nFROM one AS two\nRUN exit 3\nFROM two\nRUN exit 4\n';
    const { done } = await build({ Dockerfile }, { Target: 'one' });
    expectBuilt(done);
  });

  test('a platform that the base image does not have is refused before the build', async () => {
    const { done } = await build({ Dockerfile: 'FROM lab/busybox:1\nRUN true\n' }, { Platform: 'linux/arm64' });
    expect([done.success, done.message]).toEqual([false, expect.stringMatching(/^PLATFORM_MISMATCH: /) as string]);
    expect(plain(done.lines)).not.toContain('RUN true');
  });

  test.each(['classic', 'buildkit'])(
    'Builder=classic refuses what only BuildKit has, by field (%s)',
    async (builder) => {
      const scene = await Scene.open(agent);
      const done = await scene.execute({ Builder: builder, Secrets: 'id=a,env=A', Ssh: 'default=/a', NoCache: 'x' });
      expect(done.success).toBe(false);
      const needs = ['NoCache', 'Secrets', 'Ssh'].map((field) => `${field}: needs BuildKit, and Builder is classic`);
      for (const line of needs) expect(plain(done.lines).includes(line)).toBe(builder === 'classic');
    },
  );
});
