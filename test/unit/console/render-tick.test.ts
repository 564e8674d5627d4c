import type { PluginEvent } from '../../../src/domain/events';
import * as the from '../../golden/passages';
import { begin, HEAD, linesOf, STARTED } from './lines-of';

const MINUTE = 60_000;
const RUN = the.step(5, 'RUN make world');

function beats(...events: readonly (PluginEvent | number)[]): string[] {
  return linesOf(STARTED, begin('build'), RUN, ...events).slice(HEAD.length + 2);
}

test('a sign of life after each 30 s of silence, from the last real line on', () => {
  expect(beats(95_000, the.output(5, 'hello\n'), 35_000)).toEqual([
    '    … 30 s without output, RUN still going (Cancel stops it)',
    '    … 1 m without output, RUN still going (Cancel stops it)',
    '    … 1 m 30 s without output, RUN still going (Cancel stops it)',
    '    | hello',
    '    … 30 s without output, RUN still going (Cancel stops it)',
  ]);
});

test('none while there is output', () => {
  const chatter = Array.from({ length: 10 }, () => [the.output(5, '.\n'), 20_000]).flat();
  expect(beats(...chatter)).toEqual(Array.from({ length: 10 }, () => '    | .'));
});

test('they end, and say so, when nothing at all has come for 30 minutes, and begin again with the next sign', () => {
  const lines = beats(40 * MINUTE, { type: 'raw', text: '{}' }, 31_000);
  expect(lines).toHaveLength(59 + 1 + 2);
  expect(lines.slice(58)).toEqual([
    '    … 29 m 30 s without output, RUN still going (Cancel stops it)',
    "    … 30 m 2 s without any sign of life; no more of these lines, from here GoCD's own job timeout decides",
    '    … 39 m 59 s without output, RUN still going (Cancel stops it)',
    '    … 40 m 29 s without output, RUN still going (Cancel stops it)',
  ]);
});

test('a daemon that says something without making a line is alive', () => {
  const silent = Array.from({ length: 35 }, () => [{ type: 'raw', text: '{}' } as const, MINUTE]).flat();
  expect(beats(...silent).filter((line) => line.includes('sign of life'))).toEqual([]);
});

test.each<[readonly PluginEvent[], string]>([
  [[begin('preflight')], 'preflight'],
  [[], 'the task'],
  [[begin('build'), the.step(1, '# syntax')], 'the step'],
  [[begin('build'), the.step(1, 'copy . .'), the.step(2, 'RUN x')], 'COPY'],
])('after %j what is going on is %s', (events, subject) => {
  const lines = linesOf(STARTED, ...events, 35_000);
  expect(lines.at(-1)).toMatch(
    new RegExp(`^ {4}… \\d+ s without output, ${subject} still going \\(Cancel stops it\\)$`),
  );
});

test('none before a run starts, and none after it has ended', () => {
  expect(linesOf(begin('build'), 90_000)).toEqual([]);
  const ended: PluginEvent = { type: 'ended', outcome: { kind: 'checked' }, files: [] };
  expect(linesOf(STARTED, ended, 90_000)).toHaveLength(HEAD.length + 2);
});

test('a push says how far it is while it moves, and that it is alive while it does not', () => {
  const at = (done: number): PluginEvent => the.layer('f6', 'pushing', done, 120_000_000);
  const lines = linesOf(STARTED, begin('push'), at(0), 9_000, at(30_000_000), 11_000, at(90_000_000), 45_000);
  expect(lines.slice(2)).toEqual([
    '[4/6] push',
    '  pushing 1.42-3fa9c1d: 0 of 1 layer, 30 MB of 120 MB',
    '  pushing 1.42-3fa9c1d: 0 of 1 layer, 90 MB of 120 MB',
    '    … 30 s without output, push still going (Cancel stops it)',
  ]);
});
