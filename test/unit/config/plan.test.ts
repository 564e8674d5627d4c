import { PLAIN_BUILD } from '../../../src/domain/plain-build';
import { ConfigError } from '../../../src/domain/errors';
import { emptySettings } from '../../../src/config/settings';
import { makePlan } from '../../../src/config/plan';
import { planOf, problemsOf, surroundings, thrownBy, type Given } from './given';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

describe('a plan', () => {
  test('of a task with nothing but a repository', () => {
    const { build, aws, secrets, ...plan } = planOf();
    expect(plan).toEqual({
      mode: 'push',
      repository: { host: undefined, path: 'shop/cart', registry: undefined },
      alsoPushTo: [],
      allowedRegistries: [],
      tags: ['1.42'],
      floatingTags: [],
      existingTag: 'reuse',
      creation: { ifMissing: false, settings: undefined },
      source: undefined,
      daemon: {
        kind: 'unix',
        socketPath: '/var/run/docker.sock',
        display: { value: 'unix:///var/run/docker.sock', origin: { kind: 'built-in' } },
      },
      cleanup: 'own',
      timeoutMs: undefined,
      files: {
        jobFolder: '/var/lib/go-agent/pipelines/cart',
        resultFile: 'ecr-image.json',
        outputs: ['ecr-image.json', 'ecr-image.env', 'ecr-image.log', 'ecr-image.failed.json'],
      },
      run: {
        pipeline: 'cart',
        counter: '42',
        server: '',
        label: '1.42',
        stage: 'image',
        stageCounter: '1',
        job: 'push',
        revisions: new Map([['GO_REVISION', '3fa9c1d2b7e8']]),
        mark: {
          pipeline: 'cart',
          counter: '42',
          revision: 'GO_REVISION=3fa9c1d2b7e8',
          fields: '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
        },
        repository: 'shop/cart',
        reuseKey: undefined,
        taskKey: 'b40c9ce0feeba57d',
      },
      fieldsSet: [{ name: 'Repository' }],
      notes: [],
    });
    expect({ ...build, labels: build.labels.size }).toEqual({
      ...PLAIN_BUILD,
      context: '.',
      dockerfile: 'Dockerfile',
      args: new Map(),
      labels: 3,
      target: undefined,
      platform: undefined,
      networkMode: undefined,
      extraHosts: [],
      noCache: [],
      pull: false,
    });
    expect(aws).toEqual({
      region: undefined,
      registryId: undefined,
      side: 'agent',
      environment: new Map(),
      role: undefined,
      profile: undefined,
      proxy: undefined,
      customEndpoint: false,
    });
    expect(secrets).toEqual([]);
  });

  test('of a task with everything', () => {
    const plan = planOf({
      fields: {
        Repository: `${HOST.toUpperCase().replace('.DKR.ECR.EU-WEST-1.AMAZONAWS.COM', '.dkr.ecr.eu-west-1.AmazonAWS.com')}/shop/\${APP}`,
        Tags: '${GO_REVISION:0:7}, ${BRANCH|tag}\n1.42,1.42',
        Context: 'services/${APP}',
        Dockerfile: 'docker/Dockerfile',
        BuildArgs: 'VERSION=${GO_PIPELINE_LABEL}\nHTTP_PROXY\nQUOTED="a b" \nVERSION=2\nNONE',
        Target: 'prod',
        Platform: 'Linux/aarch64',
        NoCache: '${YES}',
        Pull: 'true',
        Labels: 'team=${TEAM:-shop}',
        OciLabels: 'false',
        NetworkMode: 'host',
        ExtraHosts: 'a=10.0.0.7\nb:[fd00::7]',
        ShmSize: '64m',
        Ulimits: 'nofile=1024:2048',
        Builder: 'buildkit',
        Provenance: 'mode=max',
        Secrets: 'id=npm,env=NPM\nid=npmrc,src=.npmrc',
        Ssh: 'default',
        BuildContexts: 'lib=libs',
        RegistryLogins: 'docker.io user=shop password-env=HUB',
        CacheFrom: 'a.io/${APP}:cache',
        CacheTo: 'type=inline',
        Mode: 'check',
        Cleanup: 'keep',
        TimeoutMinutes: '90',
        ResultFile: './out/cart.json',
        FloatingTags: 'latest,${BRANCH|tag}-moving',
        ExistingTag: 'overwrite',
        AlsoPushTo: '210987654321.dkr.ecr.us-east-1.amazonaws.com/cart',
        AssumeRole: 'arn:aws:iam::123456789012:role/gocd',
        ExternalId: 'shop-7',
        AwsProfile: 'ci',
        CreateRepository: 'if-missing',
        RepositorySettings: '{\n"scanOnPush": true\n}',
      },
      job: {
        APP: 'cart',
        BRANCH: 'feature/x y',
        HTTP_PROXY: 'http://proxy:1',
        YES: 'true',
        NPM: 'npm-123456',
        HUB: 'hub-123456',
      },
      agent: { SSH_AUTH_SOCK: '/run/agent.sock', NONE: 'of the agent', HTTP_PROXY: 'http://agent:1' },
    });
    expect(plan).toMatchObject({
      mode: 'check',
      repository: { host: HOST, path: 'shop/cart', registry: { accountId: '123456789012', region: 'eu-west-1' } },
      tags: ['3fa9c1d', 'feature-x-y', '1.42'],
      floatingTags: ['latest', 'feature-x-y-moving'],
      existingTag: 'overwrite',
      alsoPushTo: [{ repository: { path: 'cart' }, aws: { region: { value: 'us-east-1' } } }],
      creation: { ifMissing: true, settings: { scanOnPush: true } },
      aws: { profile: { value: 'ci' }, role: { externalId: 'shop-7', sessionName: 'gocd-cart-42' } },
      cleanup: 'keep',
      timeoutMs: 5_400_000,
      build: {
        context: 'services/cart',
        dockerfile: 'docker/Dockerfile',
        args: new Map([
          ['VERSION', '2'],
          ['HTTP_PROXY', 'http://proxy:1'],
          ['QUOTED', '"a b" '],
        ]),
        target: 'prod',
        platform: 'linux/arm64',
        networkMode: 'host',
        extraHosts: ['a:10.0.0.7', 'b:fd00::7'],
        noCache: 'all',
        pull: true,
        shmSizeBytes: 67_108_864,
        ulimits: [{ name: 'nofile', soft: 1024, hard: 2048 }],
        builder: 'buildkit',
        provenance: 'mode=max',
        secrets: [
          { id: 'npm', from: { kind: 'value', variable: 'NPM' } },
          { id: 'npmrc', from: { kind: 'file', path: '.npmrc' } },
        ],
        ssh: [{ id: 'default', socketPath: { value: '/run/agent.sock' } }],
        contexts: [{ name: 'lib', source: { kind: 'folder', path: 'libs' } }],
        logins: [{ kind: 'password', host: 'docker.io', username: 'shop' }],
        cacheFrom: [{ type: 'registry', ref: 'a.io/cart:cache', attributes: new Map() }],
        cacheTo: [{ type: 'inline', ref: undefined, attributes: new Map() }],
      },
      files: {
        resultFile: 'out/cart.json',
        outputs: ['out/cart.json', 'out/cart.env', 'out/cart.log', 'out/cart.failed.json'],
      },
      notes: [
        'Tags: 1.42 is given twice and pushed once',
        'BuildArgs: VERSION is given twice; the last one counts',
        'BuildArgs: NONE is left out, because the job has no variable of that name',
      ],
    });
    expect(plan.build.labels.get('team')).toBe('shop');
    expect(plan.fieldsSet.map(({ name, items }) => (items === undefined ? name : `${name}(${items})`)).join(' ')).toBe(
      'Repository Tags(4) Context Dockerfile BuildArgs(5) FloatingTags(2) ExistingTag AlsoPushTo(1) Target Platform NoCache Pull Labels(1) OciLabels NetworkMode ExtraHosts(2) ShmSize Ulimits(1) Builder Provenance Secrets(2) Ssh(1) BuildContexts(1) RegistryLogins(1) CacheFrom(1) CacheTo(1) AssumeRole ExternalId AwsProfile CreateRepository RepositorySettings Mode Cleanup TimeoutMinutes ResultFile',
    );
  });

  test.each<[Record<string, string>, string, string]>([
    [{}, '.', 'Dockerfile'],
    [{ Context: 'a/b' }, 'a/b', 'a/b/Dockerfile'],
    [{ Context: './a/' }, './a/', 'a/Dockerfile'],
    [{ Context: '/srv/x' }, '/srv/x', '/srv/x/Dockerfile'],
    [{ Context: 'a', Dockerfile: 'b/D' }, 'a', 'b/D'],
  ])('with %j builds %s by %s', (fields, context, dockerfile) => {
    const { build } = planOf({ fields });
    expect([build.context, build.dockerfile]).toEqual([context, dockerfile]);
  });

  test('keeps the tags where only an image is built', () => {
    expect(planOf({ fields: { Mode: 'build' } })).toMatchObject({ cleanup: 'keep', notes: [] });
    expect(planOf({ fields: { Mode: 'build', Cleanup: 'own' } })).toMatchObject({
      cleanup: 'keep',
      notes: ['Cleanup: own is not used, because Mode build leaves the image under its tags'],
    });
  });

  test('drops empty items and tells', () => {
    const plan = planOf({
      fields: { Tags: '1,${SUFFIX},${LATEST:+latest}', Target: '${STAGE:-}' },
      job: { SUFFIX: '' },
    });
    expect(plan).toMatchObject({
      tags: ['1'],
      build: { target: undefined },
      notes: [
        'Tags: "${SUFFIX}" is empty and is left out',
        'Tags: "${LATEST:+latest}" is empty and is left out',
        'Target: "${STAGE:-}" is empty and is left out',
      ],
    });
  });

  test('is the same for the same surroundings', () => {
    expect(planOf()).toEqual(planOf());
  });
});

describe('the key of a task', () => {
  const key = (given: Given): string => planOf(given).run.taskKey;

  test('stays from run to run', () => {
    const next = {
      job: { GO_PIPELINE_COUNTER: '43', GO_PIPELINE_LABEL: '1.43', GO_STAGE_COUNTER: '2', GO_REVISION: 'ffff' },
    };
    expect(key(next)).toBe(key({}));
    expect(key({})).toMatch(/^[0-9a-f]{16}$/);
  });

  test('differs between tasks', () => {
    const others: Given[] = [
      {},
      { job: { GO_PIPELINE_NAME: 'x' } },
      { job: { GO_STAGE_NAME: 'x' } },
      { job: { GO_JOB_NAME: 'x' } },
      { job: { GO_STAGE_NAME: 'imagep', GO_JOB_NAME: 'ush' } },
      { fields: { Repository: 'shop/x' } },
      { fields: { Dockerfile: 'x' } },
      { fields: { Context: 'x' } },
      { fields: { Target: 'x' } },
      { fields: { Platform: 'linux/arm64' } },
    ];
    expect(new Set(others.map(key)).size).toBe(others.length);
  });
});

describe('problems', () => {
  test.each<[Given, string]>([
    [{ fields: { Repository: '' } }, 'Repository: is required'],
    [{ fields: { Repository: '${R:-}' } }, 'Repository: is required, and "${R:-}" is empty'],
    [
      { fields: { Tags: '${BRNACH}' }, job: { BRANCH: 'x' } },
      'Tags: "${BRNACH}" names a variable that neither the job nor the agent has; there is BRANCH',
    ],
    [{ job: { GO_PIPELINE_LABEL: '' } }, 'Tags: "${GO_PIPELINE_LABEL}" leaves no tag'],
    [{ fields: { Tags: '${X:-}, ${X:-}' } }, 'Tags: "${X:-}, ${X:-}" leaves no tag'],
    [
      { fields: { Tags: '${B}' }, job: { B: 'pr-1,prod' } },
      'Tags: "pr-1,prod" (from "${B}") is not a legal tag: letters, digits, `_`, `.` and `-`, at most 128, the first neither `.` nor `-`; `${NAME|tag}` makes any text one',
    ],
    [
      { fields: { Mode: '${M}' }, job: { M: 'deploy' } },
      'Mode: "deploy" (from "${M}") is not one of push, build, check',
    ],
    [{ fields: { Pull: '${M}' }, job: { M: 'yes' } }, 'Pull: "yes" (from "${M}") is not one of true, false'],
    [
      { fields: { TimeoutMinutes: '${M}' }, job: { M: '1h' } },
      'TimeoutMinutes: "1h" (from "${M}") is not a whole number of minutes from 1 to 10080',
    ],
    [{ fields: { Mode: '#{mode}' } }, 'Mode: "#{mode}" is not one of push, build, check'],
    [
      { fields: { Context: '${C}' }, job: { C: '/etc' } },
      'Context: "${C}" becomes an absolute path by expansion: only a path that is typed as it is may be absolute',
    ],
    [
      { fields: { Dockerfile: '/etc/${C}' }, job: { C: 'shadow' } },
      'Dockerfile: "/etc/${C}" becomes an absolute path by expansion: only a path that is typed as it is may be absolute',
    ],
    [
      {
        fields: { CertPath: '${DOCKER_CERT_PATH}', DockerHost: 'tcp://b', TlsVerify: 'true' },
        job: { DOCKER_CERT_PATH: '/c' },
      },
      'CertPath: "${DOCKER_CERT_PATH}" becomes an absolute path by expansion: only a path that is typed as it is may be absolute',
    ],
    [
      { fields: { Context: 'a/${C}' }, job: { C: '../../..' } },
      'Context: "a/../../.." (from "a/${C}") leads out of the job\'s working directory',
    ],
    [{ fields: { Nope: 'x' } }, 'Nope: is not a field of this task'],
    [
      { fields: { Labels: '${K}=1' }, job: { K: 'gocd-ecr-task.counter' } },
      'Labels: "gocd-ecr-task.counter" (from "${K}") is a label that this plugin sets: gocd-ecr-task.* tell which run made an image',
    ],
    [
      { fields: { NetworkMode: '${N}' }, job: { N: 'container:db' } },
      'NetworkMode: "container:db" (from "${N}") is refused: a build may not enter another container\'s network; use default, none, host or a network',
    ],
  ])('%j', (given, problem) => {
    expect(problemsOf(given)).toEqual([problem]);
  });

  test('come all at once, from fields, settings, daemon and AWS', () => {
    const problems = problemsOf({
      fields: { Repository: `${HOST}/app`, Region: 'us-east-1', Tags: 'a b', Mode: 'x', Typo: '1' },
      job: { DOCKER_HOST: 'npipe://x', AWS_ACCESS_KEY_ID: 'AKIA' },
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'Typo',
      'Mode',
      'Tags',
      'Region',
      'DOCKER_HOST',
      'AWS_ACCESS_KEY_ID',
    ]);
  });

  test('are one error, whose message names each field', () => {
    const error = thrownBy(() => planOf({ fields: { Tags: '!', Mode: 'x' } }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toBe(
      'Mode: "x" is not one of push, build, check | Tags: "!" is not a legal tag: letters, digits, `_`, `.` and `-`, at most 128, the first neither `.` nor `-`; `${NAME|tag}` makes any text one',
    );
  });

  test('outside GoCD the default tag has no label', () => {
    const act = (): unknown => makePlan({ ...surroundings(), jobVariables: new Map(), settings: emptySettings });
    expect(thrownBy(act).message).toBe(
      'Tags: "${GO_PIPELINE_LABEL}" names a variable that neither the job nor the agent has',
    );
  });
});
