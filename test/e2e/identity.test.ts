import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithLab, engineApi, lab } from '../lab/client';
import { plain, REBUILD, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const NO_KEYS = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };

describeWithLab('identity', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('two jobs in one JVM: each call is made by the job that it belongs to', async () => {
    const [first, second] = [await Scene.open(agent), await Scene.open(agent)];
    expect((await first.execute()).success).toBe(true);
    const calls = (await first.scope.awsRequests()).length;
    expect((await second.execute()).success).toBe(true);
    expect(calls).toBeGreaterThan(0);
    expect((await first.scope.awsRequests()).length).toBe(calls);
    expect((await second.scope.awsRequests()).length).toBe(calls);
  });

  test('a credentials file that is rotated between two jobs, and a profile that does not outlive its job', async () => {
    const [first, second] = [await Scene.open(agent), await Scene.open(agent)];
    const file = join(agent.workFolder, 'credentials');
    const keysOf = ({ scope }: Scene): string =>
      `aws_access_key_id = ${scope.accessKeyId}\naws_secret_access_key = ${scope.secretAccessKey}\n`;
    const variables = { ...NO_KEYS, AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE: 'ci' };
    writeFileSync(file, `[ci]\n${keysOf(first)}`, { mode: 0o600 });
    const one = await first.execute({}, { variables });
    expect([one.success, plain(one.lines)]).toEqual([true, expect.stringContaining('profile ci') as string]);
    writeFileSync(file, `[ci]\n${keysOf(second)}`, { mode: 0o600 });
    const two = await second.execute({}, { variables });
    expect([two.success, (await second.scope.awsRequests()).length > 0]).toEqual([true, true]);
    const third = await Scene.open(agent);
    const done = await third.execute({}, { variables: NO_KEYS });
    expect([done.success, done.message]).toEqual([false, expect.stringMatching(/^AWS_NO_CREDENTIALS/) as string]);
    expect(plain(done.lines)).not.toContain('profile ci');
  });

  test("a job's DOCKER_HOST is the job's alone", async () => {
    const scene = await Scene.open(agent);
    const there = await scene.execute({ DockerHost: '' }, { variables: { DOCKER_HOST: lab().engine.unixUrl } });
    expect([there.success, plain(there.lines)]).toEqual([
      true,
      expect.stringContaining('(job variable DOCKER_HOST)') as string,
    ]);
    const next = await scene.execute({ ...REBUILD, DockerHost: '' });
    expect(plain(next.lines)).toContain('unix:///var/run/docker.sock');
  });

  test('another build that takes over the local tag: never is its image pushed under ours', async () => {
    const scene = await Scene.open(agent, { Dockerfile: `FROM lab/busybox:1\nRUN echo ${Date.now()} > /mine\n` });
    const api = engineApi();
    let [stop, thefts] = [false, 0];
    // The thief moves our tag to its own image as often as it can, as a job with the same tag would.
    const thief = (async () => {
      while (!stop) {
        // Refused where the two of us name it at the same time (containerd store): the next one will do.
        thefts += await api.tag('lab/busybox:1', scene.repository, '1').then(
          () => 1,
          () => 0,
        );
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    })();
    const done = await scene.execute();
    stop = true;
    await thief;
    expect(thefts).toBeGreaterThan(50);
    const pushed = await scene.pushed('1');
    const log = plain(done.lines);
    if (done.success) {
      expect(JSON.parse(scene.read('ecr-image.json'))).toMatchObject({ digest: pushed?.digest });
    } else {
      expect(done.message).toMatch(/^(DIGEST_FOREIGN|TAG_CONTENDED): /);
    }
    expect(log).not.toMatch(done.success ? /FAILED/ : /PUSHED/);
  });
});
