import { parseSettings } from '../../../src/config/settings';
import { planOf, problemsIn, type Given } from './given';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

const problems = (file: object, given: Given = {}): string[] =>
  problemsIn(() => planOf({ ...given, settings: parseSettings(JSON.stringify(file), '/etc/s.json') }));
const allows = (file: object, given: Given = {}): boolean =>
  planOf({ ...given, settings: parseSettings(JSON.stringify(file), '/etc/s.json') }).mode === 'push';

describe('allow.registries', () => {
  const fields = { Repository: `${HOST}/shop/cart` };

  test.each(['*.dkr.ecr.eu-west-1.amazonaws.com', HOST, `a.example.com, ${HOST.toUpperCase()}`])(
    '%s has it',
    (list) => {
      expect(allows({ 'allow.registries': list }, { fields })).toBe(true);
    },
  );

  test.each(['*.dkr.ecr.eu-central-1.amazonaws.com', 'amazonaws.com', '*.amazonaws.com', `${HOST}:444`])(
    '%s has not',
    (list) => {
      expect(problems({ 'allow.registries': list }, { fields })).toEqual([
        `Repository: ${HOST} is not allowed on this agent: it is not in agent settings allow.registries, which has ${list}`,
      ]);
    },
  );

  test('is about all that is written to, and an empty one allows nothing', () => {
    const given = {
      fields: {
        ...fields,
        AlsoPushTo: '210987654321.dkr.ecr.eu-west-1.amazonaws.com/shop/cart',
        CacheTo: 'cache.example.com/x:1',
        CacheFrom: 'elsewhere.example.com/x:1',
      },
    };
    expect(problems({ 'allow.registries': HOST }, given)).toEqual([
      `AlsoPushTo: line 1 names 210987654321.dkr.ecr.eu-west-1.amazonaws.com is not allowed on this agent: it is not in agent settings allow.registries, which has ${HOST}`,
      `CacheTo: line 1 names cache.example.com is not allowed on this agent: it is not in agent settings allow.registries, which has ${HOST}`,
    ]);
    expect(problems({ 'allow.registries': '' }, { fields })).toEqual([
      `Repository: ${HOST} is not allowed on this agent: it is not in agent settings allow.registries, which has none`,
    ]);
  });

  test('both levels must allow it; a host that AWS tells is compared later', () => {
    const given = { fields, properties: { 'allow.registries': 'other.example.com' } };
    expect(problems({ 'allow.registries': HOST }, given)).toEqual([
      `Repository: ${HOST} is not allowed on this agent: it is not in server property gocd.ecr.allow.registries, which has other.example.com`,
    ]);
    const plan = planOf({ properties: { 'allow.registries': HOST } });
    expect(plan.allowedRegistries).toEqual([
      { value: [HOST], origin: { kind: 'server-property', name: 'allow.registries' } },
    ]);
  });

  test('holds hosts', () => {
    expect(problems({ 'allow.registries': 'https://x/' })).toEqual([
      'allow.registries in /etc/s.json: "https://x/" is not a registry\'s host, such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com; `*.` at its beginning stands for one label',
    ]);
  });
});

describe('allow.daemons', () => {
  const daemons = { 'daemon.eu': 'tcp://build-2:2376', 'daemon.us': 'tcp://build-3:2376' };

  test.each<[string, Given]>([
    ['eu us', { fields: { DockerHost: 'us' } }],
    ['tcp://Build-2', { fields: { DockerHost: 'eu' } }],
    ['unix:///var/run/docker.sock', {}],
    ['ssh://go@b', { fields: { DockerHost: 'ssh://go@b' } }],
    ['tcp://127.0.0.1:2375', { job: { DOCKER_HOST: 'tcp://127.0.0.1:2375' } }],
  ])('%s has it', (list, given) => {
    expect(allows({ ...daemons, 'allow.daemons': list }, given)).toBe(true);
  });

  test('what it has not is refused, whoever named it', () => {
    const list = { ...daemons, 'allow.daemons': 'eu' };
    const tail = 'is not allowed on this agent: it is not in agent settings allow.daemons, which has eu';
    expect(problems(list, { fields: { DockerHost: 'us' } })).toEqual([
      `DockerHost: tcp://build-3:2376 (agent settings daemon.us) ${tail}`,
    ]);
    expect(problems(list)).toEqual([`DockerHost: unix:///var/run/docker.sock (built-in) ${tail}`]);
    expect(problems(list, { job: { DOCKER_HOST: 'unix:///x.sock' } })).toEqual([
      `DockerHost: unix:///x.sock (job variable DOCKER_HOST) ${tail}`,
    ]);
  });

  test('holds names and addresses', () => {
    expect(problems({ 'allow.daemons': 'http://b' })).toEqual([
      'allow.daemons in /etc/s.json: "http://b" is a web address: write tcp:// instead of http://',
    ]);
  });
});
