import type { PluginEvent } from '../../../src/domain/events';
import { cached, ended, step } from '../../golden/buildkit-passages';
import * as the from '../../golden/passages';
import { begin, end, HEAD, linesOf, listen, STARTED, timeline } from './lines-of';

function lines(...events: readonly (PluginEvent | number)[]): string[] {
  return linesOf(begin('build'), ...events, end('build')).slice(1, -1);
}

test('steps that had nothing to do share one line for each stage, which names the last', () => {
  expect(
    lines(
      ...cached('build', 2, 'COPY a b'),
      ...cached('deps', 2, 'RUN npm ci'),
      ...cached('build', 4, 'RUN make'),
      ...cached('build', 3, 'COPY c d'),
    ),
  ).toEqual([
    '  [build 4/4] RUN make, and 2 before it                               CACHED',
    '  [deps 2/2] RUN npm ci                                               CACHED',
  ]);
});

test('of many stages one line says it all', () => {
  const events = Array.from({ length: 6 }, (_, stage) => [
    ...cached(`s${stage}`, 1, 'RUN one'),
    ...cached(`s${stage}`, 2, `RUN two of ${stage}`),
  ]);
  expect(lines(...events.flat())).toEqual([
    '  [s5 2] RUN two of 5, and 11 in 6 stages                             CACHED',
  ]);
});

test('a FROM that only looked its image up has had nothing to do, a pull has', () => {
  const from = step('build', 1, 'FROM docker.io/library/node:20');
  const rest = cached('build', 2, 'RUN npm ci');
  expect(lines(from, ...rest, ended('build 1', 99))).toEqual([
    '  [build 2/4] RUN npm ci, and 1 before it                             CACHED',
  ]);
  expect(lines(from, ended('build 1', 100), ...rest)).toEqual([
    '  [build 1/4] FROM node:20                                             0.1 s',
    '  [build 2/4] RUN npm ci                                              CACHED',
  ]);
  expect(lines(from, ended('build 1', 3))).toEqual([
    '  [build 1/4] FROM node:20                                             0.0 s',
  ]);
});

test('a stage of which nothing but its FROM was looked at is not worth a line beside others', () => {
  const from = [step('base', 1, 'FROM docker.io/lab/busybox:1'), ended('base 1', 3)];
  expect(lines(...from, ...cached('build', 2, 'RUN make'))).toEqual([
    '  [build 2/4] RUN make                                                CACHED',
  ]);
  expect(lines(...from)).toEqual(['  [base 1] FROM lab/busybox:1                                          0.0 s']);
});

test('where the cache breaks is told in the order in which it happened', () => {
  expect(
    lines(
      ...cached('build', 1, 'RUN one'),
      ...cached('build', 2, 'RUN two'),
      step('build', 3, 'RUN three'),
      ended('build 3', 1_500),
      ...cached('build', 4, 'RUN four'),
    ),
  ).toEqual([
    '  [build 2/4] RUN two, and 1 before it                                CACHED',
    '  [build 3/4] RUN three                                                1.5 s',
    '  [build 4/4] RUN four                                                CACHED',
  ]);
});

test('a slow build shows what it has', () => {
  expect(linesOf(STARTED, begin('build'), ...cached('build', 2, 'RUN make'), 2_500).slice(HEAD.length)).toEqual([
    '[3/6] build',
    '  [build 2/4] RUN make                                                CACHED',
  ]);
});

test('a cached step that was slow to find out has had its heading', () => {
  const events = [step('build', 2, 'RUN make'), 3_000, ended('build 2', 2_900, { cached: true })];
  expect(linesOf(STARTED, begin('build'), ...events).slice(HEAD.length + 1)).toEqual([
    '  [build 2/4] RUN make',
    '  [build 2/4]                                                         CACHED',
  ]);
});

test('the raw log has a line for each', () => {
  const { console, raw } = listen();
  const events = [begin('build'), ...cached('build', 1, 'RUN one'), ...cached('build', 2, 'RUN two'), end('build')];
  for (const event of timeline(events)) console.report(event);
  expect(raw.map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'build',
    '  [build 1/4] RUN one                                                 CACHED',
    '  [build 2/4] RUN two                                                 CACHED',
    '  [build 2/4] RUN two, and 1 before it                                CACHED',
    '  ok                                                                   0.0 s',
  ]);
});

test('a run that breaks off tells what it has', () => {
  const broken: PluginEvent = { type: 'ended', outcome: { kind: 'checked' }, files: [] };
  expect(linesOf(begin('build'), the.step(2, 'RUN make'), the.stepEnded(2, true), broken).slice(0, 2)).toEqual([
    'build',
    '  [2/5] RUN make                                                      CACHED',
  ]);
});
