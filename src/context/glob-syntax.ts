interface Rest {
  /** What is left of the name, or undefined where the chunk does not match. */
  readonly name: string | undefined;
}

/**
 * Whether Go's filepath.Match(pattern, ".") on Unix ends without an error: moby/patternmatcher asks this of each pattern.
 * Ported with its gap: what comes after the first chunk that does not match `.` is not looked at.
 */
export function isGlob(pattern: string): boolean {
  let name = '.';
  let rest = pattern;
  while (rest !== '') {
    const stars = /^\*+/.exec(rest)?.[0].length ?? 0;
    const chunk = chunkOf(rest.slice(stars));
    rest = rest.slice(stars + chunk.length);
    if (stars > 0 && chunk === '') return true;
    const left = matchAt(chunk, name, stars > 0, rest === '');
    if (left?.name === undefined) return left !== undefined;
    name = left.name;
  }
  return true;
}

/** undefined: malformed. After a star the chunk may also match further on. */
function matchAt(chunk: string, name: string, star: boolean, last: boolean): Rest | undefined {
  for (let skip = 0; skip <= (star ? name.length : 0); skip++) {
    const left = matchChunk(chunk, name.slice(skip));
    if (!left || (left.name !== undefined && (left.name === '' || !last))) return left;
  }
  return { name: undefined };
}

/** Up to the next star that stands outside a class. */
function chunkOf(pattern: string): string {
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === '\\') i++;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '*' && !inClass) return pattern.slice(0, i);
  }
  return pattern;
}

function matchChunk(chunk: string, name: string): Rest | undefined {
  let left: string | undefined = name;
  for (let i = 0; i < chunk.length; i++) {
    let hit: (char: string) => boolean = () => true;
    if (chunk[i] === '[') {
      const parsed = readClass(chunk, i + 1);
      if (!parsed) return undefined;
      i = parsed.end;
      hit = parsed.includes;
    } else if (chunk[i] === '?') {
      hit = (char) => char !== '/';
    } else {
      if (chunk[i] === '\\' && ++i >= chunk.length) return undefined;
      const literal = chunk[i];
      hit = (char) => char === literal;
    }
    const first: string | undefined = left?.[0];
    left = first !== undefined && hit(first) ? left?.slice(1) : undefined;
  }
  return { name: left };
}

function readClass(chunk: string, start: number): { end: number; includes(char: string): boolean } | undefined {
  const negated = chunk[start] === '^';
  const ranges: (readonly [string, string])[] = [];
  let at = negated ? start + 1 : start;
  for (; chunk[at] !== ']' || ranges.length === 0;) {
    const low = readClassChar(chunk, at);
    const high = low && chunk[low.next] === '-' ? readClassChar(chunk, low.next + 1) : low;
    if (!low || !high) return undefined;
    ranges.push([low.char, high.char]);
    at = high.next;
  }
  return { end: at, includes: (char) => ranges.some(([low, high]) => low <= char && char <= high) !== negated };
}

/** A character must be followed by another: the class is still open. */
function readClassChar(chunk: string, at: number): { char: string; next: number } | undefined {
  if (chunk[at] === '-' || chunk[at] === ']') return undefined;
  const start = chunk[at] === '\\' ? at + 1 : at;
  const char = chunk[start];
  return char === undefined || start + 1 >= chunk.length ? undefined : { char, next: start + 1 };
}
