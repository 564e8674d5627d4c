import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDockerContext } from '../../../src/files/docker-config';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'docker-config-'));
  await mkdir(join(home, '.docker'), { recursive: true });
});
afterEach(() => rm(home, { recursive: true, force: true }));

const idOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const metaOf = (name: string): string => join(home, '.docker/contexts/meta', idOf(name), 'meta.json');
const config = (): string => join(home, '.docker/config.json');

async function context(name: string, endpoint: object, tls = false): Promise<void> {
  await mkdir(join(metaOf(name), '..'), { recursive: true });
  await writeFile(metaOf(name), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: endpoint } }));
  if (tls) await mkdir(join(home, '.docker/contexts/tls', idOf(name), 'docker'), { recursive: true });
}

const read = (more: Record<string, string> = {}, uid = process.getuid?.() ?? 0): ReturnType<typeof readDockerContext> =>
  readDockerContext(new Map(Object.entries({ HOME: home, ...more })), { uid });

test('none: no home, no folder, no file, none named, and the default one', async () => {
  expect(await readDockerContext(new Map())).toBeUndefined();
  expect(await read({ HOME: join(home, 'nowhere') })).toBeUndefined();
  expect(await read()).toBeUndefined();
  await writeFile(config(), JSON.stringify({ auths: {} }));
  expect(await read()).toBeUndefined();
  await writeFile(config(), JSON.stringify({ currentContext: 'default' }));
  expect(await read()).toBeUndefined();
  expect(await read({ DOCKER_CONTEXT: 'default' })).toBeUndefined();
});

test('the current one of config.json, with its certificates', async () => {
  await writeFile(config(), JSON.stringify({ currentContext: 'eu' }));
  await context('eu', { Host: 'tcp://build-2:2376', SkipTLSVerify: false }, true);
  expect(await read()).toEqual({
    name: 'eu',
    namedBy: `currentContext of ${config()}`,
    host: 'tcp://build-2:2376',
    skipTlsVerify: false,
    tlsFolder: join(home, '.docker/contexts/tls', idOf('eu'), 'docker'),
  });
});

test('DOCKER_CONTEXT goes before it, and DOCKER_CONFIG names the folder', async () => {
  await writeFile(config(), JSON.stringify({ currentContext: 'eu' }));
  await context('rootless', { Host: 'unix:///run/user/1000/docker.sock', SkipTLSVerify: true });
  const found = {
    name: 'rootless',
    namedBy: 'agent environment DOCKER_CONTEXT',
    host: 'unix:///run/user/1000/docker.sock',
    skipTlsVerify: true,
    tlsFolder: undefined,
  };
  expect(await read({ DOCKER_CONTEXT: 'rootless' })).toEqual(found);
  expect(await read({ DOCKER_CONTEXT: 'rootless', DOCKER_CONFIG: join(home, '.docker'), HOME: '/' })).toEqual(found);
});

test('one that is not there, has no address, or no name', async () => {
  expect(await read({ DOCKER_CONTEXT: 'eu' })).toEqual({
    problem: `docker context "eu" (agent environment DOCKER_CONTEXT) does not exist: there is no ${metaOf('eu')}`,
  });
  await context('eu', {});
  expect(await read({ DOCKER_CONTEXT: 'eu' })).toEqual({
    problem: `docker context "eu" (agent environment DOCKER_CONTEXT) names no daemon: ${metaOf('eu')} has no address`,
  });
  expect(await read({ DOCKER_CONTEXT: '../x' })).toEqual({
    problem: 'docker context "../x" (agent environment DOCKER_CONTEXT) is not the name of a context',
  });
});

test('files that cannot be read as such, of which nothing is quoted', async () => {
  await writeFile(config(), '{"auths": {"x": {"auth": "c2VjcmV0"}}');
  expect(await read()).toEqual({ problem: `${config()} is not JSON, and names the docker context of this agent` });
  await rm(config());
  await mkdir(config());
  expect(await read()).toEqual({ problem: `currentContext: ${config()} is not a file` });
});

test('nobody else may be able to write them; a link to one is followed', async () => {
  await writeFile(config(), JSON.stringify({ currentContext: 'eu' }));
  await context('eu', { Host: 'unix:///x.sock' });
  await chmod(metaOf('eu'), 0o666);
  expect(await read()).toEqual({
    problem: `docker context eu is not used: ${metaOf('eu')} can be written by others than root and the agent's user`,
  });
  await chmod(metaOf('eu'), 0o644);
  await rm(config());
  await writeFile(join(home, 'shared.json'), JSON.stringify({ currentContext: 'eu' }));
  await symlink(join(home, 'shared.json'), config());
  expect(await read()).toMatchObject({ name: 'eu', host: 'unix:///x.sock' });
});
