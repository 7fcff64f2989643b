import { normalQuantile } from "./normal-quantile.ts";

/** Above this mean and its counterpart a binomial count is drawn from the normal distribution: off by less than the rounding. */
const normalFrom = 50;

/** ln(n!), by Stirling's series from 16 on. */
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

/** How many of `n` succeed, each with probability `p`. */
export function binomialDraw(n: number, p: number, random: () => number): number {
  if (p <= 0 || n <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomialDraw(n, 1 - p, random);
  const mean = n * p;
  if (mean >= normalFrom) {
    const drawn = Math.round(mean + Math.sqrt(mean * (1 - p)) * normalQuantile(random()));
    return Math.min(n, Math.max(0, drawn));
  }
  // Gaps between successes are geometric.
  const scale = Math.log1p(-p);
  let count = -1;
  for (let at = 0; at <= n; count++) at += Math.floor(Math.log(random()) / scale) + 1;
  return count;
}
