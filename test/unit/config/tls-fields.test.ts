import { planOf, problemsOf, type Given } from './given';

const CA = '-----BEGIN CERTIFICATE-----\nMIIBca\n-----END CERTIFICATE-----';
const CERT = '-----BEGIN CERTIFICATE-----\nMIIBcert\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nMIIBkey\n-----END PRIVATE KEY-----';
const job = { CA_PEM: CA, CERT_PEM: CERT, KEY_PEM: KEY };
const fields = {
  DockerHost: 'tcp://build-2:2376',
  TlsVerify: 'true',
  TlsCa: 'CA_PEM',
  TlsCert: 'CERT_PEM',
  TlsKey: 'KEY_PEM',
};

function pemOf(given: Given): unknown {
  const { daemon } = planOf(given);
  if (daemon.kind !== 'tcp') throw new Error(daemon.kind);
  const { ca, cert, key } = daemon.tls?.pem ?? {};
  return [ca, cert, key].map((one) => one && [one.value.reveal(), one.origin]);
}

const from = (name: string) => ({ kind: 'job-variable', name });

test('variables of the job instead of a folder; the key is a secret, whatever its variable is called', () => {
  expect(pemOf({ fields, job })).toEqual([
    [`${CA}\n`, from('CA_PEM')],
    [`${CERT}\n`, from('CERT_PEM')],
    [`${KEY}\n`, from('KEY_PEM')],
  ]);
  const named = planOf({ fields: { ...fields, TlsKey: 'BUILDERS' }, job: { ...job, BUILDERS: KEY } });
  expect(named.secrets.find(({ name }) => name === 'BUILDERS')?.value.reveal()).toBe(KEY);
  expect(named.daemon).toMatchObject({ tls: { certPath: undefined, verify: true } });
});

test('the authority alone, and line ends as variables often hold them', () => {
  const given = { fields: { ...fields, TlsCert: '', TlsKey: '' }, job: { CA_PEM: CA.replaceAll('\n', '\\n') } };
  expect(pemOf(given)).toEqual([[`${CA}\n`, from('CA_PEM')], undefined, undefined]);
});

test.each<[string, Given, readonly string[]]>([
  [
    'no such variable',
    { fields, job: { CA_PEM: CA, CERT_PEM: CERT, KEY_PM: KEY } },
    ['TlsKey: the job has no variable KEY_PEM; there is KEY_PM'],
  ],
  [
    'of the agent',
    { fields, job: { CA_PEM: CA, CERT_PEM: CERT }, agent: { KEY_PEM: KEY } },
    ["TlsKey: the job has no variable KEY_PEM; the agent's is not used, because secrets come from the job"],
  ],
  ['empty', { fields, job: { ...job, CA_PEM: ' ' } }, ['TlsCa: job variable CA_PEM is empty']],
  [
    'no PEM, not quoted',
    { fields, job: { CA_PEM: 'hunter22', CERT_PEM: KEY, KEY_PEM: CERT } },
    [
      'TlsCa: job variable CA_PEM holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----',
      'TlsCert: job variable CERT_PEM holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----',
      'TlsKey: job variable KEY_PEM holds no private key in PEM, which begins with -----BEGIN PRIVATE KEY-----',
    ],
  ],
  [
    'a passphrase',
    {
      fields,
      job: { ...job, KEY_PEM: '-----BEGIN ENCRYPTED PRIVATE KEY-----\nx\n-----END ENCRYPTED PRIVATE KEY-----' },
    },
    [
      'TlsKey: job variable KEY_PEM holds a private key with a passphrase, and nobody is there to type it: use one without',
    ],
  ],
  [
    'no name',
    { fields: { ...fields, TlsCa: 'a b' }, job },
    ['TlsCa: "a b" is not the name of a variable: letters, digits, `_`, `.` and `-`'],
  ],
  [
    'without its key',
    { fields: { ...fields, TlsKey: '' }, job },
    ['TlsCert: is set without TlsKey: a client certificate and its key go together'],
  ],
  [
    'without its certificate',
    { fields: { ...fields, TlsCert: '' }, job },
    ['TlsKey: is set without TlsCert: a client certificate and its key go together'],
  ],
  [
    'and a folder',
    { fields: { ...fields, CertPath: 'certs' }, job },
    ['TlsCa: contradicts CertPath certs: certificates are in a folder or in variables, not in both'],
  ],
  [
    'and no TLS',
    { fields: { ...fields, TlsVerify: 'false', DockerHost: 'tcp://127.0.0.1:2375' }, job },
    ['TlsCa: contradicts TlsVerify false: certificates are for TLS'],
  ],
  [
    'nothing switches TLS on',
    { fields: { ...fields, TlsVerify: '' }, job },
    [
      'TlsCa: job variable CA_PEM holds a certificate for tcp://build-2:2376 (field DockerHost), and nothing switches TLS on: set TlsVerify=true',
    ],
  ],
  [
    'a socket',
    { fields: { ...fields, TlsVerify: '', DockerHost: 'unix:///d.sock' }, job },
    ['TlsCa: contradicts DockerHost unix:///d.sock: a socket has no TLS'],
  ],
  [
    'ssh',
    { fields: { ...fields, TlsVerify: '', DockerHost: 'ssh://go@b' }, job },
    ['TlsCa: contradicts DockerHost ssh://go@b: ssh has keys of its own, and no TLS'],
  ],
  [
    "the agent's daemon",
    { fields: { TlsCa: 'CA_PEM' }, job, agent: { DOCKER_HOST: 'tcp://b:2376', DOCKER_TLS_VERIFY: '1' } },
    [
      "TlsCa: job variable CA_PEM is the task's, and the daemon is tcp://b:2376 (agent environment DOCKER_HOST): an address and its certificates come from one side, so set DockerHost too",
    ],
  ],
])('%s', (_what, given, problems) => {
  expect(problemsOf(given)).toEqual(problems);
});
