import { logChoose } from "./binomial.ts";

/**
 * The probability of `successes` or more among `n` drawn at random from all: the one-sided p-value of
 * Fisher's exact test of whether these `n` succeed more often than the rest.
 * @throws RangeError if the counts contradict each other.
 */
export function fisherMore(successes: number, n: number, allSuccesses: number, all: number): number {
  if (!(successes >= 0 && successes <= Math.min(n, allSuccesses) && allSuccesses <= all && n <= all)) {
    throw new RangeError(`fisherMore: ${successes} of ${n} is impossible with ${allSuccesses} of ${all}`);
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
