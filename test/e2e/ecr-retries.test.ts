import { describeWithLab, lab, labClient } from '../lab/client';
import type { AwsFault, RegistryFault } from '../lab/orders';
import { hasContainerdStore } from './buildkit';
import { expectDone, expectFailed, operations, sized } from './ecr';
import { Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const RATE_EXCEEDED = { status: 429, body: { code: 'TOOMANYREQUESTS', message: 'Rate exceeded' } };

describeWithLab('transient faults', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('throttling, 5xx and resets, of the API and of the registry: nobody is bothered', async () => {
    const scene = await Scene.open(agent, sized(`retried ${Date.now()}\n`));
    const api = (operation: string, action: AwsFault['action'], times = 1): AwsFault => ({
      on: 'aws',
      match: { operation },
      times,
      action,
    });
    const registry = (method: string, path: string, action: RegistryFault['action'], times = 1): RegistryFault => ({
      on: 'registry',
      match: { method, path },
      times,
      action,
    });
    for (const fault of [
      api('GetAuthorizationToken', { error: 'ThrottlingException' }, 2),
      api('BatchGetImage', { error: 'ServerException' }),
      api('DescribeRepositories', 'reset'),
      api('PutImage', { error: 'ServiceUnavailableException' }),
      registry('PUT', '/manifests/', RATE_EXCEEDED, 2),
      registry('PUT', '/manifests/', { status: 503, body: 'slow down' }),
    ])
      await scene.scope.fault(fault);
    const log = expectDone(await scene.execute({ Tags: '1,2' }), 'PUSHED');
    for (const retry of [
      /authorization token: attempt 2 of 5 in \d\.\d s: Rate exceeded$/m,
      /authorization token: attempt 3 of 5 in \d\.\d s: Rate exceeded$/m,
      /look-up of tags in \S+: attempt 2 of 5 in \d\.\d s: There was an internal service error\.$/m,
      /look-up of repository \S+: attempt 2 of 5 in \d\.\d s: read ECONNRESET$/m,
      /tag 2 in \S+: attempt 2 of 5 in \d\.\d s: Service Unavailable$/m,
    ])
      expect(log).toMatch(retry);
    // The containerd store sends a request again by itself.
    if (!hasContainerdStore()) expect(log).toMatch(/push of 1: attempt 3 of 4 in \d\.\d s: .*Rate exceeded$/m);
    expect(await labClient.tags(scene.scope.name('app'))).toEqual(['1', '2']);
    const refused = (await scene.scope.registryRequests()).filter(({ fault }) => fault);
    expect(refused.map(({ status }) => status).sort()).toEqual([429, 429, 503]);
  });

  test('what no repetition helps fails at once', async () => {
    const scene = await Scene.open(agent);
    const match = { operation: 'GetAuthorizationToken' };
    await scene.scope.fault({ on: 'aws', match, times: 'always', action: { error: 'AccessDeniedException' } });
    expectFailed(await scene.execute(), /^AWS_DENIED: AWS denies ecr:GetAuthorizationToken on \* to /);
    const tried = (await operations(scene)).filter((operation) => operation === 'GetAuthorizationToken');
    expect(tried).toHaveLength(1);
  });

  test('a mount from another repository that the registry refuses', async () => {
    const scene = await Scene.open(agent, sized(`mounted ${Date.now()}\n`));
    const [near] = lab().ecrRegistries;
    const [first, second] = [scene.scope.name('app'), scene.scope.name('second')];
    for (const name of ['app', 'second']) await scene.scope.repository(name, { host: near!.host });
    expectDone(await scene.execute({ Repository: `${near!.host}/${first}` }));
    const match = { method: 'POST', path: '[?&]mount=' };
    const action = { status: 403, body: { code: 'DENIED', message: 'mounts are not allowed here' } };
    await scene.scope.fault({ on: 'registry', match, times: 'always', action });
    const config = { Repository: `${near!.host}/${second}`, ResultFile: 'second.json' };
    expectDone(await scene.execute(config), `PUSHED ${near!.host}/${second}@sha256:`);
    expect(await labClient.tags(second, near!.host)).toEqual(['1']);
    const mounts = (await scene.scope.registryRequests()).filter(({ path }) => path.includes('mount='));
    expect(mounts.filter(({ status }) => status === 403).length).toBeGreaterThan(0);
  });
});
