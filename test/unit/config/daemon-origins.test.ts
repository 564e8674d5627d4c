import { describeOrigin } from '../../../src/domain/origin';
import type { DockerContextFound } from '../../../src/config/docker-context';
import { makePlan } from '../../../src/config/plan';
import { parseSettings } from '../../../src/config/settings';
import { problemsIn, surroundings, type Given } from './given';

interface World extends Given {
  readonly file?: object;
  readonly context?: DockerContextFound;
}

const planOf = ({ file = {}, context, ...given }: World) =>
  makePlan({
    ...surroundings({ ...given, settings: parseSettings(JSON.stringify(file), '/etc/s.json') }),
    ...(context && { dockerContext: context }),
  });

function whereIs(world: World): string {
  const { value, origin } = planOf(world).daemon.display;
  return `${value} (${describeOrigin(origin)})`;
}

const context = {
  name: 'builders',
  namedBy: 'agent environment DOCKER_CONTEXT',
  host: 'unix:///context.sock',
  skipTlsVerify: false,
  tlsFolder: undefined,
};

/** In the order in which they count: what each says, and how the log names it. */
const ORIGINS: readonly (readonly [name: string, says: World, shown: string])[] = [
  ['field', { fields: { DockerHost: 'unix:///field.sock' } }, 'unix:///field.sock (field DockerHost)'],
  ['job', { job: { DOCKER_HOST: 'unix:///job.sock' } }, 'unix:///job.sock (job variable DOCKER_HOST)'],
  [
    'file',
    { file: { 'default.DockerHost': 'unix:///file.sock' } },
    'unix:///file.sock (agent settings default.DockerHost)',
  ],
  [
    'environment',
    { agent: { DOCKER_HOST: 'unix:///agent.sock' } },
    'unix:///agent.sock (agent environment DOCKER_HOST)',
  ],
  ['context', { context }, 'unix:///context.sock (docker context builders of the agent)'],
  [
    'property',
    { properties: { 'default.DockerHost': 'unix:///property.sock' } },
    'unix:///property.sock (server property gocd.ecr.default.DockerHost)',
  ],
  ['built-in', {}, 'unix:///var/run/docker.sock (built-in)'],
];

const PAIRS = ORIGINS.flatMap(([first, says, shown], index) =>
  ORIGINS.slice(index + 1).map(([second, other]) => [first, second, { ...other, ...says }, shown] as const),
);

test.each(PAIRS)('%s goes before %s', (_first, _second, world, shown) => {
  expect(whereIs(world)).toBe(shown);
});

describe('a default of the daemon', () => {
  test('may be a name from the settings, and is a problem that names where it is written', () => {
    const file = { 'default.DockerHost': 'eu', 'daemon.eu': 'tcp://b:2376', 'daemon.eu.platform': 'linux/arm64' };
    expect(whereIs({ file })).toBe('tcp://b:2376 (agent settings daemon.eu)');
    expect(problemsIn(() => planOf({ file: { 'default.DockerHost': 'npipe:////./pipe/docker' } }))).toEqual([
      'DockerHost (agent settings default.DockerHost): "npipe:////./pipe/docker" is a Windows pipe, which this plugin does not speak: let the daemon listen on tcp:// with TLS',
    ]);
  });

  test('its TLS is of the same level, and whole', () => {
    const file = {
      'default.DockerHost': 'tcp://b:2376',
      'default.TlsVerify': 'true',
      'default.CertPath': '/certs/b',
    };
    expect(planOf({ file }).daemon).toMatchObject({
      tls: {
        verify: true,
        certPath: { value: '/certs/b', origin: { kind: 'settings-file', name: 'default.CertPath' } },
      },
    });
    const mixed = { file: { 'default.DockerHost': 'tcp://b:2376' }, properties: { 'default.TlsVerify': 'true' } };
    expect(problemsIn(() => planOf(mixed))).toEqual([
      'default.DockerHost: tcp://b:2376 (agent settings default.DockerHost) is on the port for TLS, and nothing switches TLS on: set agent settings default.TlsVerify to true',
    ]);
    const lost = planOf({ job: { DOCKER_HOST: 'unix:///j.sock' }, file });
    expect(lost.daemon).toMatchObject({ kind: 'unix' });
    expect(lost.notes).toEqual([
      'agent settings default.TlsVerify is not used: the daemon and its TLS come from job variable DOCKER_HOST',
      'agent settings default.CertPath is not used: the daemon and its TLS come from job variable DOCKER_HOST',
    ]);
  });
});

describe("a docker context of the agent's", () => {
  const remote = { ...context, host: 'tcp://build-2:2376', tlsFolder: '/home/go/.docker/contexts/tls/x/docker' };

  test('has its own certificates, and nobody else’s', () => {
    const plan = planOf({ context: remote, agent: { DOCKER_CERT_PATH: '/other' } });
    const origin = { kind: 'docker-context', name: 'builders' };
    expect(plan.daemon).toMatchObject({ tls: { verify: true, certPath: { value: remote.tlsFolder, origin } } });
    expect(plan.notes).toEqual([
      'agent environment DOCKER_CERT_PATH is not used: the daemon and its TLS come from docker context builders of the agent',
    ]);
  });

  test.each<[string, Partial<typeof context>, string]>([
    [
      'a pipe',
      { host: 'npipe:////./pipe/docker' },
      'DOCKER_CONTEXT: docker context builders (agent environment DOCKER_CONTEXT) has the address "npipe:////./pipe/docker", which is a Windows pipe, which this plugin does not speak: let the daemon listen on tcp:// with TLS',
    ],
    [
      'a name',
      { host: 'eu' },
      'DOCKER_CONTEXT: docker context builders (agent environment DOCKER_CONTEXT) has the address "eu", which is no address of a daemon',
    ],
  ])('%s is refused', (_what, change, problem) => {
    expect(problemsIn(() => planOf({ context: { ...context, ...change } }))).toEqual([problem]);
  });

  test('SkipTLSVerify is for this host only, and no plain text leaves it', () => {
    const skip = { ...context, skipTlsVerify: true };
    expect(planOf({ context: { ...skip, host: 'tcp://127.0.0.1:2376' } }).daemon).toMatchObject({
      tls: { verify: false },
    });
    expect(() => planOf({ context: { ...skip, host: 'tcp://b:2376' } })).toThrow(
      "tcp://b:2376 (docker context builders of the agent) is another machine and that context, with SkipTLSVerify, does not verify its certificate: the source and the registry's token would go to whoever answers",
    );
    expect(() => planOf({ context: { ...context, host: 'tcp://b:2375' } })).toThrow(
      "tcp://b:2375 (docker context builders of the agent) is another machine and TLS is off: the source and the registry's token would cross the network in plain text",
    );
  });

  test('what is wrong with it is told where a task would build there, and a job cannot name one', () => {
    const problem = { problem: 'docker context "x" (agent environment DOCKER_CONTEXT) does not exist: there is no /m' };
    expect(problemsIn(() => planOf({ context: problem }))).toEqual([`DOCKER_CONTEXT: ${problem.problem}`]);
    expect(whereIs({ context: problem, fields: { DockerHost: 'unix:///f.sock' } })).toContain('(field DockerHost)');
    expect(planOf({ job: { DOCKER_CONTEXT: 'theirs' } }).notes).toEqual([
      'job variable DOCKER_CONTEXT is not used: the daemon and its TLS come from the built-in socket',
    ]);
  });
});

test('daemon.required: no built-in socket, at whichever level it is said', () => {
  for (const [world, where] of [
    [{ file: { 'daemon.required': true } }, 'agent settings daemon.required'],
    [{ properties: { 'daemon.required': 'true' } }, 'server property gocd.ecr.daemon.required'],
  ] as const) {
    expect(problemsIn(() => planOf(world))).toEqual([
      `DockerHost: is blank, and this agent has no daemon of its own: ${where} is true. Name one, by its address or by a name from the agent's settings`,
    ]);
    expect(whereIs({ ...world, agent: { DOCKER_HOST: 'unix:///a.sock' } })).toContain('unix:///a.sock');
  }
});
