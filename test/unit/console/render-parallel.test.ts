import { StepError } from '../../../src/domain/errors';
import type { PluginEvent } from '../../../src/domain/events';
import { ended, output, step, task, taskEnded } from '../../golden/buildkit-passages';
import { runState } from '../../golden/recording';
import { begin, end, HEAD, linesOf, STARTED } from './lines-of';

const ERROR = new StepError('BUILD_RUN_FAILED', 'none', 'build', 'it broke');

/** Beneath the heading of a build in a run that has started, so that time passes. */
function lines(...events: readonly (PluginEvent | number)[]): string[] {
  return linesOf(STARTED, begin('build'), ...events).slice(HEAD.length + 1);
}

test('the same number in two stages: the gutter names the stage', () => {
  expect(
    lines(
      step('build', 2, 'RUN one'),
      step('test', 2, 'RUN two'),
      output('build 2', 'from build\n'),
      output('test 2', 'from test\n'),
      output('build 2', 'from build again\n\n'),
      ended('test 2', 4_200),
      output('build 2', 'alone again\n'),
      ended('build 2', 5_100),
      step('build', 3, 'RUN three'),
      output('build 3', 'alone\n'),
    ),
  ).toEqual([
    '  [build 2/4] RUN one',
    '    | from build',
    '  [test 2/3] RUN two',
    '   test 2 | from test',
    '  build 2 | from build again',
    '  build 2 |',
    '  [test 2/3] done                                                      4.2 s',
    '  build 2 | alone again',
    '  [build 2/4] done                                                     5.1 s',
    '  [build 3/4] RUN three',
    '    | alone',
  ]);
});

test('a stage may be called anything', () => {
  const odd = `image    sha256:5c0e\nPUSHED ${'x'.repeat(40)}`;
  const named: PluginEvent = { ...step('x', 2, 'RUN x'), type: 'step-started', stage: odd } as PluginEvent;
  const other = step('test', 2, 'RUN two');
  expect(lines(other, output('test 2', 'a\n'), named, output('x 2', 'b\n'), output('test 2', 'c\n'))).toEqual([
    '  [test 2/3] RUN two',
    '    | a',
    '  [image-sha256…xxxxxxxxxxx 2] RUN x',
    '  image-sha256…xxxxxxxxxxx 2 | b',
    '                      test 2 | c',
  ]);
});

test('what another failure stopped has not failed, and what had said nothing has no line', () => {
  const events = [
    step('build', 3, 'RUN one'),
    step('test', 2, 'RUN two'),
    step('deps', 2, 'RUN three'),
    output('build 3', 'one\n'),
    output('test 2', 'two\n'),
    ended('test 2', 900, { failed: true }),
    1_000,
    end('build', false),
  ];
  expect(lines(...events).slice(4)).toEqual([
    '  [test 2/3] failed                                                    0.9 s',
    '  [build 3/4] stopped                                                  1.0 s',
    '  build failed                                                         1.0 s',
  ]);
});

test('the first that failed is the one', () => {
  const failed = { failed: true };
  const log = lines(
    step('build', 3, 'RUN one'),
    step('test', 2, 'RUN two'),
    ended('test 2', 900, failed),
    ended('build 3', 900, failed),
    { type: 'ended', outcome: { kind: 'failed', phase: 'build', error: ERROR, state: runState() }, files: [] },
  );
  expect(log).toContain('Step:  [test 2/3] RUN two');
  expect(log.filter((line) => line.includes('failed'))).toEqual([
    '  [test 2/3] RUN two failed                                            0.9 s',
    '  [build 3/4] RUN one failed                                           0.9 s',
  ]);
});

test("a daemon's own clock counts, where it tells", () => {
  expect(lines(step('build', 3, 'RUN one'), 1_000, ended('build 3', 60_000), end('build'))[0]).toBe(
    '  [build 3/4] RUN one                                                    1 m',
  );
});

describe('what a builder does besides the steps', () => {
  const NAME = '[internal] load metadata for docker.io/library/node:20';

  test('is told when it has lasted, and announced when it goes on', () => {
    expect(lines({ type: 'note', text: 'x' }, task(NAME), 1_900, taskEnded(NAME, 1_900))).toEqual(['  note     x']);
    expect(lines(task(NAME), 2_500, taskEnded(NAME, 2_400))).toEqual([
      '  builder  load metadata for docker.io/library/node:20                 2.4 s',
    ]);
    expect(lines(task('exporting to image'), 12_000, taskEnded('exporting to image', 11_900))).toEqual([
      '  builder  exporting to image …',
      '  builder  exporting to image                                         11.9 s',
    ]);
    expect(lines(task('exporting to image'), 12_000, taskEnded('exporting to image', 100)).at(-1)).toBe(
      '  builder  exporting to image                                          0.1 s',
    );
  });

  test('by our own clock where the daemon does not tell', () => {
    const over: PluginEvent = { type: 'task-ended', id: 'x', failed: false };
    expect(lines({ type: 'task-started', id: 'x', name: 'exporting\n layers' }, 3_000, over, over)).toEqual([
      '  builder  exporting layers                                            3.0 s',
    ]);
  });

  test('a failure of it is told when it was waited for: it need not be one of the build', () => {
    const over = (durationMs: number): PluginEvent => ({ type: 'task-ended', id: NAME, failed: true, durationMs });
    expect(lines({ type: 'note', text: 'x' }, task(NAME), over(100))).toEqual(['  note     x']);
    expect(lines({ type: 'note', text: 'x' }, task(NAME), over(2_000)).slice(1)).toEqual([
      '  builder  load metadata for docker.io/library/node:20 failed          2.0 s',
    ]);
  });
});

test.each<[readonly PluginEvent[], string]>([
  [[task('exporting to image'), step('build', 3, 'RUN make')], '[build 3/4] RUN'],
  [[task('exporting to image'), task('b')], 'exporting to image'],
])('after %j a sign of life names what has run longest', (events, subject) => {
  expect(lines(...events, 45_000).filter((line) => line.includes('without output'))).toEqual([
    expect.stringMatching(/^ {4}… \d+ s without output, /) as string,
  ]);
  expect(lines(...events, 45_000).at(-1)).toContain(`, ${subject} still going (Cancel stops it)`);
});
