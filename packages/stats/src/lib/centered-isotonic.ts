/** A non-decreasing function, linear between the given points and constant beyond them. */
export interface MonotoneCurve {
  /** Ascending. */
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/**
 * A monotone fit without steps. As in isotonic regression, neighbours that violate the order are pooled; each
 * pool then counts as one point at its mean x, and the curve is linear between the points.
 * Source: A. P. Oron, N. Flournoy, Statistics in Biopharmaceutical Research 9 (2017) 258-267.
 * @param points By ascending x; weights above 0.
 */
export function centeredIsotonic(
  points: readonly { readonly x: number; readonly y: number; readonly weight: number }[],
): MonotoneCurve {
  const blocks: { x: number; y: number; weight: number }[] = [];
  for (const point of points) {
    let block = { ...point };
    for (let last = blocks.at(-1); last !== undefined && last.y >= block.y; last = blocks.at(-1)) {
      blocks.pop();
      const weight = last.weight + block.weight;
      block = {
        x: (last.x * last.weight + block.x * block.weight) / weight,
        y: (last.y * last.weight + block.y * block.weight) / weight,
        weight,
      };
    }
    blocks.push(block);
  }
  return { xs: blocks.map(({ x }) => x), ys: blocks.map(({ y }) => y) };
}

/** NaN if the curve has no points. */
export function valueAt({ xs, ys }: MonotoneCurve, x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((xs[middle] ?? 0) <= x) low = middle + 1;
    else high = middle;
  }
  const [x0, x1, y0, y1] = [xs[low - 1], xs[low], ys[low - 1], ys[low]];
  if (x0 === undefined || y0 === undefined) return y1 ?? Number.NaN;
  if (x1 === undefined || y1 === undefined) return y0;
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}
