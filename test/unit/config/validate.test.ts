import { Ajv } from 'ajv';
import { FIELDS } from '../../../src/config/fields';
import { taskSchema } from '../../../src/config/schema';
import { validateFields } from '../../../src/config/validate';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const OTHER = '210987654321.dkr.ecr.us-east-1.amazonaws.com';
const ROLE = 'arn:aws:iam::210987654321:role/ci/gocd-push';

function told(fields: Record<string, string>): Record<string, string> {
  return validateFields(new Map(Object.entries({ Repository: 'shop/cart', ...fields })));
}

describe('what passes', () => {
  test.each(FIELDS.map(({ key }) => key))('%s takes a parameter, a variable, both, and nothing', (key) => {
    const variables = key === 'RepositorySettings' ? [] : ['${NAME}'];
    for (const text of ['#{param}', ...variables, 'a-#{param}-${NAME:0:7}', '${NAME:-#{param}}', '#{a}\n#{b}']) {
      expect(told({ [key]: text })).toEqual({});
    }
    if (key !== 'Repository') expect(told({ [key]: '' })).toEqual({});
    if (key !== 'Repository') expect(told({ [key]: ' \n ' })).toEqual({});
  });

  test.each<[string, string]>([
    ['Repository', `${HOST}/shop/cart`],
    ['Repository', '127.0.0.1:5000/shop/cart'],
    ['Tags', '1.42, latest\n_x.Y-z'],
    ['Context', 'services/cart'],
    ['Context', '/srv/sources'],
    ['Dockerfile', './docker/Dockerfile.prod'],
    ['BuildArgs', 'A=1\nB\nC="x = y" \n_D='],
    ['BuildArgs', 'A=tab\there'],
    ['DockerHost', 'unix:///run/user/1000/docker.sock'],
    ['DockerHost', 'tcp://[fd00::7]:2376'],
    ['DockerHost', 'builders-eu'],
    ['Target', 'stage-1.x'],
    ['Target', '0'],
    ['Platform', 'linux/amd64'],
    ['Platform', 'linux/arm/v7'],
    ['NoCache', 'true'],
    ['NoCache', 'build, test'],
    ['NoCache', 'build,${STAGE}'],
    ['ShmSize', '64m'],
    ['Ulimits', 'nofile=1024:2048\ncore=-1'],
    ['Builder', 'buildkit'],
    ['Secrets', 'id=npm,env=NPM_TOKEN\nid=npmrc,src=.npmrc\nid=NPM_TOKEN'],
    ['Secrets', 'id=#{id},env=#{env}\nenv=${NAME},id=npm'],
    ['Secrets', 'id=npm,#{key}=NPM_TOKEN'],
    ['Ssh', 'default\ngithub=/run/agent.sock\nx=${SSH_AUTH_SOCK}'],
    ['RegistryLogins', 'docker.io user=${U} password-env=#{P}\n123456789012.dkr.ecr.us-east-1.amazonaws.com'],
    ['CacheFrom', 'registry.example.com/cart:cache\ntype=registry,ref=${CACHE}'],
    ['CacheTo', 'type=registry,ref=registry.example.com/cart:cache,mode=${MODE}\ntype=inline'],
    ['BuildContexts', 'lib=libs\nbase=docker-image://#{base}\n#{name}=x'],
    ['Provenance', 'mode=${MODE}'],
    ['Provenance', 'mode=max,builder-id=https://ci.example.com'],
    ['Pull', ' false '],
    ['Labels', 'com.example.team=pay ments\nempty='],
    ['OciLabels', 'false'],
    ['NetworkMode', 'host'],
    ['NetworkMode', 'build_net-1'],
    ['ExtraHosts', 'a:10.0.0.7\nb.c=fd00::7\nd:[::1]\ne:host-gateway'],
    ['ExtraHosts', 'a:0000:0000:0000:0000:0000:ffff:192.168.100.228'],
    ['TlsVerify', 'true'],
    ['CertPath', 'certs'],
    ['Region', 'us-gov-east-1'],
    ['RegistryId', '123456789012'],
    ['FloatingTags', 'latest, ${BRANCH|tag}\nstable'],
    ['ExistingTag', ' overwrite '],
    ['Source', 'shop/cart:${GO_PIPELINE_LABEL}'],
    ['AlsoPushTo', `${HOST}/shop/cart role=#{role}\n${OTHER}/shop/cart role=${ROLE}`],
    ['AlsoPushTo', '127.0.0.1:5000/shop/cart'],
    ['AssumeRole', ROLE],
    ['AwsProfile', 'ci builds'],
    ['RepositorySettings', '@ecr/settings.json'],
    ['RepositorySettings', '{\r\n\t"scanOnPush": true\r\n}'],
    ['RepositorySettings', '{"imageTagMutability": "#{mutability}"}'],
    ['RepositorySettings', '{"repositoryPolicy": {"Statement": [{"Resource": "${aws:username}"}]}}'],
    ['Mode', 'check'],
    ['Cleanup', 'keep'],
    ['TimeoutMinutes', '1'],
    ['TimeoutMinutes', '10080'],
    ['ResultFile', 'out/image.json'],
  ])('%s takes %j', (key, text) => {
    expect(told({ [key]: text })).toEqual({});
  });
});

const TAG =
  'is not a legal tag: letters, digits, `_`, `.` and `-`, at most 128, the first neither `.` nor `-`; `${NAME|tag}` makes any text one';
const REPOSITORY =
  'is not a repository: 2 to 256 small letters, digits and single `.`, `_`, `-` between them, in parts separated by `/`';
const ARGUMENT = 'is not the name of a build argument: letters, digits and `_`, not beginning with a digit';
const ADDRESS = 'has no address behind its first colon: an IPv4 or IPv6 address, or host-gateway';
const MINUTES = 'is not a whole number of minutes from 1 to 10080';
const OUTSIDE = "leads out of the job's working directory";
const SECRET = 'a line is id=npm,env=NPM_TOKEN or id=npmrc,src=.npmrc';
const MOUNT = 'which is said in the Dockerfile: RUN --mount=type=secret,id=…';
const SSH = 'letters, digits, `_`, `.` and `-`; a line is default or default=/path/of/agent.sock';
const CACHE =
  'there are type, ref, mode, image-manifest, oci-mediatypes, compression, compression-level, force-compression and ignore-error';
const LABEL = 'is not the name of a label: it has no blanks, quotes or `=`';

describe('what is told', () => {
  test.each<[string, string, string]>([
    ['Repository', '', 'is required'],
    ['Repository', '  ', 'is required'],
    ['Repository', 'Team/app', '"Team/app" holds capital letters: ECR allows small ones only'],
    ['Repository', 'team/app:1.0', '"team/app:1.0" holds a tag: that belongs in Tags'],
    ['Repository', `team/app@sha256:0`, '"team/app@sha256:0" holds a digest: the repository is named without one'],
    ['Repository', `https://${HOST}/app`, `"https://${HOST}/app" is a URL: write the address without its scheme`],
    ['Repository', 'a:5000/team/App', '"a:5000/team/App" holds capital letters: ECR allows small ones only'],
    ['Repository', 'A.b:5000/team//app', `"A.b:5000/team//app" ${REPOSITORY}`],
    ['Repository', 'a', `"a" ${REPOSITORY}`],
    ['Repository', 'team//app', `"team//app" ${REPOSITORY}`],
    ['Tags', 'feature/x', `"feature/x" ${TAG}`],
    ['Tags', 'ok, -no\nx y', `"-no" ${TAG}; "x y" ${TAG}`],
    ['Tags', 'x'.repeat(129), `"${'x'.repeat(100)}…" ${TAG}`],
    ['Context', '../x', `"../x" ${OUTSIDE}`],
    ['Context', 'x'.repeat(4097), `"${'x'.repeat(100)}…" is longer than 4096 characters: no path is`],
    ['ResultFile', 'x'.repeat(4097), `"${'x'.repeat(100)}…" is longer than 4096 characters: no path is`],
    ['Context', 'a/../../x', `"a/../../x" ${OUTSIDE}`],
    [
      'Context',
      'https://github.com/x/y',
      '"https://github.com/x/y" is not a path: only files of the job are built from',
    ],
    ['Context', 'git@github.com:x/y', '"git@github.com:x/y" is not a path: only files of the job are built from'],
    ['Dockerfile', '..\\x', `"..\\x" ${OUTSIDE}`],
    ['BuildArgs', '1A=x\nB-C=y', `"1A" ${ARGUMENT}; "B-C" ${ARGUMENT}`],
    ['BuildArgs', '=x', `"" ${ARGUMENT}`],
    [
      'DockerHost',
      'npipe:////./pipe/docker',
      '"npipe:////./pipe/docker" is a Windows pipe, which this plugin does not speak: let the daemon listen on tcp:// with TLS',
    ],
    [
      'DockerHost',
      'tcp://go:secret@host:2375',
      '"tcp://****@host:2375" names a user: a daemon on tcp:// has none, it knows clients by certificate',
    ],
    ['Target', 'a b', '"a b" is not a stage: letters, digits, `_`, `.` and `-`, or its number'],
    ['Platform', 'arm64', '"arm64" is not a platform: it looks like linux/arm64 or linux/arm/v7'],
    [
      'Platform',
      'linux/amd64,linux/arm64',
      '"linux/amd64,linux/arm64" names several platforms: one task builds one, as os/arch[/variant]',
    ],
    ['NoCache', 'yes, x', '"yes" is neither true nor false nor the name of a stage'],
    ['Builder', 'kaniko', '"kaniko" is not one of auto, buildkit, classic'],
    ['ShmSize', '64x', '"64x" is not a size: bytes, or a number with k, m or g, such as 256m'],
    ['Ulimits', 'nofile', '"nofile" is not name=soft:hard, such as nofile=1024:2048'],
    ['Secrets', 'env=${X}\nid=npm,target=/x', `line 2 has target, ${MOUNT},target=…`],
    ['Secrets', 'env=X\nnpm', `line 1 has no id; ${SECRET}; line 2 has a part that is not key=value; ${SECRET}`],
    ['Secrets', 'id=a,env=A\nid=a,env=B', 'line 2 names "a", and so does line 1'],
    ['Ssh', 'a b', `line 1 begins with "a b", which is not an id: ${SSH}`],
    [
      'RegistryLogins',
      'a.io user=#{u} password=x',
      'line 1 holds a password, which everybody can read there: put it in a secure variable of the job and name that, password-env=VARIABLE',
    ],
    [
      'CacheFrom',
      'type=inline',
      'line 1 has type=inline, which is for CacheTo: such a cache is read by the reference of its image',
    ],
    ['CacheTo', 'type=local,dest=x', `line 1 has "dest", which is not understood; ${CACHE}`],
    ['BuildContexts', 'lib', 'line 1 is not name=value; a line is name=folder or name=docker-image://reference'],
    ['Provenance', 'mode=full', 'mode "full" is not one of min, max'],
    ['Pull', 'True', '"True" is not one of true, false'],
    ['Labels', 'a', '"a" has no value: a label is KEY=VALUE'],
    ['Labels', 'a b=1', `"a b" ${LABEL}`],
    [
      'Labels',
      'gocd-ecr-task.counter=1',
      '"gocd-ecr-task.counter" is a label that this plugin sets: gocd-ecr-task.* tell which run made an image',
    ],
    [
      'NetworkMode',
      'container:db',
      `"container:db" is refused: a build may not enter another container's network; use default, none, host or a network`,
    ],
    ['NetworkMode', 'a b', '"a b" is not a network: default, none, host, or the name of a network on the daemon'],
    ['ExtraHosts', 'registry.local', '"registry.local" is not host:address, such as registry.local:10.0.0.7'],
    ['ExtraHosts', 'a:10.0.0.256\nb:nowhere', `"a:10.0.0.256" ${ADDRESS}; "b:nowhere" ${ADDRESS}`],
    ['Region', 'Ireland', '"Ireland" is not an AWS region: it looks like eu-west-1 or us-gov-east-1'],
    ['RegistryId', '1234', '"1234" is not an AWS account: it has 12 digits'],
    ['Mode', 'deploy', '"deploy" is not one of push, build, check'],
    ['Cleanup', 'all', '"all" is not one of own, keep'],
    ['TimeoutMinutes', '0', `"0" ${MINUTES}`],
    ['TimeoutMinutes', '1.5', `"1.5" ${MINUTES}`],
    ['TimeoutMinutes', '10081', `"10081" ${MINUTES}`],
    ['ResultFile', '/tmp/x.json', `"/tmp/x.json" is absolute: results are written inside the job's working directory`],
    ['ResultFile', '../x.json', `"../x.json" ${OUTSIDE}`],
    ['ResultFile', 'image.env', '"image.env" does not end in .json, such as ecr-image.json'],
    ['ResultFile', 'out/.json', '"out/.json" does not end in .json, such as ecr-image.json'],
    ['Target', 'a\u0007b', '"a\\u0007b" holds the control character U+0007'],
    ['Tags', '${X', '"${X" has no closing brace; a literal ${ is written $${'],
  ])('%s %j: %s', (key, text, sentence) => {
    expect(told({ [key]: text })).toEqual({ [key]: sentence });
  });

  test.each(FIELDS.map(({ key }) => key))('%s takes no {{SECRET:…}}', (key) => {
    expect(told({ [key]: '{{SECRET:[vault][token]}}' })).toEqual({
      [key]:
        'holds {{SECRET:…}}, which GoCD resolves in environment variables only: put it in a variable and write ${NAME} here',
    });
  });

  test('keys that do not exist, with the one that was probably meant', () => {
    expect(told({ Tag: '1', constructor: 'x', Registry: 'y' })).toEqual({
      Tag: 'is not a field of this task; did you mean Tags?',
      constructor: 'is not a field of this task',
      Registry: 'is not a field of this task; did you mean RegistryId?',
    });
  });

  test('a key of __proto__ is a key that does not exist', () => {
    const fields = new Map([
      ['Repository', 'shop/cart'],
      ['__proto__', 'x'],
    ]);
    expect(Object.entries(validateFields(fields))).toEqual([['__proto__', 'is not a field of this task']]);
  });

  test('a task without anything', () => {
    expect(validateFields(new Map())).toEqual({ Repository: 'is required' });
  });

  test('everything at once', () => {
    expect(Object.keys(told({ Repository: 'X', Mode: 'x', Tags: '!', Region: 'x', Nope: '' })).sort()).toEqual([
      'Mode',
      'Nope',
      'Region',
      'Repository',
      'Tags',
    ]);
  });
});

describe('fields that contradict each other', () => {
  test.each<[Record<string, string>, Record<string, string>]>([
    [
      { Repository: `${HOST}/app`, Region: 'us-east-1' },
      { Region: `us-east-1 contradicts Repository, whose host ${HOST} is in eu-west-1` },
    ],
    [
      { Repository: `${HOST}/app`, RegistryId: '999999999999' },
      { RegistryId: `999999999999 contradicts Repository, whose host ${HOST} is of account 123456789012` },
    ],
    [
      { DockerHost: 'unix:///x.sock', TlsVerify: 'true', CertPath: '/certs' },
      {
        TlsVerify: 'true contradicts DockerHost unix:///x.sock: a socket has no TLS',
        CertPath: '/certs contradicts DockerHost unix:///x.sock: a socket has no TLS',
      },
    ],
    [
      { DockerHost: 'builders-eu', CertPath: '/certs' },
      {
        CertPath:
          "/certs contradicts DockerHost builders-eu: its certificates are named by daemon.builders-eu.certs in the agent's settings",
      },
    ],
    [
      { DockerHost: 'tcp://b:2375', TlsVerify: 'false', CertPath: '/certs' },
      { CertPath: '/certs contradicts TlsVerify false: certificates are for TLS' },
    ],
    [
      { DockerHost: 'tcp://b:2376', TlsVerify: 'false' },
      { TlsVerify: 'false contradicts DockerHost tcp://b:2376: port 2376 is for TLS, 2375 for plain TCP' },
    ],
  ])('%j', (fields, sentences) => {
    expect(told(fields)).toEqual(sentences);
  });

  test('what agrees, or can only be judged with the surroundings, passes', () => {
    expect(told({ Repository: `${HOST}/app`, Region: 'eu-west-1', RegistryId: '123456789012' })).toEqual({});
    expect(told({ DockerHost: 'tcp://b:2375' })).toEqual({});
    expect(told({ DockerHost: 'tcp://b:2376', CertPath: '/certs' })).toEqual({});
    expect(told({ Repository: `${HOST}/app`, Region: '${R}' })).toEqual({});
  });
});

describe('the schema', () => {
  test('is one that ajv takes in its strictest mode', () => {
    const check = new Ajv({ strict: true, strictTypes: true, strictTuples: true }).compile(taskSchema());
    expect(check({ Repository: 'shop/cart', Mode: 'push' })).toBe(true);
    expect(check({ Mode: 'push' })).toBe(false);
    expect(check({ Repository: 'shop/cart', Mode: 1 })).toBe(false);
  });

  test('describes every field', () => {
    const { properties, required } = taskSchema() as { properties: Record<string, object>; required: string[] };
    expect(required).toEqual(['Repository']);
    expect(Object.keys(properties)).toEqual(FIELDS.map(({ key }) => key));
    expect(properties['Cleanup']).toEqual({
      title: 'Clean-up',
      description:
        '`own` removes the references that this run made on the daemon, `keep` leaves the tags there; the build cache always stays.',
      type: 'string',
      default: 'own',
      not: { pattern: '\\{\\{SECRET:' },
      anyOf: [
        { pattern: '^\\s*own\\s*$' },
        { pattern: '^\\s*keep\\s*$' },
        { pattern: '^\\s*$' },
        { pattern: '#\\{|\\$\\{' },
      ],
    });
  });
});
