import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { closeSync, existsSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeWithLab, lab } from '../lab/client';
import { deletedBytes, expectNoMore, handles, openFiles, running, sleeper, until } from './processes';
import { ownRefs } from './refs';
import { plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const QUIET_SECONDS = 10; // issue 4

/** Kilobytes that the daemon keeps, its caches and files that it has deleted but not closed; of the lab's own daemon only. */
function kept(): number {
  const { logPath, pid } = lab().engine;
  if (logPath === '') return 0;
  const options: ExecFileSyncOptionsWithStringEncoding = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  const [folder = ''] = execFileSync('du', ['-sk', join(dirname(logPath), 'data')], options).split('\t');
  return Number(folder) + deletedBytes(pid) / 1024;
}

/**
 * BuildKit does not always close the file that it was writing, before Go's garbage collector does, whoever its client is:
 * of a buildx that is killed too. It counts as quiet when the file does not grow.
 */
const FORGOTTEN = /\/large\.bin \(deleted\)$/;

describeWithLab('cancel of a build by BuildKit', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  /** The console has ended as cancelled, and the daemon neither writes nor holds anything of that build any more. */
  const cancelled = async (
    scene: Scene,
    job: ReturnType<Scene['execute']>,
    before: ReadonlyMap<string, number>,
  ): Promise<void> => {
    const from = Date.now();
    await agent.cancel();
    const done = await job;
    expect(Date.now() - from).toBeLessThan(QUIET_SECONDS * 1000);
    expect([done.code, done.success, done.message]).toEqual([
      200,
      false,
      expect.stringMatching(/^CANCELLED/) as string,
    ]);
    expect(plain(done.lines)).toMatch(/CANCELLED after .* in build/);
    const left = (): number => QUIET_SECONDS - (Date.now() - from) / 1000;
    await expectNoMore(lab().engine.pid, before, { seconds: left(), but: FORGOTTEN });
    await until('no ref of the run is left', async () => (await ownRefs(scene)).length === 0, left());
    let size = kept();
    const still = async (): Promise<boolean> => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return size >= (size = kept());
    };
    await until('the daemon writes no more', still, left());
    rmSync(join(scene.folder, 'large.bin'), { force: true });
    scene.write({ Dockerfile: 'FROM lab/busybox:1\nCOPY Dockerfile /x\n' });
    expect((await scene.execute({ Builder: 'buildkit' })).success).toBe(true);
  };

  /** Its sessions and pipes come and go for a moment after each build. */
  const settled = async (): Promise<ReadonlyMap<string, number>> => {
    const scene = await Scene.open(agent);
    expect((await scene.execute({ Builder: 'buildkit' })).success).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return handles(lab().engine.pid);
  };

  test('while files are sent', async () => {
    const before = await settled();
    const scene = await Scene.open(agent, { Dockerfile: 'FROM lab/busybox:1\nCOPY large.bin /x\n' });
    const large = join(scene.folder, 'large.bin');
    const handle = openSync(large, 'w');
    ftruncateSync(handle, 20_000_000_000); // a hole: it costs the agent nothing, and the daemon what it gets
    closeSync(handle);
    const job = scene.execute({ Builder: 'buildkit' });
    await until('the file is read', async () =>
      (await agent.descendants()).some((pid) => openFiles(pid).includes(large)),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    await cancelled(scene, job, before);
  });

  test('during a RUN', async () => {
    const before = await settled();
    const { mark, files } = sleeper();
    const scene = await Scene.open(agent, files);
    const job = scene.execute({ Builder: 'buildkit' });
    await until('the RUN runs', () => running(mark));
    await cancelled(scene, job, before);
    expect(running(mark)).toBe(false);
  });

  test('while the image is exported', async () => {
    const before = await settled();
    const scene = await Scene.open(agent, {
      Dockerfile: `FROM lab/busybox:1\nRUN echo ${Date.now()} && dd if=/dev/urandom of=/large bs=1M count=400\n`,
    });
    const job = scene.execute({ Builder: 'buildkit' });
    const exporting = (): boolean =>
      existsSync(join(scene.folder, 'ecr-image.log')) &&
      /exporting (layers|to image)/.test(scene.read('ecr-image.log'));
    await until('the export has begun', exporting, 60);
    await cancelled(scene, job, before);
  });
});
