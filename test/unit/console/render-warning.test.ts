import type { LintRule, PluginEvent } from '../../../src/domain/events';
import * as the from '../../golden/passages';
import { START } from '../../golden/recording';
import { begin, end, linesOf, listen, timeline } from './lines-of';

const URL = 'https://docs.docker.com/go/dockerfile/rule/json-args-recommended/';

function lint(text: string, rule: string, line?: number, url?: string): PluginEvent {
  const found: LintRule = { rule, line, url };
  return { type: 'build-warning', text, lint: found };
}

function warned(...events: readonly PluginEvent[]): string[] {
  return linesOf(begin('build'), ...events, end('build')).slice(1, -1);
}

test('of a linter: the line, the rule, and once the page that explains it', () => {
  expect(
    warned(
      lint('use JSON for CMD', 'JSONArgsRecommended', 3, URL),
      lint('use JSON for ENTRYPOINT', 'JSONArgsRecommended', 9, URL),
      lint('use JSON for CMD', 'JSONArgsRecommended', 4, URL),
      lint('use JSON for CMD', 'JSONArgsRecommended', 3, URL),
      lint('use JSON for CMD', 'JSONArgsRecommended', 12, URL),
      lint('somewhere', 'FromAsCasing', undefined, 'javascript:alert(1)'),
    ),
  ).toEqual([
    `  warning  Dockerfile lines 3 to 4, 12: JSONArgsRecommended: use JSON for CMD (${URL})`,
    '  warning  Dockerfile line 9: JSONArgsRecommended: use JSON for ENTRYPOINT',
    '  warning  Dockerfile: FromAsCasing: somewhere',
  ]);
});

test("the rule and the line that BuildKit's text has itself are not told twice", () => {
  expect(warned(lint('FromAsCasing: casing differs (line 7)', 'FromAsCasing', 7))).toEqual([
    '  warning  Dockerfile line 7: FromAsCasing: casing differs',
  ]);
});

test('they stand above the step that comes after them, as far as they go', () => {
  const lines = warned(
    lint('one', 'A', 1),
    the.step(2, 'RUN x'),
    the.output(2, 'hello\n'),
    lint('one', 'A', 2),
    the.stepEnded(2, false),
  );
  expect(lines).toEqual([
    '  warning  Dockerfile line 1: A: one',
    '  [2/5] RUN x',
    '    | hello',
    '  warning  Dockerfile line 2: A: one',
    '  [2/5] done                                                           0.0 s',
  ]);
});

test('ten of them are shown, the raw log has all', () => {
  const { console, printed, raw } = listen();
  const findings = Array.from({ length: 11 }, (_, index) => lint(`text ${index}`, `Rule${index}`, index + 1, URL));
  const plain: PluginEvent = { type: 'build-warning', text: 'the cache a/b:c could not be read\nnot found' };
  for (const event of timeline([begin('build'), ...findings, plain, end('build')])) console.report(event);
  expect(printed).toHaveLength(13);
  expect(printed.at(-3)).toMatch(/Dockerfile line 10: Rule9: text 9 /);
  expect(printed.at(-2)).toBe('  \u001b[33mwarning\u001b[0m  and 2 more, in the raw log');
  const time = `${new Date(START).toISOString()} `;
  expect(raw.slice(11, 14)).toEqual([
    `${time}  warning  Dockerfile line 11: Rule10: text 10 (${URL})`,
    `${time}  warning  the cache a/b:c could not be read`,
    `${time}    | not found`,
  ]);
});
