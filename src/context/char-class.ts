/** A set of code points, as ranges. */
export interface CharClass {
  readonly ranges: readonly (readonly [number, number])[];
  readonly negated: boolean;
}

export function includes({ ranges, negated }: CharClass, code: number): boolean {
  for (const [low, high] of ranges) if (code >= low && code <= high) return !negated;
  return negated;
}

type Ranges = readonly (readonly [number, number])[];

const of = (...pairs: readonly string[]): Ranges =>
  pairs.map((pair) => [pair.codePointAt(0) ?? 0, pair.codePointAt(pair.length - 1) ?? 0]);

const PERL: Readonly<Record<string, Ranges>> = {
  d: of('09'),
  s: of('\t\n', '\f\r', ' '),
  w: of('09', 'AZ', '_', 'az'),
};

const POSIX: Readonly<Record<string, Ranges>> = {
  alnum: of('09', 'AZ', 'az'),
  alpha: of('AZ', 'az'),
  ascii: [[0, 0x7f]],
  blank: of('\t', ' '),
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: of('09'),
  graph: of('!~'),
  lower: of('az'),
  print: of(' ~'),
  punct: of('!/', ':@', '[`', '{~'),
  space: of('\t\r', ' '),
  upper: of('AZ'),
  word: of('09', 'AZ', '_', 'az'),
  xdigit: of('09', 'AF', 'af'),
};

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** `\d`, `\D`, `\s`, `\S`, `\w`, `\W`. */
export function perlClass(letter: string): Ranges | undefined {
  const positive = Object.hasOwn(PERL, letter.toLowerCase()) ? PERL[letter.toLowerCase()] : undefined;
  return positive && letter !== letter.toLowerCase() ? complement(positive) : positive;
}

/** `[:alpha:]`, `[:^alpha:]`, by what stands between the colons. */
export function posixClass(name: string): Ranges | undefined {
  const plain = name.replace(/^\^/, '');
  const positive = Object.hasOwn(POSIX, plain) ? POSIX[plain] : undefined;
  return positive && plain !== name ? complement(positive) : positive;
}

/**
 * The code point that a backslash and a character stand for; undefined: not a legal escape. RE2's \A, \b, \B, \C, \p, \P,
 * \Q, \x, \z and octal escapes are taken for mistakes too: in an ignore file they are a Windows path.
 */
export function escapedChar(char: string): number | undefined {
  if (Object.hasOwn(CONTROLS, char)) return CONTROLS[char];
  const code = char.codePointAt(0);
  return code !== undefined && code < 0x80 && !/[0-9A-Za-z]/.test(char) ? code : undefined;
}

function complement(ranges: Ranges): Ranges {
  const result: [number, number][] = [];
  let next = 0;
  for (const [low, high] of ranges) {
    if (low > next) result.push([next, low - 1]);
    next = high + 1;
  }
  return [...result, [next, 0x10ffff]];
}
