export type GlobKind = 'exact' | 'prefix' | 'suffix' | 'regexp';

export interface Translation {
  readonly kind: GlobKind;
  /** The regular expression in RE2's syntax, without its anchors; of use for kind `regexp` only. */
  readonly source: string;
}

const ESCAPED = new Set('.+()|{}$');

/**
 * moby/patternmatcher's translation of a pattern (Pattern.compile, v0.6.1), step by step. Its quirks are part of what an
 * ignore file means to a daemon: `**` at the front makes a suffix, `[^a]` matches a slash, `*` in a class falls apart.
 */
export function translate(pattern: string): Translation {
  const chars = Array.from(pattern);
  let source = '';
  let kind: GlobKind = 'exact';
  for (let i = 0, round = 0; i < chars.length; round++) {
    const char = chars[i++] ?? '';
    if (char === '*' && chars[i] === '*') {
      i++;
      if (chars[i] === '/') i++;
      if (i < chars.length) [source, kind] = [`${source}(.*/)?`, 'regexp'];
      else if (kind === 'exact') kind = 'prefix';
      else [source, kind] = [`${source}.*`, 'regexp'];
      if (round === 0) kind = 'suffix';
    } else if (char === '*') [source, kind] = [`${source}[^/]*`, 'regexp'];
    else if (char === '?') [source, kind] = [`${source}[^/]`, 'regexp'];
    else if (char === '\\' && i < chars.length) [source, kind] = [`${source}\\${chars[i++] ?? ''}`, 'regexp'];
    else if (char === '[' || char === ']') [source, kind] = [source + char, 'regexp'];
    // A backslash at the end escapes the `$` that moby appends: a dollar sign, and no end of the path.
    else if (char === '\\') source += '\\$[\\s\\S]*';
    else source += ESCAPED.has(char) ? `\\${char}` : char;
  }
  return { kind, source };
}
