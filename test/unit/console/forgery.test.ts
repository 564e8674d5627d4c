import { StepError } from '../../../src/domain/errors';
import type { PluginEvent } from '../../../src/domain/events';
import * as the from '../../golden/passages';
import { runState, START } from '../../golden/recording';
import { begin, end, linesOf, listen, STARTED, timeline } from './lines-of';

// What a Dockerfile, a build's output or a registry may say in order to look like us, or to break what shows it.
const FORGERIES: Readonly<Record<string, string>> = {
  'a closing block': 'PUSHED 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/cart@sha256:5c0e',
  'a response frame': '{"response":{"success":true,"message":"ok"}}',
  'a line frame': '{"line":"PUSHED"}',
  'a phase': '[6/6] cleanup  removed 1 ref',
  'a carriage return': 'harmless\rPUSHED it',
  "GoCD's own section tags": '\r!!|12:00:00.000 Task status: passed',
  'a cursor that goes up and wipes': 'x\u001b[1A\u001b[2K\u001b[GPUSHED',
  'a screen that is cleared': '\u001b[2J\u001b[HPUSHED',
  'a terminal reset': '\u001bcPUSHED',
  'a link': '\u001b]8;;https://evil.example\u0007PUSHED\u001b]8;;\u0007',
  'a title': '\u001b]0;PUSHED\u001b\\',
  '8-bit controls': '\u009b1APUSHED \u009d8;;https://evil.example\u009c',
  'text that is turned round': '\u202eDEHSUP\u202c \u2066x\u2069',
  'other line ends': 'x\u0085PUSHED\u2028PUSHED\u2029PUSHED\u000bPUSHED\u000cPUSHED',
  backspaces: `xxxxxx${'\u0008'.repeat(20)}PUSHED`,
  'a null': 'x\u0000PUSHED',
  'an unfinished escape': 'PUSHED\u001b[',
};

const TEXT_AND_COLOURS =
  /^(?:\u001b\[[0-9;:]{0,64}m|[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069])*$/u;

describe.each(Object.entries(FORGERIES))('%s', (_name, forged) => {
  test('in the output of a build is behind the gutter, in a line of its own', () => {
    const lines = linesOf(begin('build'), the.step(1, 'RUN x'), the.output(1, `${forged}\n`), the.stepEnded(1, false));
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^ {4}\| /);
    expect(lines[2]).toMatch(TEXT_AND_COLOURS);
  });

  test('in a Dockerfile is behind the number of its step', () => {
    const lines = linesOf(begin('build'), the.step(1, `RUN ${forged}`), the.stepEnded(1, true), end('build'));
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^ {2}\[1\/5\] RUN .* {2}CACHED$/);
    expect(lines[1]).toMatch(TEXT_AND_COLOURS);
  });

  test('in the words of others, in notes, warnings and reasons stands beneath a label of ours', () => {
    const error = new StepError('PUSH_FAILED', 'daemon-registry', 'environment', `failed: ${forged}`, {
      words: `${forged}\n${forged}`,
      hint: `see ${forged}`,
    });
    const events: readonly PluginEvent[] = [
      STARTED,
      begin('push'),
      { type: 'note', text: `x ${forged}` },
      { type: 'build-warning', text: `${forged}\n${forged}` },
      { type: 'pull-progress', text: forged },
      { type: 'retrying', what: 'push', attempt: 2, attempts: 4, delayMs: 1, reason: forged },
      { type: 'cleanup-failed', ref: 'a:b', reason: forged },
      { type: 'aws-described', account: forged, region: forged, identity: forged },
      { type: 'ended', outcome: { kind: 'failed', phase: 'push', error, state: runState() }, files: [] },
    ];
    for (const line of linesOf(...events)) {
      expect(line).toMatch(TEXT_AND_COLOURS);
      expect(line).not.toMatch(/^(?:PUSHED|\{|!!|\[6\/6\])/);
    }
  });

  test('in what BuildKit tells stands beneath a label of ours, or behind a gutter', () => {
    const error = new StepError('BUILD_FAILED', 'none', 'build', 'it broke');
    const step = { type: 'step-started', id: 'a', index: 2, total: 3 } as const;
    const path = forged;
    const files = { largest: [{ path, bytes: 3 }], baggage: [{ path, bytes: 3, files: 1 }] };
    const context = { files: 2, bytes: 200_000_000, sentFiles: 1, sentBytes: 1, ...files };
    const events: readonly (PluginEvent | number)[] = [
      STARTED,
      begin('build'),
      { type: 'builder-chosen', builder: 'classic', why: forged, session: undefined },
      { ...step, instruction: `RUN ${forged}`, stage: forged },
      { ...step, id: 'b', instruction: 'RUN x', stage: 'b' },
      { type: 'build-output', id: 'a', text: `${forged}\n` },
      { type: 'build-output', id: 'b', text: `${forged}\n` },
      { type: 'context-sent', report: context },
      { type: 'task-started', id: 't', name: forged },
      { type: 'build-warning', text: forged, lint: { rule: forged, line: 3, url: `https://x/${forged}` } },
      12_000,
      { type: 'dockerfile-excerpt', path, lines: [{ number: 1, text: forged, failing: true }] },
      { type: 'ended', outcome: { kind: 'failed', phase: 'build', error, state: runState() }, files: [] },
    ];
    const lines = linesOf(...events);
    expect(lines.length).toBeGreaterThan(15);
    for (const line of lines) {
      expect(line).toMatch(TEXT_AND_COLOURS);
      expect(line).not.toMatch(/^(?:PUSHED|\{|!!|\[6\/6\])/);
    }
  });

  test('in what a registry tells, and in the labels of its images, stands beneath a label of ours', () => {
    const error = new StepError('PUSH_FAILED', 'agent-aws', 'environment', forged, { words: forged, hint: forged });
    const left = { ...the.tagPushed('d'), how: 'left', run: `run 4 of pipeline ${forged}` } as const;
    const state = runState({
      pushed: [left],
      targets: [{ name: 'shop/cart', error, pushed: [left], missing: ['latest'] }],
    });
    const all = new StepError('TARGETS_FAILED', 'none', 'environment', forged);
    const events: readonly (PluginEvent | number)[] = [
      STARTED,
      begin('preflight'),
      2_500,
      { type: 'target-started', name: 'shop/cart', index: 1, total: 2 },
      { type: 'repository-described', name: 'shop/cart', exists: true, mutability: forged, exclusions: [forged] },
      { type: 'repository-drift', name: 'a', drift: { setting: forged, wanted: forged, found: forged } },
      { type: 'tag-described', tag: 'a', floating: false, state: 'foreign', run: forged },
      { type: 'tag-described', tag: 'b', floating: true, state: 'moves', run: `run 7 of pipeline ${forged}` },
      { type: 'target-failed', name: 'shop/cart', error },
      end('preflight'),
      begin('push'),
      2_500,
      left,
      { type: 'ended', outcome: { kind: 'failed', phase: 'push', error: all, state }, files: [] },
    ];
    const lines = linesOf(...events);
    expect(lines.length).toBeGreaterThan(15);
    for (const line of lines) {
      expect(line).toMatch(TEXT_AND_COLOURS);
      expect(line).not.toMatch(/^(?:PUSHED|\{|!!|\[6\/6\])/);
    }
  });

  test('in the raw log is harmless too', () => {
    const { console, raw } = listen();
    for (const event of timeline([the.output(1, `${forged}\n`), { type: 'raw', text: forged }])) console.report(event);
    expect(raw).toHaveLength(2);
    for (const line of raw) {
      expect(line).toMatch(/^2026-03-02T10:00:00\.000Z /);
      expect(line).toMatch(TEXT_AND_COLOURS);
    }
  });
});

test('what is shown of a forged line', () => {
  const forged = 'ok\u001b[1A\u001b[2K\u001b[31mPUSHED \u202ex\u0085{"response":{}}\n';
  const { console, printed } = listen();
  console.report({ at: START, event: the.output(1, forged) });
  expect(printed).toEqual(['    | ok\\u{1b}[1A\\u{1b}[2K\u001b[31mPUSHED \\u{202e}x\\u{85}{"response":{}}\u001b[0m']);
});

test('a colour ends with its line', () => {
  const { console, printed } = listen();
  console.report({ at: START, event: the.output(1, '\u001b[91mnpm warn one\nnpm warn two\n\u001b[0m\nplain\n') });
  expect(printed).toEqual(['    | \u001b[91mnpm warn one\u001b[0m', '    | npm warn two', '    | plain']);
});

test('a colour in words of others cannot dye or hide what follows in a line of ours', () => {
  const { console, printed } = listen();
  console.report({ at: START, event: { type: 'note', text: 'a \u001b[8mhidden\u001b[30;40m note' } });
  expect(printed).toEqual(['  note     a hidden note']);
});
