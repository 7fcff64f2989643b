/** First index in an ascending list whose value is above `value`. */
export function firstAbove(positions: readonly number[], value: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Number of values in an ascending list strictly between two others. */
export function countBetween(positions: readonly number[], after: number, before: number): number {
  return Math.max(0, firstAbove(positions, before - 1) - firstAbove(positions, after));
}
