import { LIMITS } from '../../../src/docker/limits';
import { told } from '../../unit/docker/told';
import { json, startFakeDaemon, type Answer, type FakeDaemon } from './fake-daemon';
import { failure, openTarget, unixTarget, unlimited } from './opened';

let fake: FakeDaemon;
let answer: Answer;

beforeEach(async () => {
  fake = await startFakeDaemon((request, response) => answer(request, response));
});
afterEach(() => fake.stop());

const open = (describeMs: number): ReturnType<typeof openTarget> =>
  openTarget(unixTarget(fake.socketPath), '/', { ...LIMITS, describeMs });

test('asks for images and the build cache alone', async () => {
  answer = (_, response) => json(response, 200, { LayersSize: 12, Images: [{}], BuilderSize: 3 });
  const docker = await open(15_000);
  expect(await docker.diskUse(unlimited())).toEqual({ images: 1, imagesBytes: 12, cacheBytes: 3 });
  const [request] = fake.received;
  expect([request?.path, request?.query.getAll('type')]).toEqual(['/system/df', ['image', 'build-cache']]);
  docker.close();
});

test('a daemon that counts for too long is not waited for', async () => {
  answer = () => undefined;
  const docker = await open(60);
  expect(told(await failure(docker.diskUse(unlimited())))).toMatchObject({ code: 'DAEMON_TIMEOUT' });
  docker.close();
});

test('an abort ends it with its reason', async () => {
  const abort = new AbortController();
  answer = () => abort.abort('signal');
  const docker = await open(15_000);
  expect(await failure(docker.diskUse(abort.signal))).toBe('signal');
  docker.close();
});

test('what is no answer to it is no daemon', async () => {
  answer = (_, response) => json(response, 200, 'much');
  const docker = await open(15_000);
  expect(told(await failure(docker.diskUse(unlimited())))).toMatchObject({
    code: 'DAEMON_NOT_DOCKER',
    message: `What answers at unix://${fake.socketPath} (field DockerHost) is no Docker daemon: its answer to GET /system/df is no JSON object`,
  });
  docker.close();
});

describe('reach', () => {
  test('needs somebody who listens, and asks nothing', async () => {
    const docker = await open(15_000);
    await docker.reach(unlimited());
    expect(fake.received).toEqual([]);
    docker.close();
  });

  test('fails as every request would', async () => {
    const docker = await openTarget(unixTarget('/nowhere/d.sock'));
    expect(told(await failure(docker.reach(unlimited())))).toMatchObject({ code: 'DAEMON_NO_SOCKET' });
    docker.close();
  });
});
