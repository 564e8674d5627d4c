import type { PluginEvent } from '../../../src/domain/events';
import * as the from '../../golden/passages';
import { begin, end, HEAD, linesOf, STARTED } from './lines-of';

const RUN = the.step(2, 'RUN make');

test('a quick step is one line, a slow one shows its heading before it ends', () => {
  expect(linesOf(begin('build'), RUN, 1_400, the.stepEnded(2, false))).toEqual([
    'build',
    '  [2/5] RUN make                                                       1.4 s',
  ]);
  expect(linesOf(STARTED, begin('build'), RUN, 3_000, the.stepEnded(2, false))).toEqual([
    ...HEAD,
    '[3/6] build',
    '  [2/5] RUN make',
    '  [2/5] done                                                           3.0 s',
  ]);
});

test('an instruction of many lines is one line of a readable length', () => {
  const instruction = `RUN  apt-get update \\\n\t&& apt-get install -y ${'package '.repeat(30)}`;
  const [, line = ''] = linesOf(begin('build'), the.step(1, instruction), the.stepEnded(1, true), end('build'));
  expect(line).toMatch(
    /^ {2}\[1\/5\] RUN apt-get update \\ && apt-get install -y (?:package )+packa?.{0,8}… {2}CACHED$/,
  );
  expect(line.indexOf('…')).toBe(127);
});

test('a number of steps that nobody knows is not shown', () => {
  const step: PluginEvent = { type: 'step-started', id: 'x', index: 4, total: 0, instruction: 'COPY . .' };
  const ended: PluginEvent = { type: 'step-ended', id: 'x', cached: true, failed: false };
  expect(linesOf(begin('build'), step, ended, end('build')).slice(1, -1)).toEqual([
    '  [4] COPY . .                                                        CACHED',
  ]);
});

test('a step that fails at once', () => {
  expect(linesOf(begin('build'), RUN, the.stepEnded(2, false, true)).slice(1)).toEqual([
    '  [2/5] RUN make failed                                                0.0 s',
  ]);
});

test('steps side by side: the gutter tells whose line it is', () => {
  const lines = linesOf(
    begin('build'),
    the.step(2, 'RUN one'),
    the.step(3, 'RUN two'),
    the.output(2, 'from one\n'),
    the.output(3, 'from two\nhalf of '),
    the.output(2, 'from one again\n\n'),
    the.output(3, 'a line'),
    the.stepEnded(3, false),
    the.output(2, 'and again\n'),
    { type: 'build-output', id: 'nobody', text: 'from somewhere\n' },
  );
  expect(lines.slice(1)).toEqual([
    '  [2/5] RUN one',
    '    | from one',
    '  [3/5] RUN two',
    '  3 | from two',
    '  2 | from one again',
    '  2 |',
    '  3 | half of a line',
    '  [3/5] done                                                           0.0 s',
    '  2 | and again',
    '    | from somewhere',
  ]);
});

test('the end of a step nobody has heard of says nothing', () => {
  expect(linesOf(begin('build'), the.stepEnded(9, false))).toEqual([]);
});

test('a pull is told now and then, and its last word', () => {
  const pull = (text: string): PluginEvent => ({ type: 'pull-progress', text });
  const lines = linesOf(
    begin('build'),
    the.step(1, 'FROM node:20'),
    pull('20: Pulling from library/node\n'),
    pull('a1: Downloading 1 MB of 9 MB'),
    pull('a1: Downloading 2 MB of 9 MB'),
    1_500,
    pull('a1: Pull complete'),
    pull('Status: Downloaded newer image for node:20'),
    the.stepEnded(1, false),
  );
  expect(lines).toEqual([
    'build',
    '    | 20: Pulling from library/node',
    '    | Status: Downloaded newer image for node:20',
    '  [1/5] FROM node:20                                                   1.5 s',
  ]);
});

test('warnings, of several lines too', () => {
  expect(
    linesOf(begin('build'), { type: 'build-warning', text: 'LegacyKeyValueFormat\nENV key=value\n' }).slice(1),
  ).toEqual(['  warning  LegacyKeyValueFormat', '    | ENV key=value']);
});

test('the upload of a context, as it goes', () => {
  const sent = (bytes: number): PluginEvent => ({ type: 'context-progress', bytes });
  const lines = linesOf(
    STARTED,
    begin('build'),
    { type: 'build-started', builder: 'classic', context: 'app' },
    sent(1_000),
    9_000,
    sent(45_000_000),
    1_000,
    sent(90_000_000),
    3_000,
    {
      type: 'context-sent',
      report: { files: 1, bytes: 900_100_000, sentFiles: 1, sentBytes: 900_100_000, largest: [], baggage: [] },
    },
    RUN,
    the.stepEnded(2, true),
    end('build'),
  );
  expect(lines.slice(2)).toEqual([
    '[3/6] build    by the classic builder; context app',
    '  sending the context: 45 MB',
    '  context  1 file 900 MB; all sent',
    '  [2/5] RUN make                                                      CACHED',
    '  ok                                                                  13.0 s',
  ]);
  expect(linesOf(STARTED, begin('build'), sent(5_000_000), 10_000).slice(3)).toEqual(['  sending the context: 5.0 MB']);
});

test('a build that has nothing to say but its image', () => {
  expect(linesOf(begin('build'), { type: 'build-started', builder: 'buildkit', context: '.' }, end('build'))).toEqual([
    'build    by BuildKit; context .                                        0.0 s',
  ]);
});
