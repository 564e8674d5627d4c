import { createSources } from '../../../src/context/sources';
import { PLAIN_BUILD } from '../../../src/domain/plain-build';
import type { BuildPlan } from '../../../src/domain/plan';
import { Secret } from '../../../src/domain/secret';
import { checkBasePlatforms } from '../../../src/docker/base-platforms';
import { openEndpoint } from '../../../src/docker/endpoint';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { told } from '../../unit/docker/told';
import { json, startFakeDaemon, type Answer, type FakeDaemon } from './fake-daemon';
import { failure, planFor, unixTarget, unlimited } from './opened';

const HOST = 'registry.example:5000';
const BASE = `${HOST}/team/base:1`;
const AMD64 = { architecture: 'amd64', os: 'linux' };
const ATTESTATION = { architecture: 'unknown', os: 'unknown' };

let fake: FakeDaemon;
let job: string;
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Scene {
  readonly dockerfile?: string;
  readonly plan?: Partial<BuildPlan>;
  readonly signal?: AbortSignal;
  /** Images that the daemon has. */
  readonly local?: readonly string[];
}

async function check(look: Answer, scene: Scene = {}): Promise<void> {
  const { dockerfile = `FROM ${BASE}\n`, signal = unlimited(), local = [] } = scene;
  fake = await startFakeDaemon((request, response) => {
    if (request.path.startsWith('/distribution/')) return look(request, response);
    const there = local.some((ref) => request.path === `/images/${ref}/json`);
    json(response, there ? 200 : 404, there ? { Id: `sha256:${'a'.repeat(64)}` } : { message: 'No such image: x' });
  });
  job = await mkdtemp(join(tmpdir(), 'platforms-'));
  await writeFile(join(job, 'Dockerfile'), dockerfile);
  const endpoint = await openEndpoint(planFor(unixTarget(fake.socketPath)));
  stops.push(
    () => endpoint.close(),
    () => fake.stop(),
    () => rm(job, { recursive: true, force: true }),
  );
  const plan: BuildPlan = { ...PLAIN_BUILD, pull: true, platform: 'linux/arm64', ...scene.plan };
  const source = await createSources().inspect(plan, job, unlimited());
  const login = (host: string) =>
    host === HOST ? { host, username: 'me', password: new Secret('a password'), expiresAt: 0 } : undefined;
  await checkBasePlatforms(endpoint, { plan, source, login }, { register: () => undefined }, signal);
}

const has =
  (...platforms: readonly object[]): Answer =>
  (_, response) =>
    json(response, 200, { Descriptor: {}, Platforms: platforms });
const asked = (): string[] => fake.received.map(({ method, path }) => `${method} ${path}`);

test('a base that its registry has for another platform only', async () => {
  expect(told(await failure(check(has(AMD64, ATTESTATION))))).toEqual({
    code: 'PLATFORM_MISMATCH',
    hop: 'daemon-registry',
    blame: 'config',
    message: `The base image ${BASE} (Dockerfile line 1) is for linux/amd64 in its registry, and Platform asks for linux/arm64`,
    hint: 'Use a base image that has that platform, or correct Platform',
    words: undefined,
    transient: false,
  });
  expect(asked()).toEqual([`GET /distribution/${BASE}/json`]);
  const auth = fake.received[0]!.headers['x-registry-auth'] as string;
  expect(JSON.parse(Buffer.from(auth, 'base64url').toString())).toEqual({
    username: 'me',
    password: 'a password',
    serveraddress: HOST,
  });
});

test('several others', async () => {
  const many = has(AMD64, { ...AMD64, architecture: 's390x' }, { architecture: 'arm', os: 'linux', variant: 'v7' });
  expect(told(await failure(check(many, { plan: { platform: 'linux/ppc64le' } })))).toMatchObject({
    message: `The base image ${BASE} (Dockerfile line 1) is for linux/amd64, linux/s390x and linux/arm/v7 in its registry, and Platform asks for linux/ppc64le`,
  });
});

test.each([
  ['linux/arm64', { architecture: 'arm64', os: 'linux', variant: 'v8' }, true],
  ['linux/arm64/v8', { architecture: 'arm64', os: 'linux' }, true],
  ['linux/arm/v7', { architecture: 'arm', os: 'linux', variant: 'v6' }, true],
  ['linux/arm/v6', { architecture: 'arm', os: 'linux', variant: 'v7' }, false],
  ['linux/arm64', { architecture: 'arm', os: 'linux', variant: 'v7' }, true],
  ['linux/amd64', { architecture: '386', os: 'linux' }, true],
  ['linux/386', AMD64, false],
  ['linux/amd64', { architecture: 'amd64', os: 'windows' }, false],
  ['linux/amd64/v3', { ...AMD64, variant: 'v2' }, true],
  ['linux/amd64/v2', { ...AMD64, variant: 'odd' }, true],
])('%s on %j: %s', async (platform, base, fits) => {
  const error = await check(has(base), { plan: { platform } }).catch((thrown: unknown) => thrown);
  expect(error).toEqual(fits ? undefined : expect.objectContaining({ code: 'PLATFORM_MISMATCH' }));
});

test.each<[string, Answer]>([
  ['it is there', has(AMD64, { architecture: 'arm64', os: 'linux' })],
  ['no platforms are told', has()],
  ['attestations alone', has(ATTESTATION)],
  ['something else is told', has({ os: 'linux' }, { architecture: 7, os: 'linux' })],
  ['no list', (_, response) => json(response, 200, { Platforms: 'all' })],
  ['no JSON', (_, response) => void response.writeHead(200).end('<html>')],
  ['the registry wants a login', (_, response) => json(response, 500, { message: 'no basic auth credentials' })],
  ['there is no such image', (_, response) => json(response, 404, { message: 'manifest unknown: manifest unknown' })],
  ['the connection breaks', (_, response) => void response.destroy()],
])('no error where %s', async (_, look) => {
  await check(look);
  expect(asked()).toEqual([`GET /distribution/${BASE}/json`]);
});

test.each<[string, Scene]>([
  ['no platform is asked for', { plan: { platform: undefined } }],
  ['the FROM line has a platform of its own', { dockerfile: `FROM --platform=linux/amd64 ${BASE}\n` }],
  ['the FROM line has the builder decide', { dockerfile: `FROM --platform=$BUILDPLATFORM ${BASE}\n` }],
  ['files are only copied from it', { dockerfile: `FROM ${BASE} AS a\nFROM scratch\nCOPY --from=a /x /\n` }],
  ['files are copied from it without a stage', { dockerfile: `FROM scratch\nCOPY --from=${BASE} /x /\n` }],
  ['another stage is built', { dockerfile: `FROM scratch AS a\nFROM ${BASE}\n`, plan: { target: 'a' } }],
  ['the Dockerfile is not understood', { dockerfile: `FROM ${BASE}\nFROBNICATE\n` }],
  ['its name is none', { dockerfile: 'FROM a/../../info?x\n' }],
])('nobody is asked where %s', async (_, scene) => {
  await check(has(AMD64), scene);
  expect(asked()).toEqual([]);
});

test('without Pull, what the daemon has is what it takes', async () => {
  await check(has(AMD64), { plan: { pull: false }, local: [BASE] });
  expect(asked()).toEqual([`GET /images/${BASE}/json`]);
});

test('without Pull, what it lacks is pulled', async () => {
  expect(await failure(check(has(AMD64), { plan: { pull: false } }))).toMatchObject({ code: 'PLATFORM_MISMATCH' });
  expect(asked()).toEqual([`GET /images/${BASE}/json`, `GET /distribution/${BASE}/json`]);
});

test('by way of an earlier stage, and of a registry that takes anybody', async () => {
  const dockerfile = 'FROM busybox:1 AS a\nFROM a\n';
  expect(await failure(check(has(AMD64), { dockerfile }))).toMatchObject({
    message:
      'The base image busybox:1 (Dockerfile line 1) is for linux/amd64 in its registry, and Platform asks for linux/arm64',
  });
  expect(fake.received[0]!.headers['x-registry-auth']).toBeUndefined();
});

test('a cancel ends it with its reason', async () => {
  const cancel = new AbortController();
  expect(await failure(check(() => cancel.abort('signal'), { signal: cancel.signal }))).toBe('signal');
});
