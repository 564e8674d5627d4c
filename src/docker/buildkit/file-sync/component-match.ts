/** Whether a name has characters that make it a pattern (fsutil: followlinks.go, containsWildcards). */
export function hasWildcards(name: string): boolean {
  return /^(?:[^\\*?[]|\\[^])*[*?[]/.test(name);
}

/** One place of a pattern: a star, or what one character must be. */
type Element = 'star' | ((char: string) => boolean);

/**
 * Go's filepath.Match for one component of a path; a malformed pattern matches nothing. The last star alone is tried
 * again, so that the time is at most the product of both lengths.
 */
export function componentMatcher(pattern: string): (name: string) => boolean {
  const elements = parse(pattern);
  return elements ? (name) => matches(elements, Array.from(name)) : () => false;
}

function matches(elements: readonly Element[], name: readonly string[]): boolean {
  let [at, element] = [0, 0];
  let [starAt, starElement] = [0, -1];
  while (at < name.length) {
    const wanted = elements[element];
    if (wanted === 'star') {
      starElement = element++;
      starAt = at;
    } else if (wanted?.(name[at] ?? '')) {
      element++;
      at++;
    } else if (starElement >= 0) {
      element = starElement + 1;
      at = ++starAt;
    } else return false;
  }
  return elements.slice(element).every((left) => left === 'star');
}

function parse(pattern: string): readonly Element[] | undefined {
  const chars = Array.from(pattern);
  const elements: Element[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at];
    if (char === '*') elements.push('star');
    else if (char === '?') elements.push(() => true);
    else if (char === '[') {
      const read = readClass(chars, at + 1);
      if (!read) return undefined;
      elements.push(read.includes);
      at = read.end;
    } else {
      const literal = char === '\\' ? chars[++at] : char;
      if (literal === undefined) return undefined;
      elements.push((one) => one === literal);
    }
  }
  return elements;
}

interface ReadClass {
  /** Where its `]` stands. */
  readonly end: number;
  includes(char: string): boolean;
}

function readClass(chars: readonly string[], from: number): ReadClass | undefined {
  const negated = chars[from] === '^';
  const ranges: (readonly [number, number])[] = [];
  let at = negated ? from + 1 : from;
  while (chars[at] !== ']' || ranges.length === 0) {
    const low = readClassChar(chars, at);
    const high = low && chars[low.end] === '-' ? readClassChar(chars, low.end + 1) : low;
    if (!low || !high) return undefined;
    ranges.push([low.code, high.code]);
    at = high.end;
  }
  const inOne = (code: number): boolean => ranges.some(([low, high]) => low <= code && code <= high);
  return { end: at, includes: (char) => inOne(char.codePointAt(0) ?? 0) !== negated };
}

function readClassChar(chars: readonly string[], at: number): { code: number; end: number } | undefined {
  if (chars[at] === '-' || chars[at] === ']') return undefined;
  const from = chars[at] === '\\' ? at + 1 : at;
  const code = chars[from]?.codePointAt(0);
  // The class must go on.
  return code === undefined || from + 1 >= chars.length ? undefined : { code, end: from + 1 };
}
