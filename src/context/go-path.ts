// What Go's unicode.IsSpace calls space; JavaScript's trim() takes U+FEFF too and leaves U+0085.
const SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const ABOVE_D7FF = /[\ud800-\uffff]/;
// Each run of spaces is tried once, from its beginning.
const AROUND = new RegExp(`^${SPACE}+|(?<!${SPACE})${SPACE}+$`, 'g');

/** Go's strings.TrimSpace. */
export function trimSpace(text: string): string {
  return text.replace(AROUND, '');
}

/** Go's filepath.Clean on Unix: the shortest path with the same meaning, without a slash at the end. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  // Node's normalize() copies what it has at each `../`.
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push(part);
  }
  return rooted ? `/${parts.join('/')}` : parts.join('/') || '.';
}

/** Orders names as Go does, by their UTF-8 bytes; the order of UTF-16 units differs from that above U+D7FF. */
export function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  if (ABOVE_D7FF.test(a) || ABOVE_D7FF.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}
