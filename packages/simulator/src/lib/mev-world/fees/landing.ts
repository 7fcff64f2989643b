import type { Protection } from "../../market/decisions.ts";

/** Jito refuses less. */
export const LEAST_TIP = 1000;
/** Bid at which half of the positions are won under usual congestion, in lamports. */
const HALFWAY = { none: 60_000, private_rpc: 60_000, jito: 90_000 } as const;
/** How steeply the probability rises with the bid: the exponent of the bid. */
const STEEPNESS = 0.8;
const PER_CONGESTION = 1.2;
const FLOOR = { none: 0.05, private_rpc: 0.05, jito: 0 } as const;
const CEILING = { none: 0.93, private_rpc: 0.9, jito: 0.9 } as const;

/**
 * The hidden fee market: the probability that the next leader includes a transaction. The bid is the priority
 * fee, or the tip for a bundle, because block engines sort by tips.
 * @param bidLamports Lamports.
 */
export function landingPerSlot(protection: Protection, bidLamports: number, congestion: number): number {
  if (protection === "jito" && bidLamports < LEAST_TIP) return 0;
  const bid = bidLamports ** STEEPNESS;
  const halfway = (HALFWAY[protection] * Math.exp(PER_CONGESTION * congestion)) ** STEEPNESS;
  return FLOOR[protection] + ((CEILING[protection] - FLOOR[protection]) * bid) / (bid + halfway);
}
