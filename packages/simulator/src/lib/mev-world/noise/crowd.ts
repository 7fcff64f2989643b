import type { Random } from "../../random.ts";
import type { Target } from "../attackers/target.ts";
import type { Offer } from "../chain/transaction.ts";
import type { Stage } from "../engine/stage.ts";
import type { WorldPool } from "../pools/pool.ts";
import type { Movers } from "./movers.ts";

/** What traders other than the desk and its attackers need. */
export interface Crowd {
  readonly stage: Stage;
  readonly random: Random;
  readonly pools: readonly WorldPool[];
  /** People who trade repeatedly. */
  readonly people: readonly [string, ...string[]];
  readonly movers: Movers;
  /** Reports a transaction that attackers can see and may go after. */
  seen(target: Target): void;
}

/** A typical offer on the chain: compute unit prices p50 742, p75 42,000 micro-lamports. */
export function usualOffer(random: Random): Offer {
  const price = Math.min(5_000_000, random.lognormal(742, 4.5));
  return { computeUnitLimit: 200_000, computeUnitPrice: Math.round(price), tipLamports: 0 };
}

/** A share of the pool's reserve of the input, in atoms, at least one. */
export function shareOf(pool: WorldPool, buy: boolean, share: number): bigint {
  const { base, quote } = pool.curve.depth;
  return BigInt(Math.max(1, Math.round((buy ? quote : base) * share)));
}
