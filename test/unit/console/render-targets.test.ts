import { StepError, type ErrorCode, type Hop } from '../../../src/domain/errors';
import type { PluginEvent } from '../../../src/domain/events';
import type { Outcome, RunState, TargetState } from '../../../src/domain/outcome';
import * as the from '../../golden/passages';
import { digest, ENDPOINT, HOST, IDENTITY, pushedTag, runState, START, tagged } from '../../golden/recording';
import { aws, daemon, inOther, MAIN, OTHER, OTHER_HOST, repository, tag, target } from '../../golden/registry-passages';
import { begin, end, HEAD, linesOf, STARTED } from './lines-of';

function fault(code: ErrorCode, hop: Hop, hint?: string): StepError {
  return new StepError(code, hop, 'environment', `${code} it is`, hint === undefined ? {} : { hint });
}

const AWS_LINE = `  aws      111122223333 eu-west-1 ${IDENTITY}`;
const ECR_LINE = '  ecr      shop/cart exists; its tags can move';

describe('on the way', () => {
  test('the lines of a target stand together, beneath those of the daemon', () => {
    const events = [
      target(MAIN, 1),
      aws(),
      repository(),
      tag('a', 'free'),
      target(OTHER, 2),
      aws(),
      repository(),
      tag('a', 'moves', { run: 'run 41' }),
    ];
    const note: PluginEvent = { type: 'note', text: 'one' };
    const lines = linesOf(begin('preflight'), ...events, daemon(), the.CLASSIC, note, end('preflight'));
    expect(lines.slice(4, -1)).toEqual([
      '  builder  classic (the daemon has no BuildKit: it answered POST /session with 404)',
      `  target   1 of 2: ${MAIN}`,
      AWS_LINE,
      ECR_LINE,
      '  tags     a is free',
      `  target   2 of 2: ${OTHER}`,
      AWS_LINE,
      ECR_LINE,
      '  tags     a moves from run 41',
      '  note     one',
    ]);
  });

  test('a heading is there once in a phase, and only where lines of a target follow', () => {
    const tags = ['a', 'b'].flatMap((name) => [
      the.tagPushed(name),
      { ...the.tagPushed(name), ...inOther(pushedTag(name)) },
    ]);
    const refused: PluginEvent = { type: 'tag-refused', ref: inOther(pushedTag('c')).ref };
    const lines = linesOf(
      target(MAIN, 1),
      begin('login'),
      target(MAIN, 1),
      end('login'),
      begin('push'),
      ...tags,
      refused,
    );
    expect(lines).toEqual([
      'login    ok                                                            0.0 s',
      'push',
      `  target   ${MAIN}`,
      '  tag a: pushed',
      `  target   ${OTHER}`,
      '  tag a: pushed',
      `  target   ${MAIN}`,
      '  tag b: pushed',
      `  target   ${OTHER}`,
      '  tag b: pushed',
      '  tag c: not pushed',
    ]);
  });

  test('a target that fails', () => {
    const error = fault('ECR_REPOSITORY_MISSING', 'agent-aws');
    const failed: PluginEvent = { type: 'target-failed', name: OTHER, error };
    expect(linesOf(begin('preflight'), daemon(), the.CLASSIC, target('shop/cart', 2), aws(), failed).slice(5)).toEqual([
      '  target   2 of 2: shop/cart',
      AWS_LINE,
      '  failed   ECR_REPOSITORY_MISSING: ECR_REPOSITORY_MISSING it is',
    ]);
    expect(linesOf(target(OTHER, 2), begin('push'), the.tagPushed('a'), failed)).toEqual([
      'push',
      `  target   ${MAIN}`,
      '  tag a: pushed',
      `  target   ${OTHER}`,
      '  failed   ECR_REPOSITORY_MISSING: ECR_REPOSITORY_MISSING it is',
    ]);
  });

  test('tokens and logins name their registry', () => {
    const token = (registry: string, ms: number, refreshed = false): PluginEvent => ({
      type: 'token-issued',
      registry,
      expiresAt: START + ms,
      refreshed,
    });
    const login = (registry: string, accepted: boolean): PluginEvent => ({ type: 'daemon-login', registry, accepted });
    const events = [
      token(HOST, 60_000),
      login(HOST, true),
      login(OTHER_HOST, false),
      token(OTHER_HOST, 0),
      token(HOST, 120_000, true),
    ];
    expect(linesOf(target(MAIN, 1), begin('login'), ...events).slice(1)).toEqual([
      `  ${HOST}: token valid 1 m; the daemon's login was accepted`,
      `  ${OTHER_HOST}: the daemon's login was refused`,
      `  ${OTHER_HOST}: the token had expired when it arrived`,
      `  ${HOST}: new token valid 2 m`,
    ]);
  });

  test('a layer is pushed to each registry, and progress says to which', () => {
    const layer = (host: string, state: 'present' | 'pushing'): PluginEvent => ({
      type: 'layer',
      ref: { ...tagged('a'), repository: { host, path: 'shop/cart' } },
      id: 'a1',
      state,
      ...(state === 'pushing' ? { currentBytes: 5_000_000, totalBytes: 9_000_000 } : {}),
    });
    const events = [layer(HOST, 'present'), layer(OTHER_HOST, 'pushing')];
    expect(
      linesOf(STARTED, target(OTHER, 2), begin('push'), ...events, 10_500, end('push', false)).slice(HEAD.length),
    ).toEqual([
      '[4/6] push',
      `  pushing ${OTHER}:a: 1 of 2 layers, 5.0 MB of 9.0 MB`,
      '  push failed; 2 layers: 1 present, 1 unfinished                      10.5 s',
    ]);
  });
});

describe('at the end', () => {
  const done: TargetState = { name: MAIN, error: undefined, pushed: [pushedTag('a'), pushedTag('b')], missing: [] };
  const denied = fault('PUSH_DENIED', 'daemon-registry', 'Allow it');
  const half: TargetState = { name: OTHER, error: denied, pushed: [inOther(pushedTag('a'))], missing: ['b'] };

  function block(outcome: Outcome, ...before: readonly PluginEvent[]): string[] {
    const lines = linesOf(STARTED, target(MAIN, 1), ...before, { type: 'ended', outcome, files: [] });
    return lines.slice(lines.findIndex((line) => /^(?:FAILED|CANCELLED)/.test(line)));
  }

  function failed(targets: readonly TargetState[], state: Partial<RunState> = {}, error?: StepError): Outcome {
    const all = error ?? fault('TARGETS_FAILED', 'none', 'see each');
    const pushed = targets.flatMap((one) => one.pushed);
    return { kind: 'failed', phase: 'push', error: all, state: runState({ pushed, targets, ...state }) };
  }

  test('a table of what is where, and each reason whole', () => {
    const foreign = fault('TAG_FOREIGN', 'none');
    const none: TargetState = { name: 'shop/cart', error: foreign, pushed: [], missing: ['a', 'b'] };
    const tags = [target('shop/cart', 3), tag('a', 'foreign', { digest: digest('dd40'), run: 'run 41' })];
    expect(block(failed([done, half, none], { registry: OTHER_HOST }), ...tags)).toEqual([
      'FAILED after 0.0 s   TARGETS_FAILED   2 of 3 targets',
      `  agent  ──✓── AWS ECR   ${IDENTITY}`,
      `  agent  ──✓── daemon    ${ENDPOINT} (Engine 29.1.3)`,
      `  daemon ──✗── registry  ${OTHER_HOST}`,
      'Targets:',
      `  ok       ${MAIN}  there a, b`,
      `  failed   ${OTHER}  PUSH_DENIED; there a; missing b`,
      `  failed   ${'shop/cart'.padEnd(MAIN.length)}  TAG_FOREIGN; missing a, b`,
      `Target: ${OTHER}   PUSH_DENIED   hop: daemon → registry`,
      'Why:   PUSH_DENIED it is',
      'Fix:   Allow it',
      'State: a is pushed (sha256:5c0e01234567…)',
      '       b is not pushed',
      '       a rerun is safe, and does only what is missing',
      'Target: shop/cart   TAG_FOREIGN',
      'Why:   TAG_FOREIGN it is',
      'State: a is not pushed, it still names sha256:dd4001234567… (run 41)',
      '       b is not pushed',
      '       a rerun ends the same way, as long as that is so',
    ]);
  });

  test('whole references are as good as tags, and many tags are cut', () => {
    const missing = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name) => `${OTHER}:${name}`);
    const left = { ...inOther(pushedTag('z')), how: 'left' } as const;
    const many = { ...half, pushed: [...half.pushed, left], missing };
    expect(block(failed([many]))[5]).toBe(
      `  failed   ${OTHER}  PUSH_DENIED; there a; left alone z; missing b, c, d, e, f, g and 2 more`,
    );
  });

  test('a push that was on its way when the daemon went', () => {
    const lost = fault('DAEMON_CONNECTION_LOST', 'agent-daemon');
    const layer: PluginEvent = { type: 'layer', id: 'a1', state: 'pushing', ref: inOther(pushedTag('b')).ref };
    const one = { ...half, error: lost };
    expect(block(failed([done, one]), layer)).toContain('       b was on its way, it may name the new image already');
    const state = { missing: [`${OTHER}:b`] };
    expect(block(failed([done, { ...half, error: undefined }], state, lost), layer).slice(4)).toEqual([
      'Why:   DAEMON_CONNECTION_LOST it is',
      'Targets:',
      `  ok       ${MAIN}  there a, b`,
      `  not done ${OTHER}  there a; missing b`,
      `State: ${OTHER}:b was on its way, it may name the new image already`,
      '       a rerun is safe, and does only what is missing',
    ]);
  });

  test('before anything was pushed there is no table', () => {
    const untouched = [MAIN, OTHER].map((name) => ({ name, error: undefined, pushed: [], missing: ['a'] }));
    const outcome = { ...failed(untouched, {}, fault('BUILD_FAILED', 'none')), phase: 'build' } as Outcome;
    expect(block(outcome).slice(4)).toEqual([
      'Why:   BUILD_FAILED it is',
      'State: nothing was pushed; a rerun is safe',
    ]);
  });

  test('without a word of what failed where', () => {
    expect(block(failed([]))).toEqual([
      'FAILED after 0.0 s in push   TARGETS_FAILED',
      'Why:   TARGETS_FAILED it is',
      'Fix:   see each',
      'State: 1.42-3fa9c1d is not pushed',
      '       stable is not pushed',
      '       latest is not pushed',
      '       a rerun is safe',
    ]);
  });

  test('where nothing was to be pushed', () => {
    const lines = block(failed([done, half]), { ...STARTED, mode: 'check' });
    expect(lines.at(-1)).toBe('State: nothing was pushed; a rerun is safe');
  });

  test('a cancel between two targets', () => {
    const targets = [done, { ...half, error: undefined, pushed: [] }];
    const state = runState({ pushed: done.pushed, targets });
    expect(block({ kind: 'cancelled', phase: 'verify', state }).slice(4)).toEqual([
      'Targets:',
      `  ok       ${MAIN}  there a, b`,
      `  not done ${OTHER}  missing b`,
      'State: a rerun is safe, and does only what is missing',
    ]);
  });
});
