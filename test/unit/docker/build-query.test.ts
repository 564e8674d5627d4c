import { PLAIN_BUILD } from '../../../src/domain/plain-build';
import { buildQuery } from '../../../src/docker/classic/build-query';
import type { BuildRequest } from '../../../src/pipeline/ports';

const request: BuildRequest = {
  ref: 'gocd-ecr-task/run:k-1',
  jobFolder: '/job',
  outputs: [],
  source: { dockerfile: '', bases: [], stages: [] },
  login: () => undefined,
  plan: PLAIN_BUILD,
};

test('the least: the ref, and containers removed in any case', () => {
  expect(buildQuery(request, 'Dockerfile')).toEqual({
    t: 'gocd-ecr-task/run:k-1',
    dockerfile: 'Dockerfile',
    rm: '1',
    forcerm: '1',
    buildargs: '{}',
    labels: '{}',
    extrahosts: [],
  });
});

test('everything; and never a version, which would make another builder of it', () => {
  const plan = {
    ...request.plan,
    args: new Map([['A', '"x" = ü\n']]),
    labels: new Map([['org.example', 'b=c']]),
    target: 'final',
    platform: 'linux/arm64',
    networkMode: 'host',
    extraHosts: ['one:10.0.0.1', 'two:10.0.0.2'],
    noCache: 'all' as const,
    pull: true,
    shmSizeBytes: 134217728,
    ulimits: [{ name: 'nofile', soft: 1024, hard: -1 }],
    cacheFrom: [{ type: 'registry' as const, ref: 'r.example/app:1', attributes: new Map<string, string>() }],
  };
  const query = buildQuery({ ...request, plan }, '.dockerfile.1');
  expect(query).toEqual({
    t: 'gocd-ecr-task/run:k-1',
    dockerfile: '.dockerfile.1',
    rm: '1',
    forcerm: '1',
    buildargs: '{"A":"\\"x\\" = ü\\n"}',
    labels: '{"org.example":"b=c"}',
    extrahosts: ['one:10.0.0.1', 'two:10.0.0.2'],
    target: 'final',
    platform: 'linux/arm64',
    networkmode: 'host',
    nocache: '1',
    pull: '1',
    shmsize: '134217728',
    ulimits: '[{"Name":"nofile","Soft":1024,"Hard":-1}]',
    cachefrom: '["r.example/app:1"]',
  });
  expect(query).not.toHaveProperty('version');
});
