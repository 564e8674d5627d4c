import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describeWithLab, lab, labClient } from '../lab/client';
import { expectDone, expectFailed } from './ecr';
import { bundle, jar } from './products';
import { HELLO, plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(180_000);

const CHECK = { Mode: 'check' };
/** In a hop's line: `  ✓ version      12 ms  Engine …`. */
const HOP = /^ {2}([✓✗?]) (\w+)/gm;

const hopsOf = (log: string): string[] => [...log.matchAll(HOP)].map(([, mark = '', name = '']) => `${mark} ${name}`);

const ALL = [
  ...['settings', 'plan', 'dockerfile', 'aws', 'token', 'repository', 'tags', 'endpoint', 'version', 'info', 'builder'],
  ...['platform', 'login', 'context'],
].map((name) => `✓ ${name}`);

describeWithLab('check', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('all is well: every hop, what it found, and the drawing; nothing is built, pushed or left', async () => {
    const scene = await Scene.open(agent);
    const log = expectDone(await scene.execute(CHECK), 'CHECK OK   every hop answered; nothing was built or pushed');
    const { engine, registry } = lab();
    expect(hopsOf(log)).toEqual(ALL);
    expect(log).toContain(`Engine ${engine.version}, API ${engine.apiVersion} (from `);
    expect(log).toMatch(new RegExp(`${engine.store} store on overlay\\w+; debug mode off`));
    expect(log).toMatch(/disk use: \d+ images? [\d.]+ [kMG]?B, build cache [\d.]+ [kMG]?B/);
    expect(log).toContain('BuildKit (Builder=auto, and the daemon has BuildKit');
    expect(log).toContain('lab/busybox:1 is on the daemon, linux/amd64');
    expect(log).toContain(`the daemon's login at ${registry.host} was accepted`);
    expect(log).toMatch(/2 files \d+ B, which may travel/);
    expect(log).toMatch(/agent {2}──✓── AWS ECR {3}.*\n {2}agent {2}──✓── daemon .*\n {2}daemon ──✓── registry /);
    expect(await labClient.tags(scene.scope.name('app'))).toEqual([]);
    expect(Object.keys(scene.outputs()).sort()).toEqual(['ecr-image.log', 'plugin log']);
  });

  test('a daemon that refuses: AWS is told all the same', async () => {
    const scene = await Scene.open(agent);
    const done = await scene.execute({ ...CHECK, DockerHost: 'tcp://127.0.0.1:9' });
    const log = expectFailed(done, /^DAEMON_REFUSED: No daemon listens at tcp:\/\/127\.0\.0\.1:9 /);
    const unknown = ['version', 'info', 'builder', 'platform', 'login'].map((name) => `? ${name}`);
    expect(hopsOf(log)).toEqual([...ALL.slice(0, 7), '✗ endpoint', ...unknown, '✓ context']);
    expect(log).toContain('CHECK FAILED   DAEMON_REFUSED   1 of 14 hops failed (endpoint), 5 not tried;');
    expect(log).toMatch(/agent {2}──✓── AWS ECR.*\n {2}agent {2}──✗── daemon {4}tcp:\/\/127\.0\.0\.1:9\n/);
  });

  test('AWS denies the token: the daemon is told all the same', async () => {
    const scene = await Scene.open(agent);
    await scene.scope.fault({
      on: 'aws',
      match: { operation: 'GetAuthorizationToken' },
      times: 'always',
      action: { error: 'AccessDeniedException' },
    });
    const log = expectFailed(await scene.execute(CHECK), /^AWS_DENIED: /);
    expect(hopsOf(log)).toEqual(
      ALL.map((hop) => (hop === '✓ token' ? '✗ token' : hop === '✓ login' ? '? login' : hop)),
    );
    expect(log).toMatch(/ {2}\? login +not tried: token failed\n/);
    expect(log).toMatch(
      /agent {2}──✗── AWS ECR.*\n {2}agent {2}──✓── daemon .*\n {2}daemon ──\?── registry {2}not tried/,
    );
  });

  test('a registry that does not know the password', async () => {
    const scene = await Scene.open(agent);
    await scene.scope.fault({
      on: 'registry',
      match: { path: '^/v2/$' },
      times: 'always',
      action: { status: 401, headers: { 'www-authenticate': 'Basic realm="ECR"' }, body: 'Not Authorized' },
    });
    const log = expectFailed(await scene.execute(CHECK), /^REGISTRY_LOGIN_REFUSED: /);
    expect(hopsOf(log)).toEqual(ALL.map((hop) => (hop === '✓ login' ? '✗ login' : hop)));
    expect(log).toMatch(/daemon ──✗── registry/);
  });

  test('the password of another registry is wrong, and only that', async () => {
    const scene = await Scene.open(agent);
    const RegistryLogins = `${lab().privateHost} user=nobody password-env=WRONG`;
    const done = await scene.execute(
      { ...CHECK, RegistryLogins },
      { variables: { WRONG: 'canary-of-a-password' }, secure: ['WRONG'] },
    );
    const log = expectFailed(done, /^REGISTRY_LOGIN_REFUSED: /);
    expect(hopsOf(log).slice(-3)).toEqual(['✓ login', '✗ login', '✓ context']);
    expect(log).toContain(`RegistryLogins, ${lab().privateHost}`);
  });

  test('without a plan, settings and plan are told', async () => {
    const scene = await Scene.open(agent);
    const log = expectFailed(await scene.execute({ ...CHECK, Tags: 'a b' }), /^CONFIG_INVALID: Tags: /);
    expect(hopsOf(log)).toEqual(['✓ settings', '✗ plan']);
  });

  describe.each([
    ['the bundle', [process.execPath, bundle]],
    ['nothing but the jar', ['java', '-jar', jar]],
  ])('by %s', (_, command) => {
    const [program = '', ...before] = command;

    async function run(
      scene: Scene,
      args: readonly string[],
    ): Promise<{ code: number; stdout: string; stderr: string }> {
      const { scope } = scene;
      const env = {
        PATH: process.env['PATH'],
        HOME: agent.workFolder,
        AWS_ENDPOINT_URL: lab().awsUrl,
        AWS_REGION: lab().registry.region,
        AWS_ACCESS_KEY_ID: scope.accessKeyId,
        AWS_SECRET_ACCESS_KEY: scope.secretAccessKey,
        DOCKER_HOST: lab().engine.unixUrl,
        CANARY_TOKEN: 'canary-in-the-shell',
        NODE_OPTIONS: program === 'java' ? '--this-is-no-option' : undefined,
      };
      const child = spawn(program, [...before, 'check', ...args], { cwd: scene.folder, env });
      child.stdin.end();
      const ended = once(child, 'exit') as Promise<[number]>;
      const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      const told = { code, stdout: plain([stdout]), stderr };
      for (const secret of [scope.secretAccessKey, 'canary-in-the-shell', ...(await scope.passwords())])
        expect(JSON.stringify(told)).not.toContain(secret);
      return told;
    }

    test('all is well: 0, and the folder stays as it was', async () => {
      const scene = await Scene.open(agent);
      const told = await run(scene, [`Repository=${scene.scope.name('app')}`]);
      expect([told.code, told.stderr, hopsOf(told.stdout)]).toEqual([0, '', ALL]);
      expect(told.stdout).toContain('(agent environment DOCKER_HOST)');
      expect(told.stdout).toContain('CHECK OK');
      expect(Object.keys(scene.outputs())).toEqual(['plugin log']);
      expect(Object.keys(HELLO).every((name) => existsSync(`${scene.folder}/${name}`))).toBe(true);
    });

    test('something fails: 1, in words that a ticket may hold', async () => {
      const scene = await Scene.open(agent);
      const fields = [`Repository=${scene.scope.name('app')}`, 'Dockerfile=of-${CANARY_TOKEN}'];
      const told = await run(scene, fields);
      expect([told.code, told.stderr]).toEqual([1, '']);
      expect(told.stdout).toMatch(/✗ dockerfile +\d+ ms {2}DOCKERFILE_MISSING\n/);
      expect(told.stdout).toContain('Why:   Dockerfile "of-****" cannot be used');
    });

    test('no field of that name: 2', async () => {
      const scene = await Scene.open(agent);
      expect(await run(scene, ['Repositry=a'])).toEqual({
        code: 2,
        stdout: '',
        stderr: 'gocd-ecr-task: there is no field Repositry; is Repository meant\n',
      });
    });
  });
});
