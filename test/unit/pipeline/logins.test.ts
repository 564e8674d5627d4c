import { parseEcrHost } from '../../../src/domain/ecr-registry';
import { PLAIN_BUILD } from '../../../src/domain/plain-build';
import type { BuildPlan, Plan, RegistryAccess } from '../../../src/domain/plan';
import { Secret } from '../../../src/domain/secret';
import type { RegistryLogin } from '../../../src/pipeline/ports';
import { run } from '../../../src/pipeline/run';
import { HOST, plan, world, type World } from './fake-ports';

const OTHER = '444455556666.dkr.ecr.us-east-1.amazonaws.com';
const ecr = (host: string): RegistryAccess => ({ kind: 'ecr', host, registry: parseEcrHost(host)!, role: undefined });
const password = (host: string): RegistryAccess => ({
  kind: 'password',
  host,
  username: 'u',
  password: new Secret(`password of ${host}`),
});

/** Runs a build from these images, and answers what the builder may have. */
async function logins(
  w: World,
  build: Partial<BuildPlan>,
  bases: readonly { readonly ref: string; readonly host: string }[],
  change: Partial<Plan> = {},
): Promise<(host: string) => string | undefined> {
  const named = bases.map((base) => ({ ...base, platform: undefined, line: 1 }));
  w.source = { dockerfile: '', bases: named, stages: ['0'] };
  let login: (host: string) => RegistryLogin | undefined = () => undefined;
  w.docker.onBuild = (request) => (login = (host) => request.login(host));
  const signal = new AbortController().signal;
  const made = plan({ build: { ...PLAIN_BUILD, ...build }, ...change });
  const outcome = await run(made, w.ports, (event) => void w.events.push(event), signal);
  if (outcome.kind === 'failed') throw outcome.error;
  return (host) => login(host)?.password.reveal();
}

test('a base image elsewhere gets the login of its own registry, and no other', async () => {
  const w = world();
  const all = [password('ghcr.io'), password('docker.io'), ecr(OTHER)];
  const bases = [
    { ref: 'node:20', host: 'docker.io' },
    { ref: 'ghcr.io/a/b', host: 'ghcr.io' },
    { ref: `${OTHER}/base`, host: OTHER },
  ];
  const login = await logins(w, { logins: all }, bases);
  expect(['docker.io', 'ghcr.io', OTHER, HOST].map(login)).toEqual([
    'password of docker.io',
    'password of ghcr.io',
    'token of 444455556666',
    'token-1',
  ]);
  for (const host of ['quay.io', 'ghcr.io.evil.io', `${OTHER}.evil.io`, 'ghcr.io:5000', 'evil.ghcr.io', ''])
    expect(login(host)).toBeUndefined();
});

test('Docker Hub is one registry under all its names, and case and a dot at the end make no other host', async () => {
  const login = await logins(world(), { logins: [password('index.docker.io'), password('GHCR.io')] }, [
    { ref: 'node:20', host: 'docker.io' },
    { ref: 'ghcr.io/a/b', host: 'ghcr.io' },
  ]);
  for (const host of ['docker.io', 'index.docker.io', 'registry-1.docker.io', 'Docker.IO'])
    expect(login(host)).toBe('password of index.docker.io');
  expect(login('ghcr.io.')).toBe('password of GHCR.io');
  expect(login('ghcr.io')).toBe('password of GHCR.io');
});

test('a login that is typed for the registry that is pushed to is for reading from it', async () => {
  const w = world();
  const login = await logins(w, { logins: [password(HOST)] }, [{ ref: `${HOST}/base`, host: HOST }]);
  expect(login(HOST)).toBe(`password of ${HOST}`);
  expect(w.docker.passwords).toEqual(['token-1', 'token-1']);
});

test.each<[string, Partial<BuildPlan>]>([
  ['CacheFrom', { cacheFrom: [{ type: 'registry', ref: `${OTHER}/cache:1`, attributes: new Map() }] }],
  ['CacheTo', { cacheTo: [{ type: 'registry', ref: `${OTHER}/cache:1`, attributes: new Map() }] }],
  ['BuildContexts', { contexts: [{ name: 'x', source: { kind: 'image', ref: `${OTHER}/x` } }] }],
])('a token is asked for what %s names', async (_field, build) => {
  const w = world();
  const login = await logins(w, { ...build, logins: [ecr(OTHER)] }, [{ ref: 'node:20', host: 'docker.io' }]);
  expect([w.ecr.askedFor, login(OTHER)]).toEqual([[OTHER], 'token of 444455556666']);
});

test('a registry from which nothing comes is asked for no token, and told', async () => {
  const w = world();
  const login = await logins(w, { logins: [ecr(OTHER)] }, [{ ref: 'node:20', host: 'docker.io' }]);
  expect([w.ecr.askedFor, login(OTHER)]).toEqual([[], undefined]);
  expect(w.events).toContainEqual({
    type: 'note',
    text: `RegistryLogins names ${OTHER}, from which nothing in this build comes`,
  });
});

test('where the Dockerfile cannot be told, all that the field names are asked', async () => {
  const w = world();
  w.source = { dockerfile: '', bases: [], stages: [] };
  const build = { ...PLAIN_BUILD, logins: [ecr(OTHER)] };
  await run(plan({ build }), w.ports, (event) => void w.events.push(event), new AbortController().signal);
  expect(w.ecr.askedFor).toEqual([OTHER]);
  expect(w.events.filter((event) => event.type === 'note')).toEqual([]);
});

test('a token that is denied ends the run before the build, and names field and host', async () => {
  const w = world();
  w.ecr.denied = new Set([OTHER]);
  const bases = [{ ref: `${OTHER}/base`, host: OTHER }];
  await expect(logins(w, { logins: [ecr(OTHER)] }, bases)).rejects.toMatchObject({
    code: 'AWS_DENIED',
    message: `Field RegistryLogins, ${OTHER}: it is AWS_DENIED`,
  });
  expect(w.docker.calls).not.toContain('build');
});

test('a token that has expired on arrival is told', async () => {
  const w = world();
  w.ecr.authorizeFor = async (registry) => {
    w.ecr.askedFor.push(registry.host);
    return { host: registry.host, username: 'AWS', password: new Secret('x'), expiresAt: w.clock.now() };
  };
  await expect(logins(w, { logins: [ecr(OTHER)] }, [{ ref: `${OTHER}/base`, host: OTHER }])).rejects.toMatchObject({
    code: 'ECR_TOKEN_EXPIRED',
    message: `Field RegistryLogins, ${OTHER}: the authorization token had expired when it arrived`,
    hint: "Correct the agent's clock (NTP)",
  });
});

test('a build that pushes nothing asks AWS only for the tokens of its bases', async () => {
  const w = world();
  w.ecr.denied = new Set(['describe', 'find']);
  const repository = { host: 'registry.example', registry: undefined, path: 'a/b' };
  const bases = [{ ref: `${OTHER}/base`, host: OTHER }];
  const login = await logins(w, { logins: [ecr(OTHER)] }, bases, { mode: 'build', repository });
  expect([login(OTHER), w.ecr.issued]).toEqual(['token of 444455556666', 0]);
});

test('tokens are asked for side by side, before the daemon has answered', async () => {
  const w = world();
  w.docker.faults.set('describe', ['hang']);
  const cancel = new AbortController();
  const second = '777788889999.dkr.ecr.eu-west-1.amazonaws.com';
  w.source = { dockerfile: '', bases: [], stages: [] };
  const build = { ...PLAIN_BUILD, logins: [ecr(OTHER), ecr(second)] };
  const running = run(plan({ build }), w.ports, () => undefined, cancel.signal);
  await new Promise((done) => setTimeout(done, 5));
  expect([w.ecr.askedFor, w.docker.calls]).toEqual([[OTHER, second], ['describe']]);
  cancel.abort('signal');
  expect((await running).kind).toBe('cancelled');
});
