import { decisions } from "../market/decisions.ts";
import type { Pair } from "../market/tokens.ts";
import { calibrate, type Sample } from "../mev-world/attackers/calibrate.ts";
import { AttackOdds } from "../mev-world/attackers/odds.ts";
import type { Schedule } from "../mev-world/chain/slots.ts";
import type { WorldPool } from "../mev-world/pools/pool.ts";

const SAMPLES = 2000;
/** Scale at which attackers go after every trade that pays off. */
const EVERY = 1000;
/** Number of slots in which a transaction is usually visible. */
const SEEN_SLOTS = 1;

/**
 * The odds at which attackers go after this share of the desk's unprotected trades at this hour. If not that
 * many attacks would pay off, they go after all that would.
 */
export function liveOdds(
  seed: number,
  attackRate: number,
  pools: ReadonlyMap<Pair, WorldPool>,
  schedule: Schedule,
): AttackOdds {
  const coming = decisions(seed, 1);
  const samples: Sample[] = [];
  for (let slot = schedule.firstSlot; samples.length < SAMPLES; slot++) {
    const { pair, sizeUsd, toleranceBps, protection } = coming.next().value;
    const pool = pools.get(pair);
    if (protection !== "none" || pool === undefined) continue;
    const exposure = {
      pair: pool.pair,
      sideUsd: pool.spec.depthUsd / 2,
      fee: pool.curve.fee,
      sizeUsd,
      toleranceBps,
      hour: schedule.hourOf(schedule.firstSlot),
      colludes: schedule.leaderOf(slot).colludes,
      protection,
    };
    samples.push({ exposure, slots: SEEN_SLOTS });
  }
  const odds = calibrate(samples, attackRate);
  return typeof odds === "number" ? new AttackOdds(EVERY) : odds;
}
