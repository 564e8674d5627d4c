/** Edit distance with neighbouring letters swapped counted as one, so that `BRNACH` is near `BRANCH`. */
export function distance(left: string, right: string): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1;
      let cost = Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + same);
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (swapped) cost = Math.min(cost, at(before, j - 2) + 1);
      next.push(cost);
    }
    before = row;
    row = next;
  }
  return at(row, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}

// No name of a field or variable that somebody typed is longer; the distance takes the product of both lengths.
const LONGEST = 100;

/** The candidates that a slip of the fingers makes of `name`, the nearest first; at most `limit`. */
export function nearNames(name: string, candidates: Iterable<string>, limit = 3): string[] {
  if (name.length > LONGEST) return [];
  const wanted = name.toLowerCase();
  // One slip in three letters: `Tag` is near `Tags`, `Nope` is not near `Mode`.
  const far = Math.max(1, Math.floor(name.length / 3));
  return [...candidates]
    .map((candidate) => ({ candidate, by: distance(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, by }) => by <= far && by < candidate.length)
    .sort((one, other) => one.by - other.by || (one.candidate < other.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}
