import { PLAIN_BUILD } from '../../../../src/domain/plain-build';
import { buildKitQuery } from '../../../../src/docker/buildkit/build-query';
import { needsSolve } from '../../../../src/docker/buildkit/builder-fields';
import type { BuildPlan, CacheEntry } from '../../../../src/domain/plan';
import type { BuildRequest } from '../../../../src/pipeline/ports';

function query(plan: Partial<BuildPlan> = {}): Record<string, string | readonly string[]> {
  const request: BuildRequest = {
    ref: 'gocd-ecr-task/run:k-1',
    jobFolder: '/job',
    outputs: [],
    source: { dockerfile: '', bases: [], stages: [] },
    login: () => undefined,
    plan: { ...PLAIN_BUILD, ...plan },
  };
  return buildKitQuery(request, 'session-1', 'build-1', 'Dockerfile');
}

const cache = (ref: string | undefined, attributes: readonly (readonly [string, string])[] = []): CacheEntry => ({
  type: ref === undefined ? 'inline' : 'registry',
  ref,
  attributes: new Map(attributes),
});

const LEAST = {
  version: '2',
  session: 'session-1',
  remote: 'client-session',
  buildid: 'build-1',
  t: 'gocd-ecr-task/run:k-1',
  dockerfile: 'Dockerfile',
  buildargs: '{}',
  labels: '{}',
  extrahosts: [],
};

test('the least: everything else comes from the session', () => {
  expect(query()).toEqual(LEAST);
});

test('everything', () => {
  const plan = {
    args: new Map([['A', '"x" = ü\n']]),
    labels: new Map([['org.example', 'b=c']]),
    target: 'final',
    platform: 'linux/arm64',
    networkMode: 'host',
    extraHosts: ['one:10.0.0.1', 'two:host-gateway'],
    noCache: 'all' as const,
    pull: true,
    shmSizeBytes: 134217728,
    ulimits: [{ name: 'nofile', soft: 1024, hard: -1 }],
    cacheFrom: [cache('r.example/app:1'), cache('r.example/app:2')],
    cacheTo: [cache(undefined)],
  };
  expect(query(plan)).toEqual({
    ...LEAST,
    buildargs: '{"A":"\\"x\\" = ü\\n","BUILDKIT_INLINE_CACHE":"1"}',
    labels: '{"org.example":"b=c"}',
    target: 'final',
    platform: 'linux/arm64',
    networkmode: 'host',
    extrahosts: ['one:10.0.0.1', 'two:host-gateway'],
    nocache: '1',
    pull: '1',
    shmsize: '134217728',
    ulimits: '[{"Name":"nofile","Soft":1024,"Hard":-1}]',
    cachefrom: '["r.example/app:1","r.example/app:2"]',
  });
  expect(needsSolve({ ...PLAIN_BUILD, ...plan })).toBe(false);
});

test.each<[string, Partial<BuildPlan>]>([
  ['a cache in a registry', { cacheTo: [cache('r.example/app:c')] }],
  ['attributes of a cache', { cacheFrom: [cache('r.example/app:c', [['x', 'y']])] }],
  ['provenance', { provenance: 'mode=max' }],
  ['named contexts', { contexts: [{ name: 'a', source: { kind: 'image', ref: 'b' } }] }],
  ['stages without cache', { noCache: ['a'] }],
])('POST /build has no word for %s', (_, plan) => {
  expect(needsSolve({ ...PLAIN_BUILD, ...plan })).toBe(true);
});
