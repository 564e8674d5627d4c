import type { FieldKey } from '../fields';
import type { Reading } from '../reading';

/** Each name once; a second line of that name is a problem, for nobody could tell which one was meant. */
export function withoutTwice<T extends { readonly where: string }>(
  reading: Reading,
  field: FieldKey,
  lines: readonly T[],
  nameOf: (line: T) => string,
): T[] {
  const first = new Map<string, T>();
  for (const line of lines) {
    const name = nameOf(line);
    const before = first.get(name);
    if (before) reading.problem(field, `${line.where} names ${reading.quote(name)}, and so does ${before.where}`);
    else first.set(name, line);
  }
  return [...first.values()];
}
