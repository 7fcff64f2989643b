import { normalQuantile } from "./normal-quantile.ts";

/**
 * If the mean and n - mean are above this, the normal distribution is used instead. The error is below the
 * rounding.
 */
const normalFrom = 50;

/** ln(n!), by Stirling's series if n >= 16. */
export function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log(product);
  }
  const n3 = n * n * n;
  return (
    n * Math.log(n) -
    n +
    0.5 * Math.log(2 * Math.PI * n) +
    1 / (12 * n) -
    1 / (360 * n3) +
    1 / (1260 * n3 * n * n)
  );
}

export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Draws how many of `n` trials succeed, each with probability `p`. */
export function binomialDraw(n: number, p: number, random: () => number): number {
  if (p <= 0 || n <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomialDraw(n, 1 - p, random);
  const mean = n * p;
  if (mean >= normalFrom) {
    const drawn = Math.round(mean + Math.sqrt(mean * (1 - p)) * normalQuantile(random()));
    return Math.min(n, Math.max(0, drawn));
  }
  // The gaps between successes are geometrically distributed.
  const scale = Math.log1p(-p);
  let count = -1;
  for (let at = 0; at <= n; count++) at += Math.floor(Math.log(random()) / scale) + 1;
  return count;
}
