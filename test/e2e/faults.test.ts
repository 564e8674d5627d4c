import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithLab, lab, labClient } from '../lab/client';
import { bundle, plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(180_000);

describeWithLab('faults', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test('a repository that is not there: before the build, with account and region', async () => {
    const scene = await Scene.open(agent);
    const done = await scene.execute({ Repository: scene.scope.name('nothing') });
    expect([done.success, done.message]).toEqual([false, expect.stringMatching(/^ECR_REPOSITORY_MISSING: /) as string]);
    expect(plain(done.lines)).toMatch(/agent {2}──✗── AWS/);
    expect(plain(done.lines)).not.toContain('[3/6]');
  });

  test('a daemon that refuses, and one that is not there', async () => {
    const scene = await Scene.open(agent);
    const refused = await scene.execute({ DockerHost: 'tcp://127.0.0.1:9' });
    expect(refused.message).toMatch(/^DAEMON_REFUSED: /);
    expect(plain(refused.lines)).toMatch(/agent {2}──✗── daemon {4}tcp:\/\/127\.0\.0\.1:9/);
    expect(plain(refused.lines)).toContain('(field DockerHost)');
    const missing = await scene.execute({ DockerHost: 'unix:///nowhere/docker.sock' });
    expect(missing.message).toMatch(/^DAEMON_NO_SOCKET: /);
  });

  test('a socket that this user may not use', async () => {
    const scene = await Scene.open(agent);
    const request = {
      context: { workingDirectory: scene.folder, environmentVariables: scene.variables() },
      config: {
        Repository: { value: scene.scope.name('app') },
        Tags: { value: '1' },
        DockerHost: { value: lab().engine.unixUrl },
      },
    };
    // The other user may walk to the job's folder, and not to the socket.
    for (const folder of [agent.workFolder, join(agent.workFolder, 'pipelines'), scene.folder])
      chmodSync(folder, 0o777);
    const socket = lab().engine.unixUrl.slice('unix://'.length);
    chmodSync(socket, 0o600);
    // Root ignores a socket's mode unless it gives up the power to.
    const drop = '-dac_override,-dac_read_search';
    const done = spawnSync(
      'setpriv',
      [
        '--reuid=12345',
        '--clear-groups',
        `--bounding-set=${drop}`,
        `--inh-caps=${drop}`,
        process.execPath,
        bundle,
        'run',
        '-',
      ],
      {
        input: JSON.stringify(request),
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], AWS_ENDPOINT_URL: lab().awsUrl },
        cwd: '/',
      },
    );
    expect([done.status, done.stdout]).toEqual([1, expect.stringContaining('DAEMON_NO_PERMISSION') as string]);
  });

  test('a token that the registry does not know', async () => {
    const scene = await Scene.open(agent);
    await scene.scope.fault({
      on: 'registry',
      match: { path: '^/v2/$' },
      times: 'always',
      action: { status: 401, headers: { 'www-authenticate': 'Basic realm="ECR"' }, body: 'Not Authorized' },
    });
    const done = await scene.execute();
    expect(done.message).toMatch(/^REGISTRY_LOGIN_REFUSED: /);
    expect(plain(done.lines)).toMatch(/daemon ──✗── registry/);
    expect(
      (await scene.scope.awsRequests()).filter((request) => request.operation === 'GetAuthorizationToken'),
    ).toHaveLength(2);
  });

  test('a token that expires before the push is renewed once, and the push succeeds', async () => {
    const scene = await Scene.open(agent, { Dockerfile: 'FROM lab/busybox:1\nRUN sleep 2\n' });
    let expired: Promise<void> | undefined;
    const onLine = (line: string): void => {
      if (line.includes('RUN sleep')) expired ??= scene.scope.expireTokens();
    };
    const done = await scene.execute({}, { onLine });
    await expired;
    expect([done.success, plain(done.lines)]).toEqual([true, expect.stringContaining('PUSHED') as string]);
    expect(
      (await scene.scope.awsRequests()).filter((request) => request.operation === 'GetAuthorizationToken'),
    ).toHaveLength(2);
    expect(await scene.pushed('1')).not.toBeNull();
  });

  test('a 500 on a blob, once: the push succeeds, whoever retries', async () => {
    const scene = await Scene.open(agent, { Dockerfile: `FROM lab/busybox:1\nRUN echo ${Date.now()} > /x\n` });
    await scene.scope.fault({
      on: 'registry',
      match: { method: 'POST', path: '/blobs/uploads/' },
      times: 1,
      action: { status: 500, body: 'oops' },
    });
    const done = await scene.execute();
    expect([done.success, done.message]).toEqual([true, expect.any(String) as string]);
    expect(await scene.pushed('1')).not.toBeNull();
  });

  test('a push that IAM denies: the action, the hop, what is where, and that the rest is proven', async () => {
    const scene = await Scene.open(agent, { Dockerfile: `FROM lab/busybox:1\nRUN echo ${Date.now()} > /x\n` });
    const message = `User: arn:aws:sts::123456789012:assumed-role/gocd-push/cart is not authorized to perform: ecr:PutImage on resource: arn:aws:ecr:eu-west-1:123456789012:repository/${scene.scope.name('app')}`;
    await scene.scope.fault({
      on: 'registry',
      match: { method: 'PUT', path: '/manifests/' },
      times: 'always',
      action: { status: 403, body: { code: 'DENIED', message } },
    });
    const done = await scene.execute();
    const log = plain(done.lines);
    expect([done.success, done.message]).toEqual([false, expect.stringMatching(/^PUSH_DENIED: /) as string]);
    expect(log).toMatch(/agent {2}──✓── AWS/);
    expect(log).toMatch(/agent {2}──✓── daemon/);
    expect(log).toMatch(/daemon ──✗── registry/);
    expect(log).toContain('is not authorized to perform: ecr:PutImage');
    expect(await scene.pushed('1')).toBeNull();
    expect((await scene.scope.registryRequests()).filter(({ method }) => method === 'PUT').length).toBeLessThan(8);
  });

  test('a timeout ends the task, and says where it was', async () => {
    const scene = await Scene.open(agent, { Dockerfile: 'FROM lab/busybox:1\nRUN sleep 1234\n' });
    const done = await scene.execute({ TimeoutMinutes: '1' });
    expect([done.success, done.message]).toEqual([false, expect.stringMatching(/^TIMED_OUT/) as string]);
  });

  test('no credentials anywhere: what was looked for, on which side', async () => {
    const scene = await Scene.open(agent);
    const done = await scene.execute({}, { variables: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' } });
    expect(done.success).toBe(false);
    expect(done.message).toMatch(/^AWS_NO_CREDENTIALS: /);
  });

  test('denied look-ups do not stop a push', async () => {
    const scene = await Scene.open(agent);
    for (const operation of ['DescribeRepositories', 'BatchGetImage', 'DescribeImages']) {
      await scene.scope.fault({
        on: 'aws',
        match: { operation },
        times: 'always',
        action: { error: 'AccessDeniedException' },
      });
    }
    const done = await scene.execute({ Repository: scene.repository });
    expect([done.success, plain(done.lines)]).toEqual([true, expect.stringContaining('denied') as string]);
    expect(await labClient.tags(scene.scope.name('app'))).toEqual(['1']);
  });
});
