/**
 * The non-decreasing values closest to the given ones (weighted least squares). Neighbours that violate the
 * order are pooled.
 * Source: R. E. Barlow et al., Statistical Inference under Order Restrictions (1972), pool adjacent
 * violators.
 * @param weights Above 0; 1 each by default.
 */
export function isotonic(values: readonly number[], weights?: readonly number[]): number[] {
  const blocks: { value: number; weight: number; count: number }[] = [];
  for (const [i, value] of values.entries()) {
    let block = { value, weight: weights?.[i] ?? 1, count: 1 };
    for (let last = blocks.at(-1); last !== undefined && last.value > block.value; last = blocks.at(-1)) {
      blocks.pop();
      const weight = last.weight + block.weight;
      const pooled = (last.value * last.weight + block.value * block.weight) / weight;
      block = { value: pooled, weight, count: last.count + block.count };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ value, count }) => new Array<number>(count).fill(value));
}
