import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithLab, engineApi, labClient } from '../lab/client';
import { pushedDigest } from '../lab/engine-api';
import { login, push, refused } from './pushing';
import { smallImage } from './small-image';

describeWithLab('a registry with ordered faults', () => {
  test('fails exactly as often as ordered, where ordered', async () => {
    const scope = labClient.scope();
    const repo = await scope.repository('app');
    const path = `/${scope.prefix}/app/manifests/`;
    const body = { code: 'TOOMANYREQUESTS', message: 'Rate exceeded' };
    await scope.fault({
      on: 'registry',
      match: { method: 'PUT', path },
      after: 1,
      times: 1,
      action: { status: 429, body },
    });
    pushedDigest(await push(scope, repo, '1'));
    const second = await push(scope, repo, '2');
    const hits = (await scope.registryRequests()).filter((record) => record.fault);
    expect(hits.map((record) => record.status)).toEqual([429]);
    // Some engines try again by themselves
    if (second.error !== undefined) expect(second.error).toEqual(refused(/Rate exceeded|429 Too Many Requests/));
    pushedDigest(await push(scope, repo, '3'));
  });

  test('breaks an upload in the middle and is whole again', async () => {
    const scope = labClient.scope();
    const repo = await scope.repository('app');
    const image = await smallImage(scope.prefix + randomBytes(3_000_000).toString('base64'));
    await engineApi().tag(image, repo, '1');
    const path = `/v2/${scope.prefix}/app/blobs/uploads/`;
    // Engines send a blob in one request, by PATCH (classic store) or PUT (containerd store).
    for (const method of ['PATCH', 'PUT']) {
      const action = { resetAfterBytes: 1_000_000 };
      await scope.fault({ on: 'registry', match: { method, path }, times: 'always', action });
    }
    const stopped = new AbortController();
    const pushing = engineApi().push(repo, '1', await login(scope), stopped.signal);
    const broken = async () => (await scope.registryRequests()).some((record) => record.fault && record.status === 0);
    for (let attempt = 0; attempt < 100 && !(await broken()); attempt++) await sleep(30);
    expect(await broken()).toBe(true);
    // The classic store would try again for 50 s.
    stopped.abort();
    await pushing.catch(() => undefined);
    await scope.reset();
    pushedDigest(await engineApi().push(repo, '1', await login(scope)));
  });

  test('delays', async () => {
    const scope = labClient.scope();
    const repo = await scope.repository('app');
    await scope.fault({ on: 'registry', match: { method: 'PUT', path: '/manifests/' }, action: { delayMs: 400 } });
    const started = Date.now();
    pushedDigest(await push(scope, repo, '1'));
    expect(Date.now() - started).toBeGreaterThan(400);
  });
});
