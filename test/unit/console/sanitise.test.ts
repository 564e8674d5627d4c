import fc from 'fast-check';
import { cut, LINE_LIMIT } from '../../../src/console/cut';
import { endColours, inline, sanitise, withoutColours, withoutUserInfo } from '../../../src/console/sanitise';

const RED = '\u001b[31m';
const RESET = '\u001b[0m';

test.each([
  ['plain text', 'plain text'],
  [
    `${RED}red${RESET} and \u001b[38;2;1;2;3mtrue\u001b[4:3m`,
    `${RED}red${RESET} and \u001b[38;2;1;2;3mtrue\u001b[4:3m`,
  ],
  ['grün 漢字 👩\u200d💻 می\u200cخواهم', 'grün 漢字 👩\u200d💻 می\u200cخواهم'],
  ['a\u001b[2Kb\u001b[1A', 'a\\u{1b}[2Kb\\u{1b}[1A'],
  [
    '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\',
    '\\u{1b}]8;;https://evil.example\\u{1b}\\click\\u{1b}]8;;\\u{1b}\\',
  ],
  ['\u001b]0;title\u0007', '\\u{1b}]0;title\\u{7}'],
  ['\u009b31m', '\\u{9b}31m'],
  ['a\rb\nc\u0000\u0008\u007f', 'a\\u{d}b\\u{a}c\\u{0}\\u{8}\\u{7f}'],
  ['nel\u0085ls\u2028ps\u2029', 'nel\\u{85}ls\\u{2028}ps\\u{2029}'],
  [
    '\u202eevil\u202c \u2066x\u2069 \u200e\u200f\u061c',
    '\\u{202e}evil\\u{202c} \\u{2066}x\\u{2069} \\u{200e}\\u{200f}\\u{61c}',
  ],
  ['zero\u200bwidth\ufeff\u00ad\u{e0041}', 'zero\\u{200b}width\\u{feff}\\u{ad}\\u{e0041}'],
  ['half \ud83d of a pair', 'half \\u{d83d} of a pair'],
  [`\u001b[${'1;'.repeat(40)}m`, `\\u{1b}[${'1;'.repeat(40)}m`],
])('%j is shown as %j', (text, shown) => expect(sanitise(text)).toBe(shown));

test('tabs become blanks, counted without colours', () => {
  expect(sanitise('a\tb\t\tc')).toBe('a       b               c');
  expect(sanitise(`${RED}ab${RESET}\tx`)).toBe(`${RED}ab${RESET}      x`);
});

test('whatever comes in, nothing but text and colours comes out, and stays as it is', () => {
  const parts = fc.constantFrom(
    '\u001b[',
    '\u001b',
    'm',
    '31',
    ';',
    '\t',
    '\r',
    '\n',
    '\u202e',
    '\u0085',
    '\ud800',
    'é',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.oneof(parts, fc.string())).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const shown = sanitise(text);
      expect(withoutColours(shown)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(shown).not.toMatch(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u);
      expect(sanitise(shown)).toBe(shown);
    }),
  );
});

test('colours end with the line', () => {
  expect(endColours(`${RED}open`)).toBe(`${RED}open${RESET}`);
  expect(endColours(`${RED}closed${RESET}`)).toBe(`${RED}closed${RESET}`);
  expect(endColours('\u001b[31mshort\u001b[m')).toBe('\u001b[31mshort\u001b[m');
  expect(endColours('none')).toBe('none');
});

test('within a line of ours foreign words have no colours', () => {
  expect(inline(`a ${RED}b\u001b[8mc`)).toBe('a bc');
});

test.each([
  ['fetch https://user:pa%20ss@host/x', 'fetch https://****@host/x'],
  ['fetch https://ghp_token@github.com/x', 'fetch https://****@github.com/x'],
  ['fetch http://a:b@c@host/', 'fetch http://****@host/'],
  ['https://u:p@a and https://u:p@b', 'https://****@a and https://****@b'],
  ['ssh://deploy@build-1', 'ssh://deploy@build-1'],
  ['git+ssh://git@github.com/x', 'git+ssh://git@github.com/x'],
  ['ssh://deploy:secret@build-1', 'ssh://****@build-1'],
  ['https://host/path@2 mail a@b', 'https://host/path@2 mail a@b'],
])('%s shows no user info', (text, shown) => expect(withoutUserInfo(text)).toBe(shown));

describe('cut', () => {
  test('a line that fits stays as it is', () => {
    expect(cut('x'.repeat(LINE_LIMIT))).toBe('x'.repeat(LINE_LIMIT));
    expect(cut('é'.repeat(LINE_LIMIT / 2))).toBe('é'.repeat(LINE_LIMIT / 2));
  });

  test('a long one says how much is gone', () => {
    expect(cut('x'.repeat(LINE_LIMIT + 1_200))).toBe(`${'x'.repeat(LINE_LIMIT)} … 1.2 kB of this line cut`);
    expect(cut('abc', 5_000_000)).toBe('abc … 5.0 MB of this line cut');
  });

  test('no character and no colour is cut in two', () => {
    const pairs = cut(`x${'😀'.repeat(LINE_LIMIT)}`);
    expect(pairs.startsWith(`x${'😀'.repeat(2047)} … `)).toBe(true);
    const coloured = `${'x'.repeat(LINE_LIMIT - 3)}${RED}red`;
    expect(cut(coloured)).toBe(`${'x'.repeat(LINE_LIMIT - 3)} … 5 B of this line cut`);
  });
});
