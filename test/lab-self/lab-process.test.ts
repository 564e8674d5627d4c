import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithLab, lab } from '../lab/client';
import { EngineApi } from '../lab/engine-api';
import { launchLab, type LaunchedLab } from '../lab/launch';
import { processesOf, removeDeadLabs } from '../lab/reaper';
import type { LabState } from '../lab/state';

const folder = join(__dirname, '../lab');

async function launched(env?: NodeJS.ProcessEnv): Promise<LaunchedLab & { readonly state: LabState }> {
  const one = await launchLab(folder, env);
  if ('error' in one.state) throw new Error(one.state.error);
  return { ...one, state: one.state };
}

function bridges(): string {
  return execFileSync('ip', ['-br', 'link'], { encoding: 'utf8' });
}

function bridgeOf(state: LabState): string {
  return `lab${state.folder.slice(-6)}`;
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !condition(); attempt++) await sleep(50);
}

describeWithLab('the lab’s own process', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('cleans up on %s', async (signal) => {
    const one = await launched();
    const { state } = one;
    expect(bridges()).toContain(bridgeOf(state));
    one.kill(signal);
    await one.stop();
    expect(existsSync(state.folder)).toBe(false);
    expect(processesOf(state.folder)).toEqual([]);
    expect(bridges()).not.toContain(bridgeOf(state));
  });

  test('killed outright, takes its daemon along, and the next lab removes the rest', async () => {
    const one = await launched();
    const { state } = one;
    one.kill('SIGKILL');
    await one.stop();
    await until(() => processesOf(state.folder).length === 0);
    expect(existsSync(state.folder)).toBe(true);
    await removeDeadLabs();
    expect(existsSync(state.folder)).toBe(false);
    expect(bridges()).not.toContain(bridgeOf(state));
    // and leaves those alone that live
    expect(existsSync(lab().folder)).toBe(true);
  });

  test('says why it cannot start', async () => {
    const one = await launchLab(folder, { ...process.env, LAB_DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    await one.stop();
    expect(one.state).toEqual({
      error: 'LAB_DOCKER_HOST=unix:///nowhere/docker.sock does not answer: Error: connect ENOENT /nowhere/docker.sock',
    });
  });

  test('can use a daemon that is there already', async () => {
    const one = await launched({ ...process.env, LAB_DOCKER_HOST: lab().engine.unixUrl });
    const { unixUrl, plainUrl, tlsUrl, certFolder } = one.state.engine;
    const apis = [new EngineApi(unixUrl), new EngineApi(plainUrl), new EngineApi(tlsUrl, certFolder)];
    const statuses = await Promise.all(apis.map((api) => api.request('GET', '/_ping').then(({ status }) => status)));
    await one.stop();
    expect(one.state.engine).toMatchObject({ kind: 'external', version: lab().engine.version, pid: 0 });
    expect(one.state.ecrRegistries).toEqual([]);
    expect(statuses).toEqual([200, 200, 200]);
    expect(existsSync(lab().folder)).toBe(true);
  });
});

describeWithLab('test/lab/setup.sh', () => {
  test('is silent and quick when all is there', () => {
    const started = Date.now();
    const done = spawnSync(join(folder, 'setup.sh'), { encoding: 'utf8' });
    expect({ status: done.status, stdout: done.stdout, stderr: done.stderr }).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(Date.now() - started).toBeLessThan(1000);
  });

  /** Runs it where some files are hidden: in a mount namespace, /dev/null lies over them. */
  function withHidden(hidden: readonly string[], args: readonly string[], user = '0', cache = '/nonexistent') {
    const hide = hidden.map((path) => `mount --bind /dev/null ${path}`).join(' && ');
    const drop = user === '0' ? '' : `setpriv --reuid ${user} --clear-groups`;
    const script = `${hide} && exec ${drop} bash ${join(folder, 'setup.sh')} ${args.join(' ')}`;
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', GOCD_ECR_TASK_CACHE: cache };
    const done = spawnSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script], {
      encoding: 'utf8',
      env,
    });
    return { status: done.status, stderr: done.stderr };
  }

  test('says what is missing to who is not root', () => {
    expect(withHidden(['/usr/sbin/dockerd', '/usr/bin/docker-registry'], [], '65534')).toEqual({
      status: 1,
      stderr:
        'test/lab/setup.sh: these packages are missing: docker-registry docker.io. As root run: apt-get update && apt-get install -y --no-install-recommends docker-registry docker.io\n',
    });
  });

  test('says what is missing where there is no apt', () => {
    const { status, stderr } = withHidden(['/usr/sbin/dockerd', '/etc/debian_version'], []);
    expect(status).toBe(1);
    expect(stderr).toContain('these are missing: docker.io. This is not Debian;');
    expect(stderr).toContain('LAB_DOCKER_HOST');
  });

  test('says which Go is needed, and for what', () => {
    const cache = mkdtempSync('/tmp/gocd-ecr-task-cache-');
    const go = ['/usr/local/go/bin/go', '/usr/bin/go'].filter((path) => existsSync(path));
    const { status, stderr } = withHidden([...go, '/etc/motd'], ['engines'], '0', cache);
    rmSync(cache, { recursive: true });
    expect(status).toBe(1);
    expect(stderr).toContain('Go 1.26 or newer is needed to build dockerd, and no go is in PATH.');
  });

  test('knows its words', () => {
    const unknown = spawnSync(join(folder, 'setup.sh'), ['motors'], { encoding: 'utf8' });
    expect(unknown.stderr).toBe("setup.sh: unknown word 'motors'; known: engines, peers\n");
    expect(unknown.status).toBe(2);
  });
});
