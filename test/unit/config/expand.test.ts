import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { parseTag } from '../../../src/domain/image-ref';
import { expand, variablesOf } from '../../../src/config/expand';

const VARIABLES = new Map([
  ['BRANCH', 'feature/x'],
  ['GO_REVISION', '3fa9c1d2b7e8'],
  ['GO_REVISION_SHOP', '3fa9c1d2b7e8'],
  ['GO_REVISION_BASE', 'aa10'],
  ['EMPTY', ''],
  ['NESTED', '${BRANCH} $${BRANCH} ${'],
  ['WIDE', 'añ𝒳b'],
]);

function value(text: string): string {
  const { value: result, faults } = expand(text, VARIABLES);
  expect(faults).toEqual([]);
  return result;
}

describe('expansion', () => {
  test.each([
    ['plain', 'plain'],
    ['${BRANCH}', 'feature/x'],
    ['a${BRANCH}b${GO_REVISION}c', 'afeature/xb3fa9c1d2b7e8c'],
    ['${EMPTY}', ''],
    ['${MISSING:-main}', 'main'],
    ['${EMPTY:-main}', 'main'],
    ['${BRANCH:-main}', 'feature/x'],
    ['${MISSING:-}', ''],
    ['${MISSING:-a:b=c,d $ e}', 'a:b=c,d $ e'],
    ['${BRANCH:+on}', 'on'],
    ['${EMPTY:+on}', ''],
    ['${MISSING:+on}', ''],
    ['${GO_REVISION:0:7}', '3fa9c1d'],
    ['${GO_REVISION:7}', '2b7e8'],
    ['${GO_REVISION::7}', '3fa9c1d'],
    ['${GO_REVISION: -5}', '2b7e8'],
    ['${GO_REVISION: -5:2}', '2b'],
    ['${GO_REVISION:0:-5}', '3fa9c1d'],
    ['${GO_REVISION:-7}', '3fa9c1d2b7e8'],
    ['${GO_REVISION:99:2}', ''],
    ['${EMPTY:0:7}', ''],
    ['${WIDE:1:2}', 'ñ𝒳'],
    ['${BRANCH|tag}', 'feature-x'],
    ['${GO_REVISION:0:7|tag}', '3fa9c1d'],
    ['${MISSING:-a/b|tag}', 'a-b'],
    ['${EMPTY|tag}', ''],
  ])('%s is %j', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  test.each([
    ['$', '$'],
    ['a $ b', 'a $ b'],
    ['$BRANCH', '$BRANCH'],
    ['$$', '$$'],
    ['$${BRANCH}', '${BRANCH}'],
    ['$$${BRANCH}', '$${BRANCH}'],
    ['100$', '100$'],
    ['{BRANCH}', '{BRANCH}'],
    ['}', '}'],
  ])('%s is literally %s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  test('what a variable holds is not expanded again', () => {
    expect(value('${NESTED}')).toBe('${BRANCH} $${BRANCH} ${');
  });

  test.each([
    ['${BRANCH', '"${BRANCH" has no closing brace; a literal ${ is written $${'],
    ['${}', '"${}" is not understood; there are ${NAME}, ${NAME:-word}, ${NAME:+word}, ${NAME:0:7} and ${NAME|tag}'],
    ['${1}', '"${1}" is not understood; there are ${NAME}, ${NAME:-word}, ${NAME:+word}, ${NAME:0:7} and ${NAME|tag}'],
    [
      '${BRANCH-main}',
      '"${BRANCH-main}" is not understood; there are ${NAME}, ${NAME:-word}, ${NAME:+word}, ${NAME:0:7} and ${NAME|tag}',
    ],
    [
      '${BRANCH:}',
      '"${BRANCH:}" is not understood; there are ${NAME}, ${NAME:-word}, ${NAME:+word}, ${NAME:0:7} and ${NAME|tag}',
    ],
    [
      '${BRANCH|upper}',
      '"${BRANCH|upper}" is not understood; there are ${NAME}, ${NAME:-word}, ${NAME:+word}, ${NAME:0:7} and ${NAME|tag}',
    ],
    ['${A:-${BRANCH}}', '"${A:-${BRANCH}" is nested; an expansion holds no other one'],
    ['${BRANCH:4:-7}', '"${BRANCH:4:-7}" ends before it begins: the variable has 9 characters'],
  ])('%s is a fault', (text, fault) => {
    expect(expand(text, VARIABLES).faults).toEqual([fault]);
  });

  test.each([
    ['${BRNACH}', '"${BRNACH}" names a variable that neither the job nor the agent has; there is BRANCH'],
    ['${branch:0:3}', '"${branch:0:3}" names a variable that neither the job nor the agent has; there is BRANCH'],
    ['${NOTHING_LIKE_IT}', '"${NOTHING_LIKE_IT}" names a variable that neither the job nor the agent has'],
    [
      '${GO_REVISION_SHIP|tag}',
      '"${GO_REVISION_SHIP|tag}" names a variable that neither the job nor the agent has; there is GO_REVISION_SHOP, GO_REVISION_BASE, GO_REVISION',
    ],
    [
      '${GIT_COMMIT}',
      '"${GIT_COMMIT}" names a variable that neither the job nor the agent has; there is GO_REVISION, GO_REVISION_BASE, GO_REVISION_SHOP',
    ],
    ['${constructor}', '"${constructor}" names a variable that neither the job nor the agent has'],
    ['${__proto__}', '"${__proto__}" names a variable that neither the job nor the agent has'],
  ])('%s is not set', (text, fault) => {
    expect(expand(text, VARIABLES).faults).toEqual([fault]);
  });

  test('all faults of a text are told', () => {
    expect(expand('${X} ${Y:}', new Map()).faults).toHaveLength(2);
  });

  test("the job's variables go before the agent's, even where they are empty", () => {
    const variables = variablesOf(
      new Map([
        ['A', 'job'],
        ['B', ''],
      ]),
      new Map([
        ['A', 'agent'],
        ['B', 'agent'],
        ['C', 'agent'],
      ]),
    );
    expect(expand('${A},${B},${C}', variables).value).toBe('job,,agent');
  });
});

describe('properties of the expansion', () => {
  const texts = fc.string({ unit: 'binary', maxLength: 40 });

  test('a text without ${ is its own expansion', () => {
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(!text.includes('${'));
        expect(expand(text, new Map()).value).toBe(text);
      }),
    );
  });

  test('$${ in front of every ${ gives the text back', () => {
    const pieces = fc.array(fc.constantFrom('${', '}', 'A', ':-', ' ', '|tag', 'é'), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        expect(expand(text.split('${').join('$${'), new Map()).value).toBe(text);
      }),
    );
  });

  test('whatever a variable holds comes out whole, once', () => {
    fc.assert(
      fc.property(texts, (held) => {
        expect(expand('<${X}>', new Map([['X', held]])).value).toBe(`<${held}>`);
      }),
    );
  });

  test('|tag makes every text that holds something a legal tag', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), (held) => {
        expect(parseTag(expand('${X|tag}', new Map([['X', held]])).value)).toBeDefined();
      }),
    );
  });
});

describe('against bash', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-', '/', '.', ' ', 'é', '𝒳'), maxLength: 8 });
  const offset = fc.oneof(
    fc.nat(10).map(String),
    fc.integer({ min: -10, max: -1 }).map((number) => ` ${number}`),
  );
  const length = fc.option(
    fc.integer({ min: -6, max: 10 }).map((number) => `:${number}`),
    { nil: '' },
  );
  const operation = fc.oneof(
    fc.constant(''),
    letters.map((word) => `:-${word}`),
    letters.map((word) => `:+${word}`),
    fc.tuple(offset, length).map(([from, size]) => `:${from}${size}`),
  );

  test('the same text comes out, and the same ones are refused', () => {
    const cases = fc.sample(fc.tuple(letters, operation), { numRuns: 300, seed: 20261124 });
    // A subshell for each: bash ends at a bad substring. Its own fault is answered as FAULT.
    const script = cases
      .map(([held, op]) => `X='${held}'; (printf '%s' "\${X${op}}") 2>/dev/null || printf FAULT; printf '\\n'`)
      .join('\n');
    const { stdout } = spawnSync('bash', ['-c', script], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    const ours = cases.map(([held, op]) => {
      const { value: result, faults } = expand(`\${X${op}}`, new Map([['X', held]]));
      return faults.length > 0 ? 'FAULT' : result;
    });
    const told = (results: readonly string[]) =>
      cases.map(([held, op], index) => `${held} \${X${op}} = ${results[index] ?? ''}`);
    expect(told(ours)).toEqual(told(stdout.split('\n')));
  });
});
