import type { ContextReport, PluginEvent } from '../../../src/domain/events';
import { context } from '../../golden/buildkit-passages';
import { begin, end, linesOf } from './lines-of';

const STARTED: PluginEvent = { type: 'build-started', builder: 'buildkit', context: '.' };

/** Beneath a heading that is there already. */
function rows(changes: Partial<ContextReport>): string[] {
  return linesOf(begin('build'), { type: 'note', text: 'x' }, context(changes)).slice(2);
}

test.each<[Partial<ContextReport>, string]>([
  [{}, '4,120 files 61 MB; sent 1.2 MB in 12 files'],
  [{ sentFiles: 0, sentBytes: 0 }, '4,120 files 61 MB; nothing new to send'],
  [{ sentFiles: 4120, sentBytes: 61_300_000 }, '4,120 files 61 MB; all sent'],
  [{ sentFiles: 1, sentBytes: 0 }, '4,120 files 61 MB; sent 0 B in 1 file'],
  [{ files: 0, bytes: 0, sentFiles: 0, sentBytes: 0 }, 'no files'],
  [{ files: 1, bytes: 12, sentFiles: 1, sentBytes: 12 }, '1 file 12 B; all sent'],
])('%j', (changes, text) => {
  expect(rows(changes)).toEqual([`  context  ${text}`]);
  expect(linesOf(begin('build'), STARTED, context(changes), end('build'))[0]).toMatch(
    `build    by BuildKit; context .; ${text} `,
  );
});

test('the largest paths are named of a context of more than 100 MB only', () => {
  const largest = [
    { path: 'data/model.bin', bytes: 60_000_000 },
    { path: `assets/${'deep/'.repeat(20)}film.mp4`, bytes: 40_000_001 },
    { path: 'a\nb', bytes: 12 },
  ];
  expect(rows({ bytes: 100_000_000, largest })).toHaveLength(1);
  expect(rows({ bytes: 100_000_001, largest }).slice(1)).toEqual([
    '  largest  data/model.bin 60 MB; assets/deep/deep/dee…/deep/deep/deep/deep/deep/deep/film.mp4 40 MB',
    '           a\\u{a}b 12 B',
  ]);
});

test.each<[ContextReport['baggage'], string]>([
  [
    [{ path: '.git', bytes: 48_000_000, files: 1_204 }],
    '.git (1,204 files 48 MB) travels with the context: put .git into .dockerignore, unless a step needs it',
  ],
  [
    [
      { path: '.git', bytes: 12, files: 1 },
      { path: 'node_modules', bytes: 9_000_000, files: 30 },
    ],
    'node_modules (30 files 9.0 MB) and .git (1 file 12 B) travel with the context: put node_modules and .git into .dockerignore, unless a step needs them',
  ],
  [
    [
      { path: 'web/node_modules', bytes: 4_000_000, files: 20 },
      { path: 'node_modules', bytes: 5_000_000, files: 10 },
    ],
    'node_modules (30 files 9.0 MB in 2 folders) travels with the context: put **/node_modules into .dockerignore, unless a step needs it',
  ],
])('baggage: %j', (baggage, text) => {
  expect(rows({ baggage }).slice(1)).toEqual([`  hint     ${text}`]);
});

test('it may arrive while steps run, and its progress is told until then', () => {
  const step: PluginEvent = {
    type: 'step-started',
    id: 'a',
    index: 2,
    total: 3,
    instruction: 'RUN make',
    stage: 'one',
  };
  const sent = (bytes: number): PluginEvent => ({ type: 'context-progress', bytes });
  const started = { type: 'started', version: '1', mode: 'push', repository: 'r', phases: [], fieldsSet: [] } as const;
  const lines = linesOf(started, begin('build'), STARTED, step, sent(4_000_000), 11_000, context(), sent(9), 11_000);
  expect(lines.slice(2)).toEqual([
    'build    by BuildKit; context .',
    '  [one 2/3] RUN make',
    '  sending the context: 4.0 MB',
    '  context  4,120 files 61 MB; sent 1.2 MB in 12 files',
  ]);
});
