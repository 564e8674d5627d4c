import fc from 'fast-check';
import { StepError } from '../../../src/domain/errors';
import type { TimedEvent } from '../../../src/domain/events';
import { FloodGate } from '../../../src/console/flood';
import { createJobConsole } from '../../../src/console/job-console';
import { ours, structure, type HiddenLine, type Line } from '../../../src/console/line';
import * as the from '../../golden/passages';
import {
  endedWith,
  FAILURE_FILES,
  pushedTag,
  Recording,
  RESULT,
  RESULT_FILES,
  runState,
  START,
} from '../../golden/recording';
import { GocdRing } from './gocd-ring';

const CUT = "cut here: GoCD's console would lose them without a word, the raw log has them";

function burst(total: number, ms: number, ok: boolean): readonly TimedEvent[] {
  const recording = the.npmBuild(the.contextSent(the.login(the.preflight(the.started(new Recording())))));
  for (let line = 1; line <= total; line++) {
    recording.report(the.output(5, `line ${line}\n`));
    if (line % 50 === 0) recording.wait((50 * ms) / total);
  }
  recording.report(the.stepEnded(5, false, !ok));
  if (ok) {
    the.cleaned(the.verified(the.pushed(the.built(recording))));
    const pushed = [pushedTag('1.42-3fa9c1d')];
    return recording.report(endedWith({ kind: 'pushed', result: RESULT, pushed }, RESULT_FILES)).events;
  }
  recording.report({ type: 'phase-ended', phase: 'build', ok: false });
  const error = new StepError('BUILD_RUN_FAILED', 'none', 'build', 'RUN npm run build ended with exit code 2');
  return recording.report(endedWith({ kind: 'failed', phase: 'build', error, state: runState() }, FAILURE_FILES))
    .events;
}

function throughRing(events: readonly TimedEvent[], drainPhase = 0): string[] {
  const ring = new GocdRing(START - drainPhase);
  let now = START;
  const console = createJobConsole({ print: (line) => ring.print(line, now), raw: () => undefined });
  for (const event of events) {
    now = event.at;
    ring.pass(now);
    console.report(event);
  }
  ring.drain();
  return ring.sent;
}

describe('50,000 lines through a ring of 10,240 that is drained every 10 s', () => {
  test('without flood control the head would be lost', () => {
    const ring = new GocdRing(START);
    for (let line = 1; line <= 50_000; line++) ring.print(`line ${line}`, START);
    ring.drain();
    expect(ring.sent).toHaveLength(10_240);
    expect(ring.sent[0]).toBe('line 39761');
  });

  test.each([
    ['at once', 500],
    ['in two seconds', 2_000],
    ['in half a minute', 30_000],
    ['in five minutes', 300_000],
  ])('a build that fails, %s: head, end and error are there', (_name, ms) => {
    for (const drainPhase of [0, 4_000, 9_900]) {
      const sent = throughRing(burst(50_000, ms, false), drainPhase);
      expect(sent[0]).toBe('shop/cart  build + push    gocd-ecr-task 1.4.0');
      expect(sent).toContain('    | line 1');
      const end = sent.indexOf('    | line 50000');
      const last = Array.from({ length: 200 }, (_, index) => `    | line ${49_801 + index}`);
      expect(sent.slice(end - 199, end + 1)).toEqual(last);
      expect(sent.slice(end)).toContain('Why:   RUN npm run build ended with exit code 2');
      expect(sent.at(-1)).toBe(
        'Details: ecr-image.failed.json, ecr-image.log (declare them as artifacts to keep them)',
      );
    }
  });

  test.each([500, 30_000])('a build that succeeds: likewise, in %d ms', (ms) => {
    const sent = throughRing(burst(50_000, ms, true));
    expect(sent[0]).toBe('shop/cart  build + push    gocd-ecr-task 1.4.0');
    expect(sent).toContain('    | line 1');
    expect(sent).toContain('    | line 50000');
    expect(sent.at(-1)).toMatch(/^\d.* files: ecr-image\.json ecr-image\.env ecr-image\.log$/);
  });

  test('a daemon that is lost in the middle of a step: likewise', () => {
    const events = burst(50_000, 1_000, false).filter(({ event }) => event.type !== 'step-ended');
    const sent = throughRing(events);
    const end = sent.indexOf('    | line 50000');
    expect(sent[end - 199]).toBe('    | line 49801');
    expect(sent[end + 1]).toMatch(/FAILED/);
  });

  test('what is shown and what is said to be cut add up', () => {
    const sent = throughRing(burst(50_000, 30_000, false));
    const shown = sent.filter((line) => line.startsWith('    | line ')).length;
    const notices = sent.filter((line) => line.endsWith(CUT));
    const cut = notices.map((line) => Number(/… ([\d,]+) lines of this step/.exec(line)?.[1]?.replaceAll(',', '')));
    expect(notices.length).toBeGreaterThan(1);
    expect(notices.length).toBeLessThan(10);
    expect(shown + cut.reduce((sum, lines) => sum + lines, 0)).toBe(50_000);
  });
});

type Passed = Exclude<Line, HiddenLine>;

function output(step: string, text: string): Passed {
  return { kind: 'text', rank: 'foreign', text, step };
}

test('never more than 5,000 lines in 10 s, and our own are all there', () => {
  const line = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(fc.constantFrom('1', '2', '3'), fc.integer({ min: 1, max: 4_000 })) },
    { weight: 1, arbitrary: fc.constant('structure' as const) },
    { weight: 1, arbitrary: fc.constant('ours' as const) },
    { weight: 1, arbitrary: fc.constant('failed' as const) },
    { weight: 1, arbitrary: fc.constant('ended' as const) },
  );
  const stream = fc.array(fc.tuple(line, fc.integer({ min: 0, max: 3_000 })), { maxLength: 60 });
  fc.assert(
    fc.property(stream, (events) => {
      const gate = new FloodGate();
      const printed: number[] = [];
      let at = START;
      let own = 0;
      const pass = (one: Passed): void => {
        for (const text of gate.pass(one, at)) {
          printed.push(at);
          if (text === 'ours') own++;
        }
      };
      for (const [what, pause] of events) {
        at += pause;
        if (what === 'ours') pass(ours('ours'));
        else if (what === 'structure') for (let index = 0; index < 300; index++) pass(structure('step'));
        else if (what === 'failed' || what === 'ended')
          pass({ kind: 'tail', step: '1', label: '[1/1] RUN', how: what });
        else for (let index = 0; index < what[1]; index++) pass(output(what[0], 'line'));
      }
      printed.push(...gate.rest(at).map(() => at));
      expect(own).toBe(events.filter(([what]) => what === 'ours').length);
      const crowded = printed.filter((time, index) => (printed[index + 5_000] ?? Infinity) < time + 10_000);
      expect(crowded).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

describe('the gate', () => {
  const fill = (gate: FloodGate, lines: number, step = '1'): number => {
    let printed = 0;
    for (let line = 1; line <= lines; line++) printed += gate.pass(output(step, `${step}: ${line}`), START).length;
    return printed;
  };

  test('foreign output has 4,000 lines in 10 s, and the next when there is room for many', () => {
    const gate = new FloodGate();
    expect(fill(gate, 6_000)).toBe(4_000);
    expect(gate.pass(output('1', 'still too early'), START + 10_000)).toEqual([]);
    const resumed = gate.pass(output('1', 'again'), START + 11_000);
    expect(resumed[0]).toBe(`    … 1,801 lines of this step ${CUT}`);
    expect(resumed.slice(1, 3)).toEqual(['1: 5802', '1: 5803']);
    expect(resumed.slice(-2)).toEqual(['still too early', 'again']);
    expect(resumed).toHaveLength(202);
  });

  test('what was stopped does not go on in a trickle', () => {
    const gate = new FloodGate();
    fill(gate, 100);
    for (let line = 0; line < 3_901; line++) gate.pass(output('1', 'x'), START + 5_000);
    expect(gate.pass(output('1', 'there would be room for 100'), START + 11_000)).toEqual([]);
    expect(gate.pass(output('2', 'a step that was not stopped'), START + 11_000)).toHaveLength(1);
  });

  test('structure has room when foreign output has none, and is counted when it has none', () => {
    const gate = new FloodGate();
    fill(gate, 5_000);
    for (let line = 0; line < 500; line++) expect(gate.pass(structure('step'), START)).toEqual(['step']);
    expect(gate.pass(structure('dropped'), START)).toEqual([]);
    expect(gate.pass(ours('the end'), START)).toEqual([`  … 1 line ${CUT}`, 'the end']);
  });

  test('a step that ends well says what was cut, in one line, and shows the end', () => {
    const gate = new FloodGate();
    fill(gate, 4_100);
    const told = gate.pass({ kind: 'tail', step: '1', label: '[1/1] RUN', how: 'ended' }, START);
    expect(told).toHaveLength(21);
    expect([told[0], told[1], told[20]]).toEqual([`    … 80 lines of this step ${CUT}`, '1: 4081', '1: 4100']);
    expect(gate.pass({ kind: 'tail', step: '1', label: '[1/1] RUN', how: 'ended' }, START)).toEqual([]);
  });

  test('a step that fails shows the last 200 lines and nothing twice', () => {
    const gate = new FloodGate();
    fill(gate, 4_500);
    const told = gate.pass({ kind: 'tail', step: '1', label: '[1/1] RUN', how: 'failed' }, START);
    expect(told).toHaveLength(201);
    expect([told[0], told[1], told[200]]).toEqual([`    … 300 lines of this step ${CUT}`, '1: 4301', '1: 4500']);
    const short = new FloodGate();
    fill(short, 30);
    expect(short.pass({ kind: 'tail', step: '1', label: '[1/1] RUN', how: 'failed' }, START)).toEqual([]);
  });

  test('the end of a failed step is repeated when other output has carried it away', () => {
    const gate = new FloodGate();
    fill(gate, 25, '1');
    fill(gate, 41, '2');
    const told = gate.pass({ kind: 'tail', step: '1', label: '[3/5] RUN npm test', how: 'failed' }, START);
    expect(told).toHaveLength(21);
    expect(told.slice(0, 2)).toEqual(['    the end of [3/5] RUN npm test once more:', '1: 6']);
    expect(told.at(-1)).toBe('1: 25');
  });

  test('what is held back when all ends is told', () => {
    const gate = new FloodGate();
    fill(gate, 4_002);
    expect(gate.rest(START + 20_000)).toEqual(['1: 4001', '1: 4002']);
    expect(gate.rest(START + 20_000)).toEqual([]);
  });
});
