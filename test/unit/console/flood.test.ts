import { StepError } from '../../../src/domain/errors';
import type { TimedEvent } from '../../../src/domain/events';
import { createJobConsole } from '../../../src/console/job-console';
import * as kit from '../../golden/buildkit-passages';
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

  test('two noisy steps side by side, one fails: its last 200 lines are there, and whose they are', () => {
    const recording = kit.upToBuild().report(kit.step('build', 3, 'RUN a'), kit.step('test', 2, 'RUN b'));
    for (let line = 1; line <= 25_000; line += 5) {
      for (const id of ['build 3', 'test 2']) {
        recording.report(kit.output(id, `line ${line}\nline ${line + 1}\nline ${line + 2}\n`));
        recording.report(kit.output(id, `line ${line + 3}\nline ${line + 4}\n`));
      }
      recording.wait(1);
    }
    recording.report(kit.ended('test 2', 5_000, { failed: true }), { type: 'phase-ended', phase: 'build', ok: false });
    const error = new StepError('BUILD_RUN_FAILED', 'none', 'build', 'RUN b ended with exit code 2');
    const outcome = { kind: 'failed', phase: 'build', error, state: runState() } as const;
    const sent = throughRing(recording.report(endedWith(outcome, FAILURE_FILES)).events);
    const failed = sent.findIndex((line) => line.startsWith('  [test 2/3] \u001b[31mfailed'));
    const last = Array.from({ length: 200 }, (_, index) => `   test 2 | line ${24_801 + index}`);
    expect(sent.slice(failed - 200, failed)).toEqual(last);
    expect(sent[failed - 201]).toMatch(/^ {4}… [\d,]+ lines of \[test 2\/3\] cut here: /);
    expect(sent[failed + 1]).toMatch(/^ {4}… [\d,]+ lines of \[build 3\/4\] cut here: /);
    expect(sent[failed + 2]).toMatch(/^ {2}\[build 3\/4\] \S*stopped/);
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
