import { decisions } from "../market/decisions.ts";
import type { Pair } from "../market/tokens.ts";
import { calibrate, type Sample } from "../mev-world/attackers/calibrate.ts";
import { AttackOdds } from "../mev-world/attackers/odds.ts";
import type { Schedule } from "../mev-world/chain/slots.ts";
import type { WorldPool } from "../mev-world/pools/pool.ts";

const SAMPLES = 2000;
/** As many as attackers would go after who let nothing pass. */
const EVERY = 1000;
/** Slots in which a transaction is seen, most often. */
const SEEN_SLOTS = 1;

/**
 * The odds under which attackers go after this share of the desk's trades without protection, at this hour; where so many would
 * not pay, after all that would.
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
