import { StepError, type Blame, type Hop, type StepErrorOptions } from '../../../src/domain/errors';
import type { PluginEvent } from '../../../src/domain/events';
import type { Phase } from '../../../src/domain/phase';
import type { RunState } from '../../../src/domain/outcome';
import * as the from '../../golden/passages';
import { digest, ENDPOINT, HOST, IDENTITY, pushedTag, runState } from '../../golden/recording';
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

  const LATEST: Extract<PluginEvent, { type: 'tag-described' }> = {
    type: 'tag-described',
    tag: 'latest',
    floating: true,
    state: 'moves',
  };

  test('some tags, and what the others still name', () => {
    const latest: PluginEvent = { ...LATEST, digest: digest('aa10') };
    const lines = [
      '1.42 is pushed (sha256:5c0e01234567…)',
      'latest is not pushed, it still names sha256:aa1001234567…',
      'a rerun is safe, and does only what is missing',
    ];
    expect(rerun(latest, failed({ state: some }))).toEqual(lines);
    expect(rerun({ ...latest, run: 'run 41' }, failed({ state: some }))).toEqual(
      lines.with(1, 'latest is not pushed, it still names sha256:aa1001234567… (run 41)'),
    );
  });

  test('where the task says what a rerun does', () => {
    const started: PluginEvent = { ...STARTED, fieldsSet: [{ name: 'ExistingTag' }] };
    expect(rerun(started, failed({ state: some })).at(-1)).toBe(
      'a rerun does with the tags that are there as field ExistingTag says',
    );
  });

  test('each way in which a tag is there', () => {
    const left: PluginEvent = { ...the.tagPushed('d'), digest: digest('cc30'), how: 'left', run: 'run 43' };
    const pushed = [
      pushedTag('a'),
      pushedTag('b', undefined, { how: 'put' }),
      pushedTag('c', undefined, { how: 'present' }),
      pushedTag('d', undefined, { how: 'left', digest: digest('cc30') }),
    ];
    expect(rerun(left, failed({ phase: 'verify', state: { pushed, missing: [] } }))).toEqual([
      'a is pushed (sha256:5c0e01234567…)',
      'b is put beside it (sha256:5c0e01234567…)',
      'c was there already (sha256:5c0e01234567…)',
      `d is left at run 43, which is later (${digest('cc30')})`,
      'a rerun is safe, and does only what is missing',
    ]);
  });

  test.each(['TAG_EXISTS', 'TAG_FOREIGN', 'TAG_IMMUTABLE'] as const)('%s: the next run finds it as well', (code) => {
    const taken: PluginEvent = { ...LATEST, state: 'foreign', digest: digest('aa10'), run: 'run 41' };
    const lines = [
      'latest is not pushed, it still names sha256:aa1001234567… (run 41)',
      'a rerun ends the same way, as long as that is so',
    ];
    const state = { missing: ['latest'] };
    expect(rerun(taken, failed({ code, phase: 'preflight', state }))).toEqual(['nothing was pushed', ...lines]);
    expect(rerun(taken, failed({ code, state: some }))).toEqual(['1.42 is pushed (sha256:5c0e01234567…)', ...lines]);
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

test('an outcome without a start', () => {
  expect(linesOf({ type: 'ended', outcome: { kind: 'checked' }, files: ['a'] })).toEqual([
    'CHECK OK   every hop answered; nothing was built or pushed',
    'files: a',
  ]);
});
