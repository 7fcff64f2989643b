import type { Random } from "../../random.ts";
import { LEAST_TIP } from "../fees/landing.ts";

/**
 * How the desk chooses its bids. Policies differ widely, so that the effect of a bid can be learned from the
 * trades.
 */
export interface FeePolicy {
  readonly name: string;
  readonly weight: number;
  /** Medians, in micro-lamports per compute unit and in lamports. */
  readonly computeUnitPrice: number;
  readonly tipLamports: number;
  /** Standard deviation of their logarithms. */
  readonly sigma: number;
}

/** Similar to the chain: compute unit prices p50 742, p75 42,000, p95 1.6 M; tips p50 13,600, p95 1.07 M. */
export const feePolicies: readonly [FeePolicy, ...FeePolicy[]] = [
  { name: "economy", weight: 0.2, computeUnitPrice: 4_000, tipLamports: 3_000, sigma: 1.2 },
  { name: "standard", weight: 0.35, computeUnitPrice: 80_000, tipLamports: 20_000, sigma: 1 },
  { name: "fast", weight: 0.3, computeUnitPrice: 450_000, tipLamports: 120_000, sigma: 0.9 },
  { name: "urgent", weight: 0.15, computeUnitPrice: 2_500_000, tipLamports: 700_000, sigma: 0.7 },
];

const HIGHEST_PRICE = 50_000_000;
const HIGHEST_TIP = 50_000_000;

export function drawPrice(policy: FeePolicy, random: Random): number {
  return Math.round(Math.min(HIGHEST_PRICE, random.lognormal(policy.computeUnitPrice, policy.sigma)));
}

export function drawTip(policy: FeePolicy, random: Random): number {
  const tip = Math.min(HIGHEST_TIP, random.lognormal(policy.tipLamports, policy.sigma));
  return Math.max(LEAST_TIP, Math.round(tip));
}
