import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithLab, lab } from '../lab/client';
import { expectBuilt } from './buildkit';
import { plain, Scene, startE2eAgent, temporaryFolder, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const pem = (file: string): string => readFileSync(join(lab().engine.certFolder, file), 'utf8');

/** The lab's daemon over TLS; nobody else's address is in the job. */
describeWithLab('who names the daemon', () => {
  const folder = temporaryFolder();
  const settings = join(folder.path, 'settings.json');
  const blank = { DockerHost: '' };
  let agent: E2eAgent;

  beforeAll(async () => {
    writeContext(folder.path);
    agent = await startE2eAgent({
      env: { GOCD_ECR_SETTINGS: settings, DOCKER_CONFIG: join(folder.path, 'docker'), DOCKER_CONTEXT: 'lab-tls' },
    });
  });
  beforeEach(() => write({}));
  afterAll(async () => {
    await agent.end();
    folder.remove();
  });

  const write = (content: object): void => writeFileSync(settings, JSON.stringify(content), { mode: 0o600 });
  const daemonLine = (lines: readonly string[]): string => /^ {2}daemon {3}(.*)$/m.exec(plain(lines))?.[1] ?? '';

  test('a job, with certificates in its variables: nothing of them is in anything that it leaves', async () => {
    const scene = await Scene.open(agent);
    const done = await scene.execute(
      { DockerHost: lab().engine.tlsUrl, TlsVerify: 'true', TlsCa: 'CA', TlsCert: 'CERT', TlsKey: 'OWN' },
      { variables: { CA: pem('ca.pem'), CERT: pem('cert.pem'), OWN: pem('key.pem') }, secure: ['OWN'] },
    );
    expectBuilt(done);
    expect(daemonLine(done.lines)).toBe(`${lab().engine.tlsUrl} (field DockerHost)`);
  });

  test('the settings file, with certificates in it, by a default', async () => {
    write({
      'daemon.lab': lab().engine.tlsUrl,
      'daemon.lab.ca': pem('ca.pem'),
      'daemon.lab.cert': pem('cert.pem'),
      'daemon.lab.key': pem('key.pem'),
      'default.DockerHost': 'lab',
      'default.FloatingTags': 'edge',
    });
    const scene = await Scene.open(agent);
    const done = await scene.execute(blank, { secure: [] });
    expectBuilt(done);
    expect(daemonLine(done.lines)).toBe(`${lab().engine.tlsUrl} (agent settings daemon.lab)`);
    expect(plain(done.lines)).toContain('FloatingTags is "edge" here: agent settings default.FloatingTags');
    expect((await scene.pushed('edge'))?.digest).toBe((await scene.pushed('1'))?.digest);
    expect(Object.values(scene.outputs()).join('')).not.toContain(pem('key.pem').split('\n')[1]);
  });

  test('a docker context of the agent, with its own certificates', async () => {
    const scene = await Scene.open(agent);
    const done = await scene.execute(blank);
    expectBuilt(done);
    expect(daemonLine(done.lines)).toBe(`${lab().engine.tlsUrl} (docker context lab-tls of the agent)`);
  });

  test('a context that is not there ends the job, and one that no job needs does not', async () => {
    const other = await startE2eAgent({ env: { DOCKER_CONFIG: join(folder.path, 'docker'), DOCKER_CONTEXT: 'gone' } });
    try {
      const scene = await Scene.open(other);
      const meta = join(folder.path, 'docker/contexts/meta', idOf('gone'), 'meta.json');
      expect((await scene.execute(blank)).message).toBe(
        `CONFIG_INVALID: DOCKER_CONTEXT: docker context "gone" (agent environment DOCKER_CONTEXT) does not exist: there is no ${meta}`,
      );
      expectBuilt(await scene.execute());
    } finally {
      await other.end();
    }
  });

  test('what the agent does not allow is refused before anybody is asked', async () => {
    write({ 'allow.registries': 'registry.example.com', 'allow.daemons': 'none' });
    const scene = await Scene.open(agent);
    const done = await scene.execute({ Repository: scene.repository });
    const host = scene.repository.split('/')[0] ?? '';
    expect(done.message).toBe(
      `CONFIG_INVALID: DockerHost: ${lab().engine.unixUrl} (field DockerHost) is not allowed on this agent: it is not in agent settings allow.daemons, which has none | ` +
        `Repository: ${host} is not allowed on this agent: it is not in agent settings allow.registries, which has registry.example.com`,
    );
    expect(await scene.scope.awsRequests()).toEqual([]);
  });

  test('a registry that AWS names, and the agent does not allow, gets no credentials', async () => {
    write({ 'allow.registries': 'registry.example.com' });
    const scene = await Scene.open(agent);
    const done = await scene.execute();
    const host = scene.repository.split('/')[0] ?? '';
    expect(done.message).toBe(
      `REGISTRY_NOT_ALLOWED: The registry ${host}, which AWS names for this repository, is not allowed on this agent: it is not in agent settings allow.registries, which has registry.example.com. Push to a registry that is allowed there, or have the agent's administrator add this one`,
    );
    expect(await scene.scope.registryRequests()).toEqual([]);
  });

  test('an agent that has no daemon of its own', async () => {
    write({ 'daemon.required': true });
    const other = await startE2eAgent({ env: { GOCD_ECR_SETTINGS: settings } });
    try {
      const scene = await Scene.open(other);
      expect((await scene.execute(blank)).message).toBe(
        "CONFIG_INVALID: DockerHost: is blank, and this agent has no daemon of its own: agent settings daemon.required is true. Name one, by its address or by a name from the agent's settings",
      );
    } finally {
      await other.end();
    }
  });
});

const idOf = (name: string): string => createHash('sha256').update(name).digest('hex');

/** As `docker context create` leaves it. */
function writeContext(folder: string): void {
  const meta = join(folder, 'docker/contexts/meta', idOf('lab-tls'));
  const tls = join(folder, 'docker/contexts/tls', idOf('lab-tls'), 'docker');
  for (const each of [meta, tls]) mkdirSync(each, { recursive: true });
  const docker = { Host: lab().engine.tlsUrl, SkipTLSVerify: false };
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: 'lab-tls', Metadata: {}, Endpoints: { docker } }));
  for (const file of ['ca.pem', 'cert.pem', 'key.pem']) writeFileSync(join(tls, file), pem(file));
}
