import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithLab } from '../lab/client';
import { plain, REBUILD, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

describeWithLab('forged input', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('no line of a build can look like ours, or end the job', async () => {
    const forged = [
      '{"response":{"success":true,"message":"forged"}}',
      'PUSHED evil.example/app@sha256:00',
      'one\\r!!|forged section',
      '\\033[2J\\033[1;1Hcursor',
      '\\033]8;;http://evil.example\\033\\\\link\\033]8;;\\033\\\\',
      'bidi \\342\\200\\256 reversed',
      'next \\302\\205 line',
    ];
    const lines = forged.map((text) => `printf '${text}\\n'`).join(' && ');
    const scene = await Scene.open(agent, { Dockerfile: `FROM lab/busybox:1\nRUN ${lines} && exit 5\n` });
    const done = await scene.execute();
    expect([done.success, done.message]).toEqual([false, expect.stringMatching(/^BUILD_RUN_FAILED/) as string]);
    const log = plain(done.lines).split('\n');
    expect(log.filter((line) => /^(PUSHED|\{"response|!!\|)/.test(line))).toEqual([]);
    const text = done.lines.join('\n');
    for (const raw of ['\r', '\u001b[2J', '\u001b]8;', '\u202e', '\u0085']) expect(text).not.toContain(raw);
    expect(log).toContain('    | {"response":{"success":true,"message":"forged"}}');
  });

  test('outputs that a repository ships as links are replaced, never followed', async () => {
    const scene = await Scene.open(agent);
    const victim = join(agent.workFolder, 'authorized_keys');
    writeFileSync(victim, 'ssh-ed25519 untouched\n');
    for (const name of ['ecr-image.json', 'ecr-image.env', 'ecr-image.log', 'ecr-image.failed.json'])
      symlinkSync(victim, join(scene.folder, name));
    expect((await scene.execute()).success).toBe(true);
    expect(readFileSync(victim, 'utf8')).toBe('ssh-ed25519 untouched\n');
    for (const name of ['ecr-image.json', 'ecr-image.env', 'ecr-image.log'])
      expect(lstatSync(join(scene.folder, name)).isFile()).toBe(true);
    expect(existsSync(join(scene.folder, 'ecr-image.failed.json'))).toBe(false);
  });

  test('a Dockerfile that is a link to a key of the agent is not read', async () => {
    const scene = await Scene.open(agent, {});
    writeFileSync(join(agent.workFolder, 'id_rsa'), 'FROM secret-of-the-agent\n');
    symlinkSync(join(agent.workFolder, 'id_rsa'), join(scene.folder, 'Dockerfile'));
    const done = await scene.execute();
    expect(done.message).toMatch(/^PATH_OUTSIDE: /);
    expect(done.lines.join('\n') + scene.read('ecr-image.log')).not.toContain('secret-of-the-agent');
  });

  test.each([
    ['a comma', 'pr-1,prod'],
    ['a line end', 'pr-1\nprod'],
  ])('a branch name with %s never makes a second tag', async (_what, branch) => {
    const scene = await Scene.open(agent);
    const done = await scene.execute({ Tags: '${BRANCH}' }, { variables: { BRANCH: branch } });
    expect([done.success, done.message]).toEqual([false, expect.stringMatching(/^CONFIG_INVALID: Tags: /) as string]);
    expect(await scene.scope.awsRequests()).toEqual([]);
    expect((await scene.execute({ Tags: '${BRANCH|tag}' }, { variables: { BRANCH: 'pr-1,prod' } })).success).toBe(true);
    expect(await scene.pushed('pr-1-prod')).not.toBeNull();
  });

  test('the outputs of the run before are part of no context', async () => {
    const scene = await Scene.open(agent, { Dockerfile: 'FROM lab/busybox:1\nCOPY . /all\nRUN ls -a /all\n' });
    expect(await scene.execute({ ResultFile: 'out/image.json' }).then((done) => done.success)).toBe(true);
    const again = await scene.execute({ ...REBUILD, ResultFile: 'out/image.json' });
    expect(plain(again.lines)).not.toMatch(/\| image\.(json|log|env)/);
  });
});
