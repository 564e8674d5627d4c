import { DAEMON } from '../../pipeline/fake-ports';
import type { DaemonInfo } from '../../../../src/domain/daemon-info';
import { PLAIN_BUILD } from '../../../../src/domain/plain-build';
import type { BuildPlan } from '../../../../src/domain/plan';
import { dependsOnEngine, refuseIgnored } from '../../../../src/docker/buildkit/refusals';
import { told } from '../told';

function engine(engineVersion: string, apiVersion: string, store: DaemonInfo['store']): DaemonInfo {
  return { ...DAEMON, engineVersion, apiVersion, store };
}

const old = engine('20.10.24', '1.41', 'classic');
const classic29 = engine('29.8.1', '1.56', 'classic');
const containerd29 = engine('29.8.1', '1.56', 'containerd');
const cache = { type: 'registry' as const, ref: 'r/x:1', attributes: new Map<string, string>() };

const fields: readonly [string, Partial<BuildPlan>][] = [
  ['ShmSize', { shmSizeBytes: 1 }],
  ['Ulimits', { ulimits: [{ name: 'nofile', soft: 1, hard: 1 }] }],
  ['BuildContexts', { contexts: [{ name: 'a', source: { kind: 'image', ref: 'b' } }] }],
  ['CacheTo', { cacheTo: [cache] }],
  ['Provenance', { provenance: 'mode=max' }],
];

function refusal(plan: Partial<BuildPlan>, of: DaemonInfo): object | undefined {
  try {
    refuseIgnored({ ...PLAIN_BUILD, ...plan }, of);
    return undefined;
  } catch (error) {
    return told(error);
  }
}

const on20 =
  'the daemon is Docker 20.10.24 with the classic image store: its BuildKit would leave that out without a word';

test.each([
  ['ShmSize', 'ShmSize needs Docker Engine 23 or later', 'Leave ShmSize out, or set Builder=classic, which has it'],
  ['Ulimits', 'Ulimits needs Docker Engine 23 or later', 'Leave Ulimits out, or set Builder=classic, which has them'],
  [
    'BuildContexts',
    'BuildContexts needs Docker Engine 23 or later',
    'Leave BuildContexts out, or name another daemon in DockerHost',
  ],
  [
    'CacheTo',
    'CacheTo with type=registry needs the containerd image store',
    'Set CacheTo to type=inline, or name a daemon with that store in DockerHost',
  ],
  [
    'Provenance',
    'Provenance needs the containerd image store',
    'Leave Provenance out, or name a daemon with that store in DockerHost',
  ],
])('20.10 would leave %s out without a word', (field, needs, hint) => {
  const plan = fields.find(([name]) => name === field)![1];
  expect(refusal(plan, old)).toEqual({
    code: 'CONFIG_INVALID',
    hop: 'agent-daemon',
    blame: 'config',
    message: `${needs}, and ${on20}`,
    hint,
    words: undefined,
    transient: false,
  });
});

test.each(fields)('%s on 29', (field, plan) => {
  const needsStore = field === 'CacheTo' || field === 'Provenance';
  expect(refusal(plan, containerd29)).toBeUndefined();
  expect(refusal(plan, classic29) !== undefined).toBe(needsStore);
  expect(dependsOnEngine({ ...PLAIN_BUILD, ...plan })).toBe(true);
});

test.each<[string, Partial<BuildPlan>]>([
  ['nothing', {}],
  ['an inline cache', { cacheTo: [{ ...cache, type: 'inline', ref: undefined }] }],
  ['stages without cache, secrets and caches to read', { noCache: ['a'], cacheFrom: [cache] }],
])('%s: any engine', (_, plan) => {
  expect(dependsOnEngine({ ...PLAIN_BUILD, ...plan })).toBe(false);
  expect(refusal(plan, old)).toBeUndefined();
});
