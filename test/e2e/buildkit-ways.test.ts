import { describeWithLab, lab } from '../lab/client';
import { startNoUpgrade } from '../lab/no-upgrade';
import { builderLine, expectBuilt, isOld } from './buildkit';
import { WAYS_TO_THE_DAEMON } from './daemon-ways';
import { plain, Scene, startE2eAgent, temporaryFolder, type E2eAgent } from './scene';
import { Den } from './zoo/den';

jest.setTimeout(120_000);

const TREE = Object.fromEntries(
  Array.from({ length: 300 }, (_, index) => [`src/${index % 20}/file-${index}`, `${index}\n`]),
);

describeWithLab('the ways to BuildKit', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test.each(WAYS_TO_THE_DAEMON)(
    '%s: built and pushed; a second time nothing is sent; then only what changed',
    async (way, daemon) => {
      const scene = await Scene.open(agent, {
        Dockerfile: 'FROM lab/busybox:1\nCOPY . /all\nRUN cat /all/src/7/file-7\n',
        ...TREE,
        'src/7/file-7': `${way} ${Date.now()}\n`,
      });
      const first = await scene.execute(daemon());
      expectBuilt(first);
      expect(builderLine(first)).toBe('BuildKit (Builder=auto, and the daemon has BuildKit; session by upgrade)');
      expect(plain(first.lines)).toMatch(/context .*301 files .*; all sent$/m);
      const second = await scene.execute({ ...daemon(), Tags: '2' });
      expectBuilt(second);
      expect(plain(second.lines)).toMatch(/context .*301 files .*; nothing new to send$/m);
      scene.write({ 'src/8/file-8': 'changed\n' });
      const third = await scene.execute({ ...daemon(), Tags: '3' });
      expectBuilt(third);
      expect(plain(third.lines)).toMatch(/context .*301 files .*; sent 8 B in 1 file$/m);
      expect((await scene.pushed('3'))?.digest).not.toBe((await scene.pushed('1'))?.digest);
      expect((await scene.pushed('2'))?.digest).toBe((await scene.pushed('1'))?.digest);
    },
  );

  test('Solve over every way too', async () => {
    for (const [way, daemon] of WAYS_TO_THE_DAEMON) {
      const scene = await Scene.open(agent, { Dockerfile: `FROM lab/busybox:1 AS one\nRUN echo ${way} > /way\n` });
      const done = await scene.execute({ ...daemon(), NoCache: 'one' });
      expectBuilt(done);
    }
  });

  test('a daemon without the upgrade endpoints: HTTP/2 on its own socket, or else the classic builder', async () => {
    const [folder, files] = [temporaryFolder(), { Dockerfile: 'FROM lab/busybox:1 AS one\nCOPY . /all\n', ...TREE }];
    const daemon = await startNoUpgrade(lab().engine.unixUrl.slice('unix://'.length), folder.path);
    try {
      const scene = await Scene.open(agent, files);
      const done = await scene.execute({ DockerHost: daemon.url });
      expectBuilt(done, isOld() ? 'classic' : 'BuildKit');
      expect(builderLine(done)).toBe(
        isOld()
          ? 'classic (the daemon has no BuildKit: it answered HTTP 404 to POST /session)'
          : 'BuildKit (Builder=auto, and the daemon has BuildKit; session by h2c)',
      );
      const solved = await scene.execute({ DockerHost: daemon.url, Tags: '2', NoCache: 'one' });
      if (isOld()) {
        expect([solved.success, solved.message]).toEqual([
          false,
          'CONFIG_INVALID: NoCache with stage names needs BuildKit, and the daemon has no BuildKit: it answered HTTP 404 to POST /session. Name a daemon that has it in DockerHost (Docker Engine 20.10 and later, not Podman), or leave that out',
        ]);
        return;
      }
      expectBuilt(solved);
      expect(plain(solved.lines)).toMatch(/context .*301 files .*; nothing new to send$/m);
    } finally {
      await daemon.stop();
      folder.remove();
    }
  });

  test.each([
    ['buildkit', 'BuildKit', /^BuildKit \(Builder=buildkit; session by (h2c|upgrade)\)$/],
    ['classic', 'classic', /^classic \(Builder=classic\)$/],
  ] as const)('Builder=%s is what it says, on the console and in the result', async (Builder, name, line) => {
    const scene = await Scene.open(agent);
    const done = await scene.execute({ Builder });
    expectBuilt(done, name);
    expect(builderLine(done)).toMatch(line);
    expect(JSON.parse(scene.read('ecr-image.json'))).toMatchObject({ builder: Builder });
  });

  test.each(['buildkit', 'classic'])('%s: what is no file, folder or link is left out, and told', async (Builder) => {
    const scene = await Scene.open(agent, { Dockerfile: 'FROM lab/busybox:1\nCOPY . /all\nRUN ls /all\n', file: '' });
    new Den(scene.folder).fifo('a-fifo').socket('a-socket');
    const done = await scene.execute({ Builder });
    expectBuilt(done, Builder === 'buildkit' ? 'BuildKit' : 'classic');
    expect(plain(done.lines)).not.toMatch(/\| a-(fifo|socket)/);
    const notes = plain(done.lines)
      .split('\n')
      .filter((line) => line.includes('a-fifo'));
    expect(notes).toEqual(['  note     left out of the context, being no file, folder or link: a-fifo']);
  });

  test('two jobs with the same files never share a slot: each sends its own', async () => {
    const files = { Dockerfile: 'FROM lab/busybox:1\nCOPY . /all\n', ...TREE };
    const [one, two] = [await Scene.open(agent, files), await Scene.open(agent, files)];
    expect(plain((await one.execute()).lines)).toMatch(/context .*301 files .*; all sent$/m);
    expect(plain((await two.execute()).lines)).toMatch(/context .*301 files .*; all sent$/m);
  });
});
