import { normalQuantile } from "./normal-quantile.ts";

/**
 * Draws from a gamma distribution with scale 1. With shape n / 2, twice the draw is chi-square with n degrees of freedom.
 * Source: G. Marsaglia, W. W. Tsang, ACM Trans. Math. Softw. 26 (2000) 363-372.
 * @param shape Above 0.
 */
export function gammaDraw(shape: number, random: () => number): number {
  if (shape < 1) return gammaDraw(shape + 1, random) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = normalQuantile(random());
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(random()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
