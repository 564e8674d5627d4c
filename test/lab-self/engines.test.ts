import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeWithLab, lab, labClient } from '../lab/client';
import { baseImage } from '../lab/base-image';
import { startEngine, type Engine } from '../lab/engine';
import { EngineApi, pushedDigest } from '../lab/engine-api';
import { processesOf } from '../lab/reaper';
import { engineKinds } from '../lab/state';
import { smallImage } from './small-image';

// The 29-class engine takes minutes to build: `test/lab/setup.sh engines` does, and `npm run test:engines` needs it.
const kinds = engineKinds.filter((kind) => kind === 'debian' || process.env['LAB_ENGINE']?.startsWith('29') === true);

describeWithLab.each(kinds)('the %s engine', (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ kind });
  });
  afterAll(() => engine.stop());

  test('is what it says', () => {
    expect(engine.version).toMatch(kind === 'debian' ? /^20\.10/ : /^29\./);
    expect(engine.store).toBe(kind === '29-containerd' ? 'containerd' : 'classic');
  });

  test('can be reached over unix, tcp and TLS, the last with the right certificates only', async () => {
    const status = async (api: EngineApi) => (await api.request('GET', '/_ping')).status;
    expect(await status(new EngineApi(engine.unixUrl))).toBe(200);
    expect(await status(new EngineApi(engine.plainUrl))).toBe(200);
    expect(await status(new EngineApi(engine.tlsUrl, engine.certFolder))).toBe(200);
    await expect(status(new EngineApi(engine.tlsUrl, engine.foreignCertFolder))).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    expect(await status(new EngineApi(engine.tlsUrl))).toBe(400);
  });

  test.each(['1', '2'])('builds with RUN (builder %s) and pushes', async (version) => {
    const api = new EngineApi(engine.unixUrl);
    await baseImage(api);
    const scope = labClient.scope();
    const repo = await scope.repository('app');
    await api.tag(await smallImage(`${scope.prefix} ${version}`, api, version), repo, version);
    const digest = pushedDigest(await api.push(repo, version, await labClient.token()));
    expect(await labClient.image(scope.name('app'), version)).toMatchObject({ digest });
  });
});

describeWithLab('an engine that is stopped', () => {
  test('leaves nothing, a running build included', async () => {
    const engine = await startEngine({ kind: 'debian' });
    const api = new EngineApi(engine.unixUrl);
    await baseImage(api);
    const create = { Image: lab().baseImage, Cmd: ['sleep', '3456'], StopSignal: 'SIGWINCH' };
    const { Id: id } = (await api.json('POST', '/containers/create', create)) as { Id: string };
    await api.json('POST', `/containers/${id}/start`);
    const folder = dirname(dirname(engine.logPath));
    expect(processesOf(folder).length).toBeGreaterThanOrEqual(4); // dockerd, containerd, shim, sleep
    await engine.stop();
    expect(processesOf(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });
});
