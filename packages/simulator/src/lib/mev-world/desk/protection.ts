import type { Protection } from "../../market/decisions.ts";
import type { Random } from "../../random.ts";
import { MEDIAN_USD, SIGMA } from "./sizes.ts";

const LARGE_USD = 1000;
/** Large trades are protected more often by this factor, as far as possible. */
const LARGE_FACTOR = 1.35;
const JITO_SHARE = 0.7;

/** Protects the given share of all trades, large ones more often than small ones. */
export function drawProtection(sizeUsd: number, protectedShare: number, random: Random): Protection {
  const large = 1 - normalBelow(Math.log(LARGE_USD / MEDIAN_USD) / SIGMA);
  const uneven = protectedShare * LARGE_FACTOR <= 1;
  const small = uneven ? (1 - large * LARGE_FACTOR) / (1 - large) : 1;
  const factor = sizeUsd >= LARGE_USD ? (uneven ? LARGE_FACTOR : 1) : small;
  const [is, which] = [random.next(), random.next()];
  if (is >= protectedShare * factor) return "none";
  return which < JITO_SHARE ? "jito" : "private_rpc";
}

/** P(X < z) for the standard normal distribution. Source: Abramowitz and Stegun 26.2.17, error < 7.5e-8. */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const powers = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const tail = powers.reduceRight((sum, factor) => (sum + factor) * t, 0) * Math.exp((-z * z) / 2);
  const below = tail / Math.sqrt(2 * Math.PI);
  return z > 0 ? 1 - below : below;
}
