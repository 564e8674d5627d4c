export type GlobKind = 'exact' | 'prefix' | 'suffix' | 'regexp';

export interface Translation {
  readonly kind: GlobKind;
  /** The regular expression in RE2's syntax, without `^` and `$` around it; of use for kind `regexp` only. */
  readonly source: string;
}

// moby means to escape `|{}` too, but its bitmap has no room for characters above `?`: they stay operators.
const ESCAPED = new Set('.+()$');

/**
 * moby/patternmatcher's translation of a pattern (Pattern.compile, v0.6.1), step by step. Its quirks are part of what an
 * ignore file means: `**` at the front makes a suffix, `[^a]` matches a slash, a star in a class falls apart.
 */
export function translate(pattern: string): Translation {
  const chars = Array.from(pattern);
  let source = '';
  let kind: GlobKind = 'exact';
  const add = (text: string): void => {
    source += text;
    kind = 'regexp';
  };
  for (let i = 0, round = 0; i < chars.length; round++) {
    const char = chars[i++] ?? '';
    if (char === '*' && chars[i] === '*') {
      i += chars[i + 1] === '/' ? 2 : 1;
      if (i < chars.length) add('(.*/)?');
      else if (kind === 'exact') kind = 'prefix';
      else add('.*');
      if (round === 0) kind = 'suffix';
    } else if (char === '*') add('[^/]*');
    else if (char === '?') add('[^/]');
    else if (char === '[' || char === ']') add(char);
    else if (char === '\\' && i < chars.length) add(`\\${chars[i++] ?? ''}`);
    // A backslash at the end escapes the `$` that moby appends: a dollar sign, and anything after it.
    else if (char === '\\') source += '\\$[\\s\\S]*';
    else source += ESCAPED.has(char) ? `\\${char}` : char;
  }
  return { kind, source };
}
