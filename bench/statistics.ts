/** The middle one; of an even number the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const middle = sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** By how much two contestants differ, told in two ways: a noisy minute moves the first, a noisy round only the second a bit. */
export interface Ratio {
  readonly ofMedians: number;
  /** Median of the ratios within each round */
  readonly paired: number;
}

/** Times of the same rounds, in the same order. */
export function ratio(ours: readonly number[], theirs: readonly number[]): Ratio {
  const pairs = ours.map((value, round) => value / (theirs[round] ?? NaN));
  return { ofMedians: median(ours) / median(theirs), paired: median(pairs) };
}
