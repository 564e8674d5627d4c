import { planOf, problemsOf } from './given';

describe('Builder', () => {
  test.each(['auto', 'buildkit', 'classic'])('%s', (builder) => {
    expect(planOf({ fields: { Builder: builder } }).build.builder).toBe(builder);
  });

  const NEEDS = 'needs BuildKit, and Builder is classic';
  test('classic with what only BuildKit has names each field', () => {
    const fields = {
      Builder: 'classic',
      Secrets: 'id=a,src=a',
      Ssh: 'a=/run/a.sock',
      BuildContexts: 'a=.',
      Provenance: 'true',
      CacheTo: 'type=inline',
      NoCache: 'test',
    };
    const names = ['NoCache', 'Secrets', 'Ssh', 'BuildContexts', 'Provenance', 'CacheTo'];
    expect(problemsOf({ fields })).toEqual(names.map((name) => `${name}: ${NEEDS}`));
  });

  test('classic with what both have', () => {
    const fields = {
      Builder: 'classic',
      NoCache: 'true',
      CacheFrom: 'a.io/x',
      RegistryLogins: '123456789012.dkr.ecr.us-east-1.amazonaws.com',
      ShmSize: '1g',
      Ulimits: 'core=0',
      NetworkMode: 'ci-net',
      Provenance: 'false',
    };
    expect(planOf({ fields }).build).toMatchObject({ builder: 'classic', networkMode: 'ci-net', noCache: 'all' });
  });

  test('a network of the daemon goes with nothing that needs BuildKit', () => {
    const network = 'ci-net is a network that BuildKit cannot use (it has default, none and host), and';
    expect(problemsOf({ fields: { Builder: 'buildkit', NetworkMode: 'ci-net' } })).toEqual([
      `NetworkMode: ${network} Builder is buildkit`,
    ]);
    expect(problemsOf({ fields: { Secrets: 'id=a,src=a', CacheTo: 'type=inline', NetworkMode: 'ci-net' } })).toEqual([
      `NetworkMode: ${network} Secrets needs it`,
    ]);
    expect(planOf({ fields: { Builder: 'buildkit', NetworkMode: 'none' } }).build.networkMode).toBe('none');
    expect(planOf({ fields: { NetworkMode: 'ci-net' } }).build.builder).toBe('auto');
  });
});

describe('NoCache', () => {
  test.each<[string, 'all' | string[]]>([
    ['', []],
    ['false', []],
    ['true', 'all'],
    ['${X:-}', []],
    ['${X:-true}', 'all'],
    ['build', ['build']],
    ['build, test\nbuild', ['build', 'test']],
  ])('%j', (text, noCache) => {
    expect(planOf({ fields: { NoCache: text } }).build.noCache).toEqual(noCache);
  });

  const NEITHER = 'is neither true nor false nor the name of a stage';
  test.each<[string, string[]]>([
    ['true,build', ['true stands alone, or stages are named']],
    ['build\nfalse', ['false stands alone, or stages are named']],
    ['yes', [`"yes" ${NEITHER}`]],
    ['True', [`"True" ${NEITHER}`]],
    ['0', [`"0" ${NEITHER}`]],
    ['a b', [`"a b" ${NEITHER}`]],
    ['${LIST}', [`"build,test" (from "\${LIST}") ${NEITHER}`]],
  ])('%j: %j', (text, problems) => {
    expect(problemsOf({ fields: { NoCache: text }, job: { LIST: 'build,test' } })).toEqual(
      problems.map((problem) => `NoCache: ${problem}`),
    );
  });
});

describe('ShmSize', () => {
  test.each<[string, number]>([
    ['1', 1],
    ['67108864', 67_108_864],
    ['64m', 67_108_864],
    ['64 MB', 67_108_864],
    ['64MiB', 67_108_864],
    ['1.5g', 1_610_612_736],
    ['512b', 512],
    ['2K', 2048],
  ])('%j is %d bytes', (text, bytes) => {
    expect(planOf({ fields: { ShmSize: text } }).build.shmSizeBytes).toBe(bytes);
  });

  const SIZE = 'is not a size: bytes, or a number with k, m or g, such as 256m';
  test.each<[string, string]>([
    ['64x', SIZE],
    ['m', SIZE],
    ['-1', SIZE],
    ['1e9', SIZE],
    ['9999p', SIZE],
    ['64mib2', SIZE],
    ['0', 'is nothing: leave the field blank for the default of the daemon'],
    ['0.1', 'is nothing: leave the field blank for the default of the daemon'],
  ])('%j', (text, fault) => {
    expect(problemsOf({ fields: { ShmSize: text } })).toEqual([`ShmSize: "${text}" ${fault}`]);
  });
});

describe('Ulimits', () => {
  test.each<[string, object[]]>([
    ['nofile=1024:2048', [{ name: 'nofile', soft: 1024, hard: 2048 }]],
    ['nofile=1024', [{ name: 'nofile', soft: 1024, hard: 1024 }]],
    ['core=-1', [{ name: 'core', soft: -1, hard: -1 }]],
    [
      'core=0:unlimited\nnproc=${N}',
      [
        { name: 'core', soft: 0, hard: -1 },
        { name: 'nproc', soft: 64, hard: 64 },
      ],
    ],
  ])('%j', (text, limits) => {
    expect(planOf({ fields: { Ulimits: text }, job: { N: '64' } }).build.ulimits).toEqual(limits);
  });

  test.each<[string, string]>([
    ['nofile', '"nofile" is not name=soft:hard, such as nofile=1024:2048'],
    ['nofile=1:2:3', '"nofile=1:2:3" is not name=soft:hard, such as nofile=1024:2048'],
    [
      'as=1',
      '"as=1" names no limit; there are core, cpu, data, fsize, locks, memlock, msgqueue, nice, nofile, nproc, rss, rtprio, rttime, sigpending, stack',
    ],
    ['nofile=1k', '"nofile=1k" has a limit that is neither a whole number nor unlimited'],
    ['nofile=-2', '"nofile=-2" has a limit that is neither a whole number nor unlimited'],
    ['nofile=9999999999999999', '"nofile=9999999999999999" has a limit that is neither a whole number nor unlimited'],
    ['nofile=2:1', '"nofile=2:1" has a soft limit above its hard limit'],
    ['nofile=-1:1', '"nofile=-1:1" has a soft limit above its hard limit'],
    ['core=1\ncore=2', 'core is given twice'],
  ])('%j', (text, problem) => {
    expect(problemsOf({ fields: { Ulimits: text } })).toEqual([`Ulimits: ${problem}`]);
  });
});

describe('Provenance', () => {
  test.each<[string, string | undefined]>([
    ['', undefined],
    ['false', undefined],
    ['${P:-}', undefined],
    ['true', 'mode=min'],
    ['mode=max', 'mode=max'],
    ['mode=${P:-max}', 'mode=max'],
    ['builder-id=https://ci/x=1', 'mode=min,builder-id=https://ci/x=1'],
    [
      'Version=v1,mode=max,reproducible=true,inline-only=false',
      'mode=max,version=v1,reproducible=true,inline-only=false',
    ],
  ])('%j', (text, provenance) => {
    expect(planOf({ fields: { Provenance: text } }).build.provenance).toBe(provenance);
  });

  const FORM = 'it is false, true, or attributes such as mode=max';
  test.each<[string, string]>([
    ['yes', `"yes" is not understood: ${FORM}`],
    ['true,mode=max', `"true" is not understood: ${FORM}`],
    ['true\nfalse', `has several lines: ${FORM}`],
    ['mode=full', 'mode "full" is not one of min, max'],
    ['version=2', 'version "2" is not one of v0.2, v1'],
    ['builder-id=${B}', 'builder-id "x,mode=max" holds a comma or a quote'],
    ['disabled=true', 'line 1 has disabled: to have no provenance, leave the field blank'],
    [
      'type=provenance',
      'line 1 has "type", which is not understood; there are mode, builder-id, reproducible, inline-only and version',
    ],
  ])('%j: %s', (text, problem) => {
    expect(problemsOf({ fields: { Provenance: text }, job: { B: 'x,mode=max' } })).toEqual([`Provenance: ${problem}`]);
  });
});
