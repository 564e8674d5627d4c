import { planOf, problemsOf } from './given';

describe('Ssh', () => {
  const job = { SSH_AUTH_SOCK: '/run/job/agent.sock' };
  const agent = { SSH_AUTH_SOCK: '/run/agent/agent.sock' };
  const field = { kind: 'field', name: 'Ssh' };
  const ofJob = { value: job.SSH_AUTH_SOCK, origin: { kind: 'job-variable', name: 'SSH_AUTH_SOCK' } };
  const ofAgent = { value: agent.SSH_AUTH_SOCK, origin: { kind: 'agent-environment', name: 'SSH_AUTH_SOCK' } };

  test.each<[string, object, object[]]>([
    ['default', { job, agent }, [{ id: 'default', socketPath: ofJob }]],
    ['default', { agent }, [{ id: 'default', socketPath: ofAgent }]],
    ['default=', { agent }, [{ id: 'default', socketPath: ofAgent }]],
    ['default', { job: { SSH_AUTH_SOCK: '' }, agent }, [{ id: 'default', socketPath: ofAgent }]],
    ['default = ${SSH_AUTH_SOCK}', { job, agent }, [{ id: 'default', socketPath: ofJob }]],
    [
      '${WHO}=/run/x.sock',
      { job: { WHO: 'github' } },
      [{ id: 'github', socketPath: { value: '/run/x.sock', origin: field } }],
    ],
    [
      'default\n\ngit.example.com=/run/x.sock',
      { job },
      [
        { id: 'default', socketPath: ofJob },
        { id: 'git.example.com', socketPath: { value: '/run/x.sock', origin: field } },
      ],
    ],
  ])('%j', (text, given, found) => {
    expect(planOf({ fields: { Ssh: text }, ...given }).build.ssh).toEqual(found);
  });

  test('a line that an expansion leaves empty is left out, and told', () => {
    const { build, notes } = planOf({ fields: { Ssh: '${MORE:-}' } });
    expect([build.ssh, notes]).toEqual([[], ['Ssh: line 1 is empty and is left out']]);
  });

  const NO_KEYS =
    'keys are not read: load the key into an ssh-agent (ssh-add) and name its socket, or nothing where SSH_AUTH_SOCK does';
  test.each<[string, string]>([
    [
      'default',
      'line 1 (default): neither the job nor the agent has SSH_AUTH_SOCK: start an ssh-agent and load the key, or write default=/path/of/agent.sock',
    ],
    [
      'a b=/x',
      'line 1 begins with "a b", which is not an id: letters, digits, `_`, `.` and `-`; a line is default or default=/path/of/agent.sock',
    ],
    [
      '=/run/x.sock',
      'line 1 begins with "", which is not an id: letters, digits, `_`, `.` and `-`; a line is default or default=/path/of/agent.sock',
    ],
    ['default=~/.ssh/agent', `line 1 names "~/.ssh/agent", which looks like a key; ${NO_KEYS}`],
    ['default=/home/go/.ssh/deploy', `line 1 names "/home/go/.ssh/deploy", which looks like a key; ${NO_KEYS}`],
    ['default=keys/id_ed25519', `line 1 names "keys/id_ed25519", which looks like a key; ${NO_KEYS}`],
    ['default=/keys/deploy.PEM', `line 1 names "/keys/deploy.PEM", which looks like a key; ${NO_KEYS}`],
    ['default=/a,/b', `line 1 names several files; ${NO_KEYS}`],
    [
      'default=agent.sock',
      `line 1 names "agent.sock", which is not the absolute path of an agent's socket; ${NO_KEYS}`,
    ],
    [
      'default=${DIR}/agent.sock',
      'line 1 names "${DIR}/agent.sock": the path of a socket is typed as it is, or is ${SSH_AUTH_SOCK} and nothing else',
    ],
    [
      `default=/${'x'.repeat(107)}`,
      `line 1 names "/${'x'.repeat(99)}…", which is longer than the 107 bytes of a socket's path`,
    ],
    ['a=/run/x.sock\na=/run/y.sock', 'line 2 names "a", and so does line 1'],
    ['a=/run/${NONE}', '"${NONE}" names a variable that neither the job nor the agent has'],
  ])('%j: %s', (text, problem) => {
    expect(problemsOf({ fields: { Ssh: text }, job: { DIR: '/run/user/1000' } })).toEqual([`Ssh: ${problem}`]);
  });

  test('a variable that holds no path', () => {
    expect(problemsOf({ fields: { Ssh: 'default' }, agent: { SSH_AUTH_SOCK: 'agent.sock' } })).toEqual([
      'Ssh: line 1 (default): agent environment SSH_AUTH_SOCK does not hold an absolute path',
    ]);
  });
});
