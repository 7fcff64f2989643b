import { normalQuantile } from "./normal-quantile.ts";

/**
 * Draws a share from Beta(a, b). With a = successes + 1/2 and b = failures + 1/2 this is the posterior
 * distribution of a share (Jeffreys prior), which is honest even without a single success.
 * @param a Above 0.
 * @param b Above 0.
 */
export function betaDraw(a: number, b: number, random: () => number): number {
  const [x, y] = [gammaDraw(a, random), gammaDraw(b, random)];
  return x + y === 0 ? 0 : x / (x + y);
}

/** Source: G. Marsaglia, W. W. Tsang, ACM Trans. Math. Softw. 26 (2000) 363-372. */
function gammaDraw(shape: number, random: () => number): number {
  if (shape < 1) return gammaDraw(shape + 1, random) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = normalQuantile(random());
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(random()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
