import { describeWithLab, lab } from '../lab/client';
import { builderLine, expectBuilt, isOld } from './buildkit';
import { plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const TREE = Object.fromEntries(
  Array.from({ length: 300 }, (_, index) => [`src/${index % 20}/file-${index}`, `${index}\n`]),
);

describeWithLab('the ways to BuildKit', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  const ways: readonly [string, () => Record<string, string>][] = [
    ['unix', () => ({ DockerHost: lab().engine.unixUrl })],
    ['tcp', () => ({ DockerHost: lab().engine.plainUrl })],
    ['TLS', () => ({ DockerHost: lab().engine.tlsUrl, TlsVerify: 'true', CertPath: lab().engine.certFolder })],
  ];
  // Node's h2c needs BuildKit's own endpoint on the daemon's socket, which API 1.53 has; over TLS it fails (measured).
  const session = (way: string): string => (way === 'unix' && !isOld() ? 'h2c' : 'upgrade');

  test.each(ways)(
    '%s: built and pushed; a second time nothing is sent; then only what changed',
    async (way, daemon) => {
      const scene = await Scene.open(agent, {
        Dockerfile: 'FROM lab/busybox:1\nCOPY . /all\nRUN cat /all/src/7/file-7\n',
        ...TREE,
        'src/7/file-7': `${way} ${Date.now()}\n`,
      });
      const first = await scene.execute(daemon());
      expectBuilt(first);
      expect(builderLine(first)).toBe(
        `BuildKit (Builder=auto, and the daemon has BuildKit; session by ${session(way)})`,
      );
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
    for (const [way, daemon] of ways) {
      const scene = await Scene.open(agent, { Dockerfile: `FROM lab/busybox:1 AS one\nRUN echo ${way} > /way\n` });
      const done = await scene.execute({ ...daemon(), NoCache: 'one' });
      expectBuilt(done);
      expect(builderLine(done)).toContain(session(way));
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

  test('two jobs with the same files never share a slot: each sends its own', async () => {
    const files = { Dockerfile: 'FROM lab/busybox:1\nCOPY . /all\n', ...TREE };
    const [one, two] = [await Scene.open(agent, files), await Scene.open(agent, files)];
    expect(plain((await one.execute()).lines)).toMatch(/context .*301 files .*; all sent$/m);
    expect(plain((await two.execute()).lines)).toMatch(/context .*301 files .*; all sent$/m);
  });
});
