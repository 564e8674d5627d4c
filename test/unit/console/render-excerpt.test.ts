import { StepError } from '../../../src/domain/errors';
import type { ExcerptLine, PluginEvent } from '../../../src/domain/events';
import { Secret } from '../../../src/domain/secret';
import { runState } from '../../golden/recording';
import { withoutColours } from '../../../src/console/sanitise';
import { begin, listen, timeline } from './lines-of';

const ERROR = new StepError('BUILD_FAILED', 'none', 'build', 'it broke', { words: 'its words' });
const ENDED: PluginEvent = {
  type: 'ended',
  outcome: { kind: 'failed', phase: 'build', error: ERROR, state: runState() },
  files: [],
};

function dockerfile(first: number, texts: readonly string[], failing: readonly number[]): PluginEvent {
  const lines = texts.map((text, index): ExcerptLine => {
    const number = first + index;
    return { number, text, failing: failing.includes(number) };
  });
  return { type: 'dockerfile-excerpt', path: 'app/Dockerfile', lines };
}

/** The closing block between the drawing and the words. */
function excerpt(event: PluginEvent, secret?: string): string[] {
  const { console, printed } = listen();
  if (secret !== undefined) console.mask.register('S', new Secret(secret));
  for (const timed of timeline([begin('build'), event, ENDED])) console.report(timed);
  const lines = printed.map(withoutColours);
  const start = lines.findIndex((line) => line.startsWith('  daemon ')) + 1;
  return lines.slice(start, lines.indexOf('The daemon says:'));
}

test('the lines of the Dockerfile that failed, with those around them, stand above the words', () => {
  expect(excerpt(dockerfile(9, ['FROM scratch', 'BOGUS', '', 'RUN x'], [10]))).toEqual([
    'Where: app/Dockerfile, line 10',
    '     9 | FROM scratch',
    '  > 10 | BOGUS',
    '    11 |',
    '    12 | RUN x',
  ]);
  expect(excerpt(dockerfile(1, ['RUN a \\', '  b'], [1, 2]))).toEqual([
    'Where: app/Dockerfile, lines 1 to 2',
    '  > 1 | RUN a \\',
    '  > 2 |   b',
  ]);
  expect(excerpt(dockerfile(1, ['RUN a'], []))).toEqual(['Where: app/Dockerfile', '    1 | RUN a']);
  expect(excerpt(dockerfile(1, [], []))).toEqual([]);
});

test('long lines and long excerpts are cut', () => {
  const [, long] = excerpt(dockerfile(1, [`RUN ${'x'.repeat(500)}`], [1]));
  expect(long).toBe(`  > 1 | RUN ${'x'.repeat(155)}…`);
  const lines = excerpt(
    dockerfile(
      1,
      Array.from({ length: 40 }, () => 'x'),
      [1],
    ),
  );
  expect(lines).toHaveLength(1 + 24 + 1);
  expect(lines.at(-1)).toBe('  … 16 lines more');
});

test('what a Dockerfile holds is masked and harmless', () => {
  const texts = ['ENV TOKEN=hunter2-hunter2', '\u001b[2K\rPUSHED x\u202e', 'A\r', '\u001b[8mhidden'];
  expect(excerpt(dockerfile(1, texts, [2]), 'hunter2-hunter2')).toEqual([
    'Where: app/Dockerfile, line 2',
    '    1 | ENV TOKEN=****',
    '  > 2 | \\u{1b}[2K\\u{d}PUSHED x\\u{202e}',
    '    3 | A',
    '    4 | hidden',
  ]);
});

test('a secret of several short lines is masked, and what stands around it keeps its numbers', () => {
  expect(excerpt(dockerfile(1, ['RUN <<EOF', 'ab1', 'cd2', 'ef3', 'EOF\u001b[2K'], [1]), 'ab1\ncd2\nef3')).toEqual([
    'Where: app/Dockerfile, line 1',
    '  > 1 | RUN <<EOF',
    '    2 | ****',
    '    3 | ****',
    '    4 | ****',
    '    5 | EOF\\u{1b}[2K',
  ]);
});

test('no part of a long secret that a Dockerfile wraps is shown', () => {
  const secret = Buffer.from(Array.from({ length: 60 }, (_, index) => (index * 37) % 251)).toString('base64');
  const wrapped = secret.match(/.{1,32}/g) ?? [];
  const lines = excerpt(dockerfile(1, ['RUN echo \\', ...wrapped.map((part) => `${part} \\`), '  | wc'], [1]), secret);
  expect(lines).toEqual([
    'Where: app/Dockerfile, line 1',
    '  > 1 | RUN echo \\',
    ...wrapped.map((_, index) => `    ${index + 2} | **** \\`),
    `    ${wrapped.length + 2} |   | wc`,
  ]);
});
