import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

/** The pages say `file`: `test`, `test`. */
function namedTests(page: string): readonly (readonly [file: string, name: string])[] {
  return read(page)
    .split('\n')
    .flatMap((line) => {
      const [, file, names] = /^- `((?:test|bridge)\/[^`]+)`: (.+)$/.exec(line) ?? [];
      if (file === undefined || names === undefined) return [];
      return [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [file, name] as const);
    });
}

const rulesOf = (page: string): readonly number[] =>
  [...read(page).matchAll(/^### (\d+)\. /gm)].map(([, number]) => Number(number));

describe.each([
  ['docs/security.md', 25, 60],
  ['docs/engines.md', 12, 20],
])('%s', (page, rules, tests) => {
  test('has every rule once, in its order', () => {
    expect(rulesOf(page)).toEqual(Array.from({ length: rules }, (_, index) => index + 1));
  });

  test('names tests that exist', () => {
    const named = namedTests(page);
    expect(named.length).toBeGreaterThan(tests);
    const gone = named.filter(([file, name]) => {
      return !existsSync(join(root, file)) || !read(file).replaceAll("\\'", "'").includes(name);
    });
    expect(gone).toEqual([]);
  });

  test('names files that exist', () => {
    const named = [...read(page).matchAll(/`((?:src|bridge|test)\/[^`]+\.[a-z]+)`/g)].map(([, file = '']) => file);
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});
