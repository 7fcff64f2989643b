import { gammaDraw } from "./gamma-draw.ts";

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
