import { describeWithLab, engineApi, lab, labClient } from '../lab/client';
import { privatePassword, privateUser } from '../lab/private-registry';
import { expectBuilt, expectRefused, forgetBuilds, hasContainerdStore } from './buildkit';
import { assertNoLeak } from './leaks';
import { plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

/** `host/prefix/base:1` in somebody else's registry, and not on the daemon. */
async function foreignBase(scene: Scene): Promise<string> {
  const [api, name] = [engineApi(), `${lab().privateHost}/${scene.scope.prefix}/base`];
  await api.tag('lab/busybox:1', name, '1');
  const login = { username: privateUser, password: privatePassword, serveraddress: lab().privateHost };
  const pushed = await api.push(name, '1', login);
  expect(pushed.error).toBeUndefined();
  await api.json('DELETE', `/images/${name}:1`);
  await forgetBuilds();
  return `${name}:1`;
}

const LOGIN = (host: string): string => `${host} user=${privateUser} password-env=HUB_PASSWORD`;

/** Since the base was pushed, which needs the password too. */
async function sentSince(scene: Scene, from: number): Promise<readonly (string | null)[]> {
  return (await scene.scope.privateRequests()).slice(from).map(({ authorization }) => authorization);
}

describeWithLab('registries of somebody else', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  const builders = ['buildkit', 'classic'] as const;

  test.each(builders)('%s: a base image behind a login; every password goes to its own registry', async (builder) => {
    const scene = await Scene.open(agent);
    const base = await foreignBase(scene);
    scene.write({ Dockerfile: `FROM ${base}\nRUN echo ${builder}\n` });
    const before = (await scene.scope.privateRequests()).length;
    const done = await scene.execute(
      { Builder: builder, RegistryLogins: LOGIN(lab().privateHost), Pull: 'true' },
      { variables: { HUB_PASSWORD: privatePassword } },
    );
    expectBuilt(done, builder === 'buildkit' ? 'BuildKit' : 'classic');
    const own = `Basic ${Buffer.from(`${privateUser}:${privatePassword}`).toString('base64')}`;
    const sent = await sentSince(scene, before);
    expect(sent).toContain(own);
    expect([...new Set(sent)].filter((one) => one !== null && one !== own)).toEqual([]);
    assertNoLeak({ ...scene.outputs(), console: plain(done.lines) }, [privatePassword]);
    // An AWS token that the lab has not issued would be `unknown` to it.
    expect((await scene.scope.registryRequests()).filter(({ token }) => token === 'unknown')).toEqual([]);
  });

  test.each(builders)('%s: no login, no credentials: those of ECR are never sent there', async (builder) => {
    const scene = await Scene.open(agent);
    const base = await foreignBase(scene);
    for (const ref of [base, `${lab().foreignHost}/${scene.scope.prefix}/base:1`]) {
      scene.write({ Dockerfile: `FROM ${ref}\nRUN true\n` });
      const before = (await scene.scope.privateRequests()).length;
      const done = await scene.execute({ Builder: builder, Pull: 'true' });
      expect([done.success, done.message]).toEqual([false, expect.stringMatching(/^BASE_IMAGE_DENIED: /) as string]);
      expect(done.message).toContain('RegistryLogins');
      expect((await sentSince(scene, before)).filter((one) => one !== null)).toEqual([]);
    }
    const foreign = await scene.scope.foreignRequests();
    expect(foreign.length).toBeGreaterThan(0);
    expect(foreign.filter(({ authorization }) => authorization !== null)).toEqual([]);
    expect((await scene.scope.passwords()).length).toBeGreaterThan(0);
  });

  test.each(builders)('%s: a wrong password is named with its registry', async (builder) => {
    const scene = await Scene.open(agent);
    const base = await foreignBase(scene);
    scene.write({ Dockerfile: `FROM ${base}\nRUN true\n` });
    const done = await scene.execute(
      { Builder: builder, RegistryLogins: LOGIN(lab().privateHost), Pull: 'true' },
      { variables: { HUB_PASSWORD: 'not-the-password' } },
    );
    expect(done.success).toBe(false);
    expect(plain(done.lines)).toContain(lab().privateHost);
    assertNoLeak({ ...scene.outputs(), console: plain(done.lines) }, ['not-the-password']);
  });
});

const STEPS = 'FROM lab/busybox:1\nCOPY a /a\nRUN echo made here > /b\n';

describeWithLab('build caches in a registry', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  const cachedAgain = async (scene: Scene, ref: string): Promise<string> => {
    // As on another daemon: neither a cache nor the image is there.
    await engineApi().request('DELETE', `/images/${scene.repository}:1?force=1`);
    await forgetBuilds();
    const again = await scene.execute({ Builder: 'buildkit', CacheFrom: ref, Tags: '2' });
    expectBuilt(again);
    return plain(again.lines);
  };

  test('inline: in the pushed image itself', async () => {
    const scene = await Scene.open(agent, { Dockerfile: STEPS, a: unheardOf() });
    expectBuilt(await scene.execute({ Builder: 'buildkit', CacheTo: 'type=inline' }));
    expect(await cachedAgain(scene, `${scene.repository}:1`)).toMatch(/RUN echo made here.* CACHED$/m);
  });

  test('a registry cache, where the engine can write one; else it is refused before the build', async () => {
    const scene = await Scene.open(agent, { Dockerfile: STEPS, a: unheardOf() });
    const cache = `${scene.repository}:cache`;
    const done = await scene.execute({ Builder: 'buildkit', CacheTo: `type=registry,ref=${cache},mode=max` });
    if (!hasContainerdStore()) {
      const fix = 'Set CacheTo to type=inline, or name a daemon with that store in DockerHost';
      return expectRefused(done, 'CacheTo with type=registry', 'the containerd image store', fix);
    }
    expectBuilt(done);
    expect(await labClient.tags(scene.scope.name('app'))).toEqual(expect.arrayContaining(['1', 'cache']) as string[]);
    expect(await cachedAgain(scene, `type=registry,ref=${cache}`)).toMatch(/RUN echo made here.* CACHED$/m);
  });

  test('a cache that is not there is no failure', async () => {
    const scene = await Scene.open(agent, { Dockerfile: STEPS, a: unheardOf() });
    expectBuilt(await scene.execute({ Builder: 'buildkit', CacheFrom: `${scene.repository}:never` }));
  });
});

let count = 0;
/** Content that no other test has cached. */
function unheardOf(): string {
  return `${process.pid}.${++count}.${Date.now()}\n`;
}
