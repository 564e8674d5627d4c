import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describeWithLab, engineApi, lab } from '../lab/client';
import { startSshAgent, type LabSshAgent } from '../lab/ssh-agent';
import { sshImage } from '../lab/stand-in';
import { everythingOf, expectBuilt, hasContainerdStore } from './buildkit';
import { assertNoLeak, leaksIn } from './leaks';
import { plain, Scene, startE2eAgent, temporaryFolder, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const TOKEN = 'npm/"T0ken+of" the=jöb';
const KEY_FILE = '-----BEGIN PRIVATE KEY-----\nbGFiIGtleSBvZiBub2JvZHk5Mjg0NzE\n-----END PRIVATE KEY-----\n';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const USES = [
  'FROM lab/busybox:1',
  'COPY kept.txt /kept.txt',
  `RUN --mount=type=secret,id=npm echo "${sha256(TOKEN)}  /run/secrets/npm" | sha256sum -c`,
  'RUN --mount=type=secret,id=npm cat /run/secrets/npm && echo && base64 /run/secrets/npm',
  `RUN --mount=type=secret,id=key,target=/etc/key,mode=0400 echo "${sha256(KEY_FILE)}  /etc/key" | sha256sum -c && cat /etc/key`,
  'RUN test ! -s /run/secrets/npm && test ! -s /etc/key && echo nothing left',
  '',
].join('\n');

describeWithLab('build secrets and ssh agents', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test.each([
    ['succeeds', ''],
    ['fails', 'RUN --mount=type=secret,id=npm cat /run/secrets/npm && exit 9\n'],
  ])('in a build that %s: there during RUN, and in nothing that is left', async (how, more) => {
    const scene = await Scene.open(agent, {
      Dockerfile: USES + more,
      'kept.txt': `kept ${Date.now()}\n`,
      '.key': KEY_FILE,
    });
    scene.write({ '.dockerignore': '.key\n' });
    const config = { Secrets: 'id=npm,env=NPM_TOKEN\nid=key,src=.key', Mode: 'build', Repository: scene.repository };
    const done = await scene.execute(config, { variables: { NPM_TOKEN: TOKEN } });
    const log = plain(done.lines);
    expect(log).toContain('| /run/secrets/npm: OK');
    expect(log).toContain('| /etc/key: OK');
    const lines = KEY_FILE.split('\n').slice(1, 2);
    assertNoLeak({ ...scene.outputs(), console: log, message: done.message }, [TOKEN, ...lines]);
    if (how === 'fails') {
      expect([done.success, done.message]).toEqual([false, expect.stringMatching(/^BUILD_RUN_FAILED: /) as string]);
      return;
    }
    expectBuilt(done);
    expect(log).toContain('| nothing left');
    const all = await everythingOf(`${scene.repository}:1`);
    expect(leaksIn(all, ['kept'])).not.toEqual([]); // the search finds what is there
    assertNoLeak({ image: all }, [TOKEN, ...lines]);
  });

  const ways: readonly [string, () => Record<string, string>][] = [
    ['unix', () => ({ DockerHost: lab().engine.unixUrl })],
    ['tcp', () => ({ DockerHost: lab().engine.plainUrl })],
    ['TLS', () => ({ DockerHost: lab().engine.tlsUrl, TlsVerify: 'true', CertPath: lab().engine.certFolder })],
  ];
  test.each(ways)('over %s, in 64 KB as a key store has them', async (_way, daemon) => {
    const large = randomBytes(48 * 1024)
      .toString('base64')
      .replace(/.{76}/g, '$&\n');
    const scene = await Scene.open(agent, {
      Dockerfile: `FROM lab/busybox:1\nRUN --mount=type=secret,id=large echo ${Date.now()} && sha256sum /run/secrets/large\n`,
      'large.secret': large,
      '.dockerignore': '*\n',
    });
    const done = await scene.execute({ ...daemon(), Secrets: 'id=large,src=large.secret' });
    expectBuilt(done);
    expect(plain(done.lines)).toContain(`| ${sha256(large)}  /run/secrets/large`);
  });

  test('no attestation tells a secret', async () => {
    if (!hasContainerdStore()) return expect(lab().engine.store).toBe('classic'); // it has no attestations
    const scene = await Scene.open(agent, { Dockerfile: USES, 'kept.txt': `kept ${Date.now()}\n`, '.key': KEY_FILE });
    const done = await scene.execute(
      {
        Secrets: 'id=npm,env=NPM_TOKEN\nid=key,src=.key',
        Provenance: 'mode=max',
        Mode: 'build',
        Repository: scene.repository,
      },
      { variables: { NPM_TOKEN: TOKEN } },
    );
    expectBuilt(done);
    const all = await everythingOf(`${scene.repository}:1`);
    expect(all).toContain('https://slsa.dev/provenance/');
    assertNoLeak({ image: all }, [TOKEN, 'bGFiIGtleSBvZiBub2JvZHk5Mjg0NzE']);
  });

  test('a secret that is not there is told before anything is built', async () => {
    const scene = await Scene.open(agent, { Dockerfile: USES, 'kept.txt': '' });
    const variable = await scene.execute({ Secrets: 'id=npm,env=NPM_TOKEN' }, { variables: { NPM_TOKEN_2: TOKEN } });
    expect([variable.success, variable.message]).toEqual([
      false,
      'CONFIG_INVALID: Secrets: line 1 (npm): the job has no variable NPM_TOKEN; there is NPM_TOKEN_2',
    ]);
    expect(await scene.scope.awsRequests()).toEqual([]);
    const file = await scene.execute({ Secrets: 'id=npm,src=.npmrc' });
    expect([file.success, file.message]).toEqual([
      false,
      expect.stringMatching(/^SECRET_MISSING: Secrets \(npm\) "\.npmrc" /) as string,
    ]);
    expect(plain(file.lines)).not.toContain('RUN');
  });

  test('a secret that only the Dockerfile knows of is named with the line to add', async () => {
    const scene = await Scene.open(agent, {
      Dockerfile: 'FROM lab/busybox:1\nRUN --mount=type=secret,id=hub,required=true cat /run/secrets/hub\n',
    });
    const done = await scene.execute();
    expect([done.success, done.message]).toEqual([
      false,
      'BUILD_SECRET_MISSING: Dockerfile line 2 needs the secret hub, which field Secrets does not have. Add a line to Secrets: id=hub,env=NAME or id=hub,src=PATH',
    ]);
  });

  describe('ssh', () => {
    const folder = temporaryFolder();
    let keys: LabSshAgent;
    beforeAll(async () => {
      keys = await startSshAgent(folder.path);
      await sshImage(engineApi());
    });
    afterAll(async () => {
      await keys.stop();
      folder.remove();
    });

    test('a RUN lists the keys and signs with them; it can neither take them nor remove them', async () => {
      const scene = await Scene.open(agent, {
        Dockerfile: [
          'FROM lab/ssh:1',
          'COPY key.pub /key.pub',
          'RUN --mount=type=ssh ssh-add -L && ssh-add -T /key.pub && echo it signs',
          'RUN --mount=type=ssh ! ssh-add -D && echo it refuses',
          'RUN --mount=type=ssh,id=other ssh-add -L',
          'RUN test -z "$SSH_AUTH_SOCK" && echo it is gone',
          '',
        ].join('\n'),
        'key.pub': `${keys.publicKey}\n`,
      });
      const config = { Ssh: `default\nother=${keys.socketPath}`, Mode: 'build', Repository: scene.repository };
      const done = await scene.execute(config, { variables: { SSH_AUTH_SOCK: keys.socketPath } });
      expectBuilt(done);
      const log = plain(done.lines);
      for (const line of [keys.publicKey, 'it signs', 'it refuses', 'it is gone']) expect(log).toContain(`| ${line}`);
      expect((await keys.keys()).trim()).toBe(keys.publicKey);
    });

    test('an agent that is not there is told before anything is built', async () => {
      const scene = await Scene.open(agent);
      const nowhere = join(folder.path, 'nowhere.sock');
      const done = await scene.execute({ Ssh: `default=${nowhere}` });
      expect([done.success, done.message]).toEqual([
        false,
        `SECRET_MISSING: Ssh (default): ${nowhere} is no socket of an ssh agent. Start ssh-agent on the GoCD agent, add the key with ssh-add, and let SSH_AUTH_SOCK or Ssh name its socket`,
      ]);
    });
  });
});
