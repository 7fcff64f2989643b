import { logChoose } from "./binomial.ts";

/**
 * How likely `successes` or more of the `n` are, if the `n` were drawn from all at random: the one-sided p-value of Fisher's
 * exact test of whether they succeed more often than the rest.
 * @throws RangeError where the counts do not fit each other.
 */
export function fisherMore(successes: number, n: number, allSuccesses: number, all: number): number {
  if (!(successes >= 0 && successes <= Math.min(n, allSuccesses) && allSuccesses <= all && n <= all)) {
    throw new RangeError(`fisherMore cannot have ${successes} of ${n} in ${allSuccesses} of ${all}`);
  }
  const most = Math.min(n, allSuccesses);
  const logAll = logChoose(all, n);
  const term = (k: number): number => {
    if (n - k > all - allSuccesses) return 0;
    return Math.exp(logChoose(allSuccesses, k) + logChoose(all - allSuccesses, n - k) - logAll);
  };
  let p = 0;
  for (let k = successes; k <= most; k++) {
    const one = term(k);
    p += one;
    if (one < p * 1e-12 && k > (n * allSuccesses) / all) break;
  }
  return Math.min(1, p);
}
