import { StepError, type Blame, type Hop, type StepErrorOptions } from '../../../src/domain/errors';
import type { PluginEvent } from '../../../src/domain/events';
import type { Phase } from '../../../src/domain/phase';
import { parseImageId } from '../../../src/domain/image-ref';
import type { RunState } from '../../../src/domain/outcome';
import * as the from '../../golden/passages';
import { digest, ENDPOINT, HOST, IDENTITY, pushedTag, RESULT, runState, tagged } from '../../golden/recording';
import { begin, linesOf, STARTED } from './lines-of';

interface Failure extends StepErrorOptions {
  readonly code?: StepError['code'];
  readonly hop?: Hop;
  readonly blame?: Blame;
  readonly phase?: Phase;
  readonly state?: Partial<RunState>;
}

function failed({
  code = 'PUSH_FAILED',
  hop = 'daemon-registry',
  blame = 'environment',
  phase = 'push',
  state,
  ...options
}: Failure): PluginEvent {
  const error = new StepError(code, hop, blame, 'it broke', options);
  return { type: 'ended', outcome: { kind: 'failed', phase, error, state: runState(state) }, files: [] };
}

/** The closing block, from its heading on. */
function block(...events: readonly (PluginEvent | number)[]): string[] {
  const lines = linesOf(STARTED, ...events);
  return lines.slice(lines.findIndex((line) => /^(?:FAILED|CANCELLED|TIMED OUT|PUSHED|BUILT|CHECK OK)/.test(line)));
}

function mutability(value: string): PluginEvent {
  return { type: 'repository-described', name: 'shop/cart', exists: true, mutability: value };
}

describe('the drawing', () => {
  test.each<[Hop, Partial<RunState>, string[]]>([
    [
      'agent-aws',
      { awsProven: undefined, registryProven: false },
      [
        '  agent  ──✗── AWS ECR',
        `  agent  ──✓── daemon    ${ENDPOINT} (Engine 29.1.3)`,
        `  daemon ──?── registry  ${HOST}, not tried`,
      ],
    ],
    [
      'agent-daemon',
      { daemonProven: undefined, registryProven: false },
      [`  agent  ──✓── AWS ECR   ${IDENTITY}`, '  agent  ──✗── daemon', `  daemon ──?── registry  ${HOST}, not tried`],
    ],
    [
      'agent-daemon',
      { awsProven: undefined, daemonProven: undefined, registry: undefined, registryProven: false },
      ['  agent  ──?── AWS ECR   not tried', '  agent  ──✗── daemon', '  daemon ──?── registry  not tried'],
    ],
    [
      'none',
      {},
      [
        `  agent  ──✓── AWS ECR   ${IDENTITY}`,
        `  agent  ──✓── daemon    ${ENDPOINT} (Engine 29.1.3)`,
        `  daemon ──✓── registry  ${HOST}`,
      ],
    ],
    ['none', { awsProven: undefined, daemonProven: undefined, registryProven: false }, []],
  ])('%s, %j', (hop, state, lines) => {
    expect(block(failed({ hop, state })).filter((line) => line.includes('──'))).toEqual(lines);
  });

  test('a token that has run out meanwhile', () => {
    const token: PluginEvent = { type: 'token-issued', registry: HOST, expiresAt: 0, refreshed: false };
    expect(block(token, failed({}))[1]).toBe(`  agent  ──✓── AWS ECR   ${IDENTITY}, token expired`);
  });
});

test.each<[Hop, Blame, string]>([
  ['agent-aws', 'environment', 'AWS says:'],
  ['agent-daemon', 'environment', 'The daemon says:'],
  ['daemon-registry', 'environment', 'The registry says:'],
  ['none', 'build', 'The daemon says:'],
  ['none', 'plugin', 'In its own words:'],
])('%s, %s: %s', (hop, blame, speaker) => {
  const lines = block(failed({ hop, blame, words: 'first\n\nlast\n', hint: 'do this\nor that' }));
  const from = lines.indexOf(speaker);
  expect(lines.slice(from, from + 7)).toEqual([
    speaker,
    '  | first',
    '  |',
    '  | last',
    'Why:   it broke',
    'Fix:   do this',
    '       or that',
  ]);
});

test('many words are cut, and that is told', () => {
  const lines = block(failed({ words: Array.from({ length: 100 }, (_, index) => `word ${index}`).join('\n') }));
  expect(lines).toContain('  | word 59');
  expect(lines).toContain('  … 40 lines more');
  expect(lines).not.toContain('  | word 60');
});

describe('state', () => {
  const some = { pushed: [pushedTag('1.42')], missing: ['latest'] };
  const rerun = (...events: readonly PluginEvent[]): string[] => {
    const lines = block(...events);
    const from = lines.findIndex((line) => line.startsWith('State: '));
    return lines.slice(from).map((line) => line.slice('State: '.length));
  };

  test('before the push', () => {
    expect(rerun(failed({ phase: 'build' }))).toEqual(['nothing was pushed; a rerun is safe']);
  });

  test('no tag', () => {
    expect(rerun(failed({ state: { missing: ['latest'] } }))).toEqual(['latest is not pushed', 'a rerun is safe']);
  });

  test('some tags, and what the others still name', () => {
    const latest: PluginEvent = { type: 'tag-described', tag: 'latest', taken: true, digest: digest('aa10') };
    expect(rerun(mutability('MUTABLE'), latest, failed({ state: some }))).toEqual([
      '1.42 is pushed (sha256:5c0e01234567…)',
      'latest is not pushed, it still names sha256:aa1001234567…',
      'a rerun builds and pushes all tags again, and is safe',
    ]);
  });

  test('where tags are immutable, or may be', () => {
    expect(rerun(mutability('IMMUTABLE'), failed({ state: some })).at(-1)).toBe(
      'a rerun builds and pushes all tags again; the repository is immutable and may refuse 1.42',
    );
    expect(rerun(failed({ state: some })).at(-1)).toBe(
      'a rerun builds and pushes all tags again, and is safe unless the tags of this repository are immutable',
    );
  });

  test('all tags, and a failure after that', () => {
    expect(
      rerun(mutability('MUTABLE'), failed({ phase: 'verify', state: { pushed: [pushedTag('a')], missing: [] } })),
    ).toEqual(['a is pushed (sha256:5c0e01234567…)', 'a rerun builds and pushes all tags again, and is safe']);
  });

  test.each<[Failure, string]>([
    [
      { hop: 'agent-daemon', code: 'DAEMON_CONNECTION_LOST' },
      'latest was on its way, it may name the new image already',
    ],
    [{ code: 'DIGEST_FOREIGN' }, 'latest names another image than this one now'],
    [{ code: 'PUSH_DENIED' }, 'latest is not pushed'],
  ])('a tag that was on its way: %j', (failure, line) => {
    const lines = rerun(begin('push'), the.layer('a', 'pushing', 1, 2, 'latest'), failed({ ...failure, state: some }));
    expect(lines[1]).toBe(line);
  });
});

test('a cancel before anything was done', () => {
  const state = runState({ awsProven: undefined, daemonProven: undefined, registryProven: false, missing: ['a'] });
  expect(block({ type: 'ended', outcome: { kind: 'cancelled', phase: undefined, state }, files: ['a.log'] })).toEqual([
    'CANCELLED after 0.0 s before anything was done',
    'State: nothing was pushed; a rerun is safe',
    'Details: a.log (declare it as an artifact to keep it)',
  ]);
});

test('refs that the clean-up had to leave', () => {
  const lines = block({ type: 'cleanup-failed', ref: the.RUN_REF, reason: 'timeout' }, the.removed(0, []), failed({}));
  expect(lines.slice(-2)).toEqual(['Cleanup: nothing to remove', `Left:  ${the.RUN_REF} on the daemon: timeout`]);
});

test('pushes of different digests are told apart, and what is not known is not told', () => {
  const pushed = [
    pushedTag('a'),
    pushedTag('bb', digest('aa10')),
    { ref: tagged('c'), digest: digest('ffff'), previous: undefined },
  ];
  const imageId = parseImageId(`sha256:${'7'.repeat(64)}`);
  const bases = [
    { ref: 'scratchy:1', digest: undefined, imageId: undefined },
    { ref: 'imported:1', digest: undefined, imageId },
  ];
  const result = { ...RESULT, bases };
  const lines = block({ type: 'ended', outcome: { kind: 'pushed', result, pushed }, files: [] });
  expect(lines).toEqual([
    `PUSHED ${HOST}/shop/cart@${digest('5c0e')}`,
    '  tags     a',
    `           bb  moved from ${digest('aa10')}`,
    `PUSHED ${HOST}/shop/cart@${digest('ffff')}`,
    '  tags     c',
    `  image    ${RESULT.imageId}`,
    `           182 MB, linux/amd64, by the classic builder on ${ENDPOINT}`,
    '  bases    scratchy:1',
    `           imported:1 (image sha256:${'7'.repeat(64)}, never pulled)`,
    '0.0 s',
  ]);
});

test('an outcome without a start', () => {
  expect(linesOf({ type: 'ended', outcome: { kind: 'checked' }, files: ['a'] })).toEqual([
    'CHECK OK   every hop answered; nothing was built or pushed',
    'files: a',
  ]);
});
