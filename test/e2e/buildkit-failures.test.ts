import { describeWithLab } from '../lab/client';
import { expectBuilt, isOld } from './buildkit';
import { plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

describeWithLab('failures and warnings of BuildKit', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  const failing = [
    'FROM lab/busybox:1 AS slow',
    'RUN echo slow begins && sleep 20',
    '',
    'FROM lab/busybox:1 AS tests',
    'WORKDIR /app',
    'RUN echo ready \\',
    '    && echo "no such module: left-pad" >&2 \\',
    '    && exit 7',
    'RUN echo never',
    '',
    'FROM scratch',
    'COPY --from=slow /etc/passwd /one',
    'COPY --from=tests /etc/passwd /two',
    '',
  ].join('\n');

  test('one of two stages at once fails: its lines of the Dockerfile, its exit code, its output; the other is stopped', async () => {
    const scene = await Scene.open(agent, { Dockerfile: failing });
    const done = await scene.execute({ Builder: 'buildkit' });
    const log = plain(done.lines);
    expect([done.success, done.message]).toEqual([
      false,
      expect.stringMatching(/^BUILD_RUN_FAILED: RUN ended with exit code 7: /) as string,
    ]);
    expect(log).toContain('no such module: left-pad');
    expect(log).toContain('Where: Dockerfile, lines 6 to 8\n');
    expect(log).toMatch(/^ {2}> {2}6 \| RUN echo ready \\$/m);
    expect(log).toMatch(/^ {2}> {2}8 \| {5}&& exit 7$/m);
    expect(log).toMatch(/^ {5}4 \| FROM lab\/busybox:1 AS tests$/m);
    expect(log).not.toContain('echo never, ');
    expect(log).toMatch(/daemon ──✓── registry/);
  });

  test.each([
    ['/build', {}],
    ['Solve', { NoCache: 'tests' }],
  ])('a Dockerfile of 70 KB fails like any other, by %s', async (_by, config) => {
    const long = Array.from({ length: 1000 }, (_, index) => `# ${String(index).padEnd(66, '.')}\n`).join('');
    const scene = await Scene.open(agent, { Dockerfile: failing.replace('WORKDIR', `${long}WORKDIR`) });
    const done = await scene.execute({ Builder: 'buildkit', ...config });
    expect([done.success, done.message]).toEqual([
      false,
      expect.stringMatching(/^BUILD_RUN_FAILED: RUN ended with exit code 7: /) as string,
    ]);
    expect(plain(done.lines)).toContain('Where: Dockerfile, lines 1006 to 1008\n');
  });

  test('the frontend’s warnings: rule, line and address, where it has them', async () => {
    const scene = await Scene.open(agent, {
      Dockerfile: 'FROM lab/busybox:1 as base\nENV COLOUR blue\nRUN true\nCMD echo hello\n',
    });
    const done = await scene.execute({ Builder: 'buildkit' });
    expectBuilt(done);
    const warnings = plain(done.lines)
      .split('\n')
      .filter((line) => line.startsWith('  warning  '));
    expect(warnings).toEqual(
      isOld()
        ? []
        : [
            expect.stringMatching(/^ {2}warning {2}Dockerfile line 1: FromAsCasing: .*\/from-as-casing\/\)$/),
            expect.stringMatching(
              /^ {2}warning {2}Dockerfile line 2: LegacyKeyValueFormat: .*\/legacy-key-value-format\/\)$/,
            ),
            expect.stringMatching(
              /^ {2}warning {2}Dockerfile line 4: JSONArgsRecommended: .*\/json-args-recommended\/\)$/,
            ),
          ],
    );
  });

  test('a COPY that finds nothing', async () => {
    const scene = await Scene.open(agent, { Dockerfile: 'FROM lab/busybox:1\nCOPY nope.txt /x\n' });
    const done = await scene.execute({ Builder: 'buildkit' });
    expect([done.success, done.message]).toEqual([
      false,
      expect.stringMatching(/^BUILD_COPY_MISSING: COPY or ADD found no nope\.txt\. /) as string,
    ]);
    expect(plain(done.lines)).toMatch(/^ {2}> 2 \| COPY nope\.txt \/x$/m);
  });
});
