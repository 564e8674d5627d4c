import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { emptySettings, isPlaintext, mergeServerProperties, parseSettings } from '../../../src/config/settings';
import { planOf, problemsIn } from './given';

const PATH = '/etc/gocd-ecr/settings.json';

function parse(settings: object): ReturnType<typeof parseSettings> {
  return parseSettings(JSON.stringify(settings), PATH);
}

function merge(properties: Record<string, string>, below = emptySettings): ReturnType<typeof parseSettings> {
  return mergeServerProperties(below, new Map(Object.entries(properties)));
}

describe('the settings file', () => {
  test('names daemons', () => {
    const settings = parse({
      'daemon.eu': ' tcp://build-2 ',
      'daemon.eu.certs': '/certs',
      'daemon.local': 'unix:///x',
    });
    expect(settings.daemons).toEqual([
      {
        name: 'eu',
        host: { kind: 'tcp', host: 'build-2', port: undefined },
        url: { value: 'tcp://build-2', origin: { kind: 'settings-file', name: 'daemon.eu' } },
        certs: { value: '/certs', origin: { kind: 'settings-file', name: 'daemon.eu.certs' } },
        pem: undefined,
        platform: undefined,
        plaintext: false,
      },
      {
        name: 'local',
        host: { kind: 'unix', socketPath: '/x' },
        url: { value: 'unix:///x', origin: { kind: 'settings-file', name: 'daemon.local' } },
        certs: undefined,
        pem: undefined,
        platform: undefined,
        plaintext: false,
      },
    ]);
  });

  test.each(['{', '[]', '"x"', 'null', '', '{"daemon.x": "-----BEGIN'])(
    '%j is not settings, and is not quoted',
    (text) => {
      expect(problemsIn(() => parseSettings(text, PATH))).toEqual([`${PATH}: is not a JSON object of settings`]);
    },
  );

  test('may begin with a byte order mark, name its schema, and be empty', () => {
    expect(parseSettings('\uFEFF{"$schema": "./schema.json"}', PATH)).toEqual(emptySettings);
  });

  const KNOWN =
    'is not a setting of this version, which has daemon.<name> (alone, and with .certs, .ca, .cert, .key, .platform, .plaintext), default.<Field>, allow.registries, allow.daemons, allow.host-network, allow.public-policy, daemon.required, reuse.key and node';
  test.each<[object, string]>([
    [{ nod: '/usr/bin/node' }, `nod in ${PATH}: ${KNOWN}; did you mean node?`],
    [{ 'deamon.eu': 'x' }, `deamon.eu in ${PATH}: ${KNOWN}; did you mean daemon.eu?`],
    [{ 'daemon.eu.certss': '/x' }, `daemon.eu.certss in ${PATH}: ${KNOWN}; did you mean daemon.eu.certs?`],
    [{ 'default.Regoin': 'eu-west-1' }, `default.Regoin in ${PATH}: ${KNOWN}; did you mean default.Region?`],
    [{ 'default.Nothing': 'x' }, `default.Nothing in ${PATH}: ${KNOWN}`],
    [{ __proto__x: '1' }, `__proto__x in ${PATH}: ${KNOWN}`],
    [{ 'daemon.a b': 'unix:///x' }, `daemon.a b in ${PATH}: ${KNOWN}; a name has letters, digits, \`_\` and \`-\``],
    [
      { 'default.TlsCa': 'CA_PEM' },
      `default.TlsCa in ${PATH}: names a variable of a job, which no agent knows: give the daemon a name, and put the PEM into daemon.<name>.ca, .cert and .key`,
    ],
    [{ 'daemon.eu': 5 }, `daemon.eu in ${PATH}: is neither a text nor true or false`],
    [
      { 'daemon.eu': 'build-2' },
      `daemon.eu in ${PATH}: "build-2" is none of unix:///path, tcp://host:port and ssh://user@host`,
    ],
    [
      { 'daemon.eu': 'tcp://go:hunter22@build-2' },
      `daemon.eu in ${PATH}: "tcp://****@build-2" names a user: a daemon on tcp:// has none, it knows clients by certificate`,
    ],
    [{ 'allow.host-netwrk': false }, `allow.host-netwrk in ${PATH}: ${KNOWN}; did you mean allow.host-network?`],
    [{ 'allow.public-policy': 'no' }, `allow.public-policy in ${PATH}: "no" is not one of true, false`],
    [{ 'reuse.keys': 'x' }, `reuse.keys in ${PATH}: ${KNOWN}; did you mean reuse.key?`],
    [{ 'allow.host-network': 'no' }, `allow.host-network in ${PATH}: "no" is not one of true, false`],
    [{ 'daemon.eu.certs': '/x' }, `daemon.eu.certs in ${PATH}: has no daemon.eu beside it, which names the address`],
    [
      { 'daemon.eu.plaintext': true },
      `daemon.eu.plaintext in ${PATH}: has no daemon.eu beside it, which names the address`,
    ],
    [
      { 'daemon.eu': 'tcp://b', 'daemon.eu.certs': 'certs' },
      `daemon.eu.certs in ${PATH}: "certs" is not an absolute path`,
    ],
    [
      { 'daemon.eu': 'tcp://b', 'daemon.eu.plaintext': 'yes' },
      `daemon.eu.plaintext in ${PATH}: "yes" is not one of true, false`,
    ],
    [
      { 'daemon.eu': 'tcp://b', 'daemon.eu.certs': '/x', 'daemon.eu.plaintext': true },
      `daemon.eu.plaintext in ${PATH}: contradicts .certs: certificates are for TLS`,
    ],
    [
      { 'daemon.eu': 'tcp://b:2376', 'daemon.eu.plaintext': true },
      `daemon.eu.plaintext in ${PATH}: contradicts port 2376, which is for TLS`,
    ],
    [
      { 'daemon.eu': 'unix:///x', 'daemon.eu.certs': '/x' },
      `daemon.eu.certs in ${PATH}: is for a daemon on tcp://: a socket crosses no network`,
    ],
    [
      { 'daemon.eu': 'unix:///x', 'daemon.eu.plaintext': true },
      `daemon.eu.plaintext in ${PATH}: is for a daemon on tcp://: a socket crosses no network`,
    ],
    [
      { 'daemon.eu': 'tcp://b', 'daemon.eu.certs': '-----BEGIN PRIVATE KEY-----\nMIIC' },
      `daemon.eu.certs in ${PATH}: holds a key or a certificate: these belong into daemon.<name>.ca, .cert and .key, or into the folder that daemon.<name>.certs names`,
    ],
  ])('%j: %s', (settings, problem) => {
    expect(problemsIn(() => parse(settings))).toEqual([problem]);
  });

  test('tells all that is wrong at once', () => {
    expect(problemsIn(() => parse({ x: '1', 'daemon.a': 'y z', 'daemon.b': false, 'daemon.c': null }))).toHaveLength(4);
  });
});

describe('the properties of the server', () => {
  test('stand below the file: a name in both is the file’s, with its certificates', () => {
    const file = parse({ 'daemon.eu': 'tcp://build-2:2376' });
    const merged = merge(
      { 'daemon.eu': 'tcp://evil:2376', 'daemon.eu.certs': '/evil', 'daemon.us': 'tcp://b:2376', node: '/n' },
      file,
    );
    expect(merged.daemons.map(({ name, url, certs }) => [name, url.value, url.origin.kind, certs])).toEqual([
      ['eu', 'tcp://build-2:2376', 'settings-file', undefined],
      ['us', 'tcp://b:2376', 'server-property', undefined],
    ]);
    expect(merge({ 'daemon.us': 'tcp://b:2376' }, merged)).toEqual(merged);
  });

  test.each(['-----BEGIN RSA PRIVATE KEY-----', '-----BEGIN%20CERTIFICATE-----', 'LS0tLS1CRUdJTiBQUklWQVRF'])(
    'hold no key: %s is refused and not quoted',
    (pem) => {
      expect(problemsIn(() => merge({ 'daemon.eu': 'tcp://b:2376', 'daemon.eu.certs': pem }))).toEqual([
        'gocd.ecr.daemon.eu.certs: holds a key or a certificate, which the process list shows: put it in a file and name its folder in daemon.<name>.certs',
      ]);
    },
  );

  test('are named as they are set', () => {
    expect(problemsIn(() => merge({ 'damon.eu': 'x' }))).toEqual([
      'gocd.ecr.damon.eu: is not a setting of this version, which has daemon.<name> (alone, and with .certs, .ca, .cert, .key, .platform, .plaintext), default.<Field>, allow.registries, allow.daemons, allow.host-network, allow.public-policy, daemon.required, reuse.key and node; did you mean daemon.eu?',
    ]);
  });
});

describe('the network of the daemon’s machine', () => {
  const plan = (file: object, properties: Record<string, string>, NetworkMode = 'host'): unknown =>
    planOf({ fields: { NetworkMode }, settings: parse(file), properties }).build.networkMode;

  test('is allowed unless a level forbids it, and then the other one cannot allow it', () => {
    expect(plan({}, {})).toBe('host');
    expect(plan({ 'allow.host-network': true }, { 'allow.host-network': 'true' })).toBe('host');
    expect(problemsIn(() => plan({ 'allow.host-network': false }, { 'allow.host-network': 'true' }))).toEqual([
      'NetworkMode: host is not allowed on this agent: agent settings allow.host-network is false',
    ]);
    expect(problemsIn(() => plan({ 'allow.host-network': true }, { 'allow.host-network': 'false' }))).toEqual([
      'NetworkMode: host is not allowed on this agent: server property gocd.ecr.allow.host-network is false',
    ]);
    expect(plan({ 'allow.host-network': false }, {}, 'none')).toBe('none');
  });
});

describe('reuse.key', () => {
  const KEY = 'a-key-that-nobody-guesses';

  test('signs the label of the run’s image, is masked, and is in no message', () => {
    const plan = planOf({ settings: parse({ 'reuse.key': KEY }) });
    expect(plan.run.reuseKey?.reveal()).toBe(KEY);
    expect(plan.secrets.map(({ name, value }) => [name, value.reveal()])).toEqual([['reuse.key', KEY]]);
    expect(plan.build.labels.get('gocd-ecr-task.run')).toMatch(/^{"pipeline":"cart",.*,"mac":"[0-9a-f]{64}"}$/);
    expect(JSON.stringify([...plan.build.labels])).not.toContain(KEY);
    expect(problemsIn(() => planOf({ fields: { Target: `x ${KEY}` }, settings: parse({ 'reuse.key': KEY }) }))).toEqual(
      ['Target: "x ****" is not a stage: letters, digits, `_`, `.` and `-`, or its number'],
    );
  });

  test.each(['short', '               ', 'fifteen-letters', false])('%j is too short, and is not quoted', (key) => {
    expect(problemsIn(() => parse({ 'reuse.key': key }))).toEqual([
      `reuse.key in ${PATH}: has fewer than 16 characters: a key that can be guessed proves nothing`,
    ]);
  });

  test('is refused as a property, whatever it is, and is not quoted', () => {
    for (const key of [KEY, 'x', '-----BEGIN PRIVATE KEY-----']) {
      expect(problemsIn(() => merge({ 'reuse.key': key }))).toEqual([
        'gocd.ecr.reuse.key: is a secret, which the process list shows: put it in the file that GOCD_ECR_SETTINGS names',
      ]);
    }
  });
});

describe('plain text', () => {
  test.each<[object, string, boolean]>([
    [{ 'daemon.dind': 'tcp://docker:2375', 'daemon.dind.plaintext': true }, 'tcp://docker:2375', true],
    [{ 'daemon.dind': 'tcp://Docker', 'daemon.dind.plaintext': 'true' }, 'tcp://docker:2375', true],
    [{ 'daemon.dind': 'tcp://docker:2375', 'daemon.dind.plaintext': false }, 'tcp://docker:2375', false],
    [{ 'daemon.dind': 'tcp://docker:2375' }, 'tcp://docker:2375', false],
    [{ 'daemon.dind': 'tcp://docker:2375', 'daemon.dind.plaintext': true }, 'tcp://docker:2374', false],
    [{ 'daemon.tcp://10.0.0.7:2375.plaintext': true }, 'tcp://10.0.0.7:2375', true],
    [{ 'daemon.tcp://[fd00::7]:2375.plaintext': true }, 'tcp://[fd00::7]:2375', true],
  ])('with %j to %s: %s', (settings, url, allowed) => {
    expect(isPlaintext(parse(settings), url)).toBe(allowed);
  });
});

describe('what users are given', () => {
  const folder = join(__dirname, '../../../plugin-settings');
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const schema = JSON.parse(read('schema.json')) as object;
  const check = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

  test('the example holds against the schema and the parser', () => {
    const text = read('example.json');
    expect([check(JSON.parse(text)), check.errors]).toEqual([true, null]);
    expect(parseSettings(text, PATH).daemons.map(({ name }) => name)).toEqual(['local', 'builders-eu', 'dind', 'arm']);
  });

  test.each<[object, boolean]>([
    [{ 'daemon.eu': 'tcp://b:2376', 'daemon.eu.certs': '/c' }, true],
    [{ 'daemon.tcp://b:2375.plaintext': true }, true],
    [{ node: '/usr/bin/node' }, true],
    [{ 'allow.host-network': false }, true],
    [{ 'allow.host-network': 'true' }, true],
    [{ 'allow.host-network': 'no' }, false],
    [{ 'allow.public-policy': true, 'reuse.key': 'sixteen-letters-' }, true],
    [{ 'allow.public-policy': 'yes' }, false],
    [{ 'reuse.key': 'fifteen-letters' }, false],
    [{ 'daemon.eu': 'ssh://b' }, true],
    [{ 'daemon.eu': 'ssh://go@b.example.com:2222' }, true],
    [{ 'daemon.eu': 'ssh://go@[fd00::7]' }, true],
    [{ 'daemon.eu': 'ssh://-oProxyCommand=x' }, false],
    [{ 'daemon.eu': 'ssh://go:pw@b' }, false],
    [{ 'daemon.eu': 'ssh://b/var/run/docker.sock' }, false],
    [{ 'daemon.eu': 'unix://x' }, false],
    [{ 'daemon.eu': 'tcp://u@b' }, false],
    [{ 'daemon.eu': 'tcp://b', 'daemon.eu.certs': 'c' }, false],
    [{ 'daemon.eu': 'tcp://b', 'daemon.eu.plaintext': 'yes' }, false],
    [{ 'daemon.eu.ca': 'x' }, false],
    [{ 'daemon.eu': 'tcp://b', 'daemon.eu.ca': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----' }, true],
    [{ 'daemon.eu': 'unix:///x', 'daemon.eu.platform': 'linux/arm/v7' }, true],
    [{ 'daemon.eu': 'unix:///x', 'daemon.eu.platform': 'arm' }, false],
    [{ 'daemon.required': true }, true],
    [{ 'daemon.required': 'tcp://b' }, false],
    [{ 'default.Platform': 'linux/arm64', 'default.Pull': true }, true],
    [{ 'default.Nothing': 'x' }, false],
    [{ 'default.TlsKey': 'KEY_PEM' }, false],
    [{ 'allow.registries': '*.dkr.ecr.eu-west-1.amazonaws.com, localhost:5000' }, true],
    [{ 'allow.daemons': 'local tcp://b:2376' }, true],
    [{ daemon: 'x' }, false],
  ])('schema and parser agree on %j', (settings, good) => {
    const parses = (): boolean => {
      try {
        parse(settings);
        return true;
      } catch {
        return false;
      }
    };
    expect([check(settings), parses()]).toEqual([good, good]);
  });

  test('the guide names every setting that there is', () => {
    const guide = read('README.md');
    for (const part of ['', '.certs', '.ca', '.cert', '.key', '.platform', '.plaintext'])
      expect(guide).toContain(`daemon.<name>${part}`);
    const others = [
      'default.<Field>',
      'allow.registries',
      'allow.daemons',
      'allow.host-network',
      'allow.public-policy',
    ];
    for (const key of [...others, 'daemon.required', 'reuse.key', 'node']) expect(guide).toContain(`\`${key}\``);
  });

  test('every JSON and every property of the guide parses', () => {
    const guide = read('README.md');
    const blocks = [...guide.matchAll(/```json\n([^]*?)```/g)].map(([, json = '']) => json);
    expect(blocks).toHaveLength(5);
    for (const json of blocks) expect(parseSettings(json, PATH).daemons.length).toBeLessThanOrEqual(1);
    const properties = [...guide.matchAll(/gocd\.agent\.extra\.properties="([^"]*)"/g)].map(([, pairs = '']) => pairs);
    expect(properties).toHaveLength(2);
    for (const pairs of properties) {
      const entries = pairs.split(' ').map((pair) => pair.replace(/^gocd\.ecr\./, '').split('='));
      expect(merge(Object.fromEntries(entries) as Record<string, string>).daemons).toHaveLength(1);
    }
  });
});

describe('PEM of a daemon', () => {
  const CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  const KEY = '-----BEGIN EC PRIVATE KEY-----\nMIIBkey\n-----END EC PRIVATE KEY-----\n';
  const eu = { 'daemon.eu': 'tcp://build-2' };
  const all = { ...eu, 'daemon.eu.ca': CA, 'daemon.eu.cert': CA, 'daemon.eu.key': KEY };

  test('stands in the file, and means TLS; its key is never shown', () => {
    const plan = planOf({ fields: { DockerHost: 'eu' }, settings: parse(all) });
    const origin = (part: string) => ({ kind: 'settings-file', name: `daemon.eu.${part}` });
    if (plan.daemon.kind !== 'tcp') throw new Error(plan.daemon.kind);
    const { ca, cert, key } = plan.daemon.tls?.pem ?? {};
    expect([ca, cert, key].map((one) => [one?.value.reveal(), one?.origin])).toEqual([
      [CA, origin('ca')],
      [CA, origin('cert')],
      [KEY, origin('key')],
    ]);
    expect(plan.daemon).toMatchObject({ port: 2376, tls: { verify: true, certPath: undefined } });
    expect(plan.secrets.map(({ name }) => name)).toEqual(['daemon.eu.key']);
  });

  test.each<[string, object, string]>([
    [
      'ca',
      { ...eu, 'daemon.eu.ca': 'x' },
      'holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----',
    ],
    [
      'key',
      { ...all, 'daemon.eu.key': CA },
      'holds no private key in PEM, which begins with -----BEGIN PRIVATE KEY-----',
    ],
    ['cert', { ...eu, 'daemon.eu.cert': CA }, 'has no .key beside it: a client certificate and its key go together'],
    ['key', { ...eu, 'daemon.eu.key': KEY }, 'has no .cert beside it: a client certificate and its key go together'],
    [
      'ca',
      { ...eu, 'daemon.eu.ca': CA, 'daemon.eu.certs': '/c' },
      'contradicts .certs: certificates are in a folder or here, not in both',
    ],
    ['ca', { 'daemon.eu.ca': CA }, 'has no daemon.eu beside it, which names the address'],
    ['ca', { 'daemon.eu': 'unix:///x', 'daemon.eu.ca': CA }, 'is for a daemon on tcp://: a socket crosses no network'],
    [
      'plaintext',
      { ...eu, 'daemon.eu.ca': CA, 'daemon.eu.plaintext': true },
      'contradicts .ca: certificates are for TLS',
    ],
    [
      'platform',
      { ...eu, 'daemon.eu.platform': 'arm' },
      '"arm" is not a platform: it looks like linux/arm64 or linux/arm/v7',
    ],
  ])('.%s of %j: %s', (part, settings, message) => {
    expect(problemsIn(() => parse(settings))).toEqual([`daemon.eu.${part} in ${PATH}: ${message}`]);
  });

  test('is refused as a property, and not quoted', () => {
    expect(problemsIn(() => merge({ ...eu, 'daemon.eu.key': KEY }))).toEqual([
      'gocd.ecr.daemon.eu.key: holds a key or a certificate, which the process list shows: put it in a file and name its folder in daemon.<name>.certs',
    ]);
  });
});
