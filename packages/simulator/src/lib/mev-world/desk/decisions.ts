import type { Protection } from "../../market/decisions.ts";
import type { Random } from "../../random.ts";
import { type Schedule, SLOTS_PER_DAY } from "../chain/slots.ts";
import { type Offer, priorityLamports } from "../chain/transaction.ts";
import type { Congestion } from "../fees/congestion.ts";
import { landingPerSlot } from "../fees/landing.ts";
import { haste, type Urgency, urgencies } from "../fees/urgency.ts";
import type { MevWorldSettings } from "../options.ts";
import type { PairSpec } from "../pools/catalogue.ts";
import type { WorldPool } from "../pools/pool.ts";
import { drawWeighted, nonEmpty } from "../weighted.ts";
import { bidOf, type Decision } from "./decision.ts";
import { drawPrice, drawTip, type FeePolicy, feePolicies } from "./policies.ts";
import { drawProtection } from "./protection.ts";
import { drawSize } from "./sizes.ts";

export interface DecisionSources {
  readonly settings: Pick<MevWorldSettings, "trades" | "days" | "protectedShare">;
  readonly pools: readonly WorldPool[];
  readonly schedule: Schedule;
  readonly congestion: Congestion;
}

/** The desk's decisions in chronological order. They do not depend on attackers. */
export function* decisions(
  { settings, pools, schedule, congestion }: DecisionSources,
  random: Random,
): Generator<Decision> {
  const meanGap = (settings.days * SLOTS_PER_DAY) / settings.trades;
  let time = schedule.firstSlot + 8;
  for (let index = 0; index < settings.trades; index++) {
    time += random.exponential(meanGap);
    const slot = Math.floor(time);
    const { pool, sizeUsd } = drawSize(pools, random);
    const buy = random.chance(0.5);
    const toleranceBps = drawTolerance(pool.pair, random);
    const urgency = drawWeighted(nonEmpty(urgencies.map(weighUrgency)), random).urgency;
    const protection = drawProtection(sizeUsd, settings.protectedShare, random);
    const policy = drawWeighted(feePolicies, random);
    const offer = drawOffer(protection, policy, random);
    const level = congestion.at(slot) + pool.pair.heat;
    const bid = bidOf(protection, offer, priorityLamports(offer));
    const tries = drawTries(landingPerSlot(protection, bid, level), urgency, random);
    const waits = tries ?? haste[urgency].deadlineSlots + 1;
    yield {
      index,
      slot,
      pool,
      buy,
      sizeUsd,
      toleranceBps,
      urgency,
      protection,
      policy: policy.name,
      offer,
      congestion: level,
      tries,
      endSlot: schedule.withBlock(slot + waits),
    };
  }
}

function weighUrgency(urgency: Urgency): { urgency: Urgency; weight: number } {
  return { urgency, weight: haste[urgency].weight };
}

function drawOffer(protection: Protection, policy: FeePolicy, random: Random): Offer {
  const [price, tip] = [drawPrice(policy, random), drawTip(policy, random)];
  const computeUnitLimit = 10_000 * Math.round(random.between(15, 30));
  // A bundle pays for its position with its tip; the desk adds little else.
  return protection === "jito"
    ? { computeUnitLimit, computeUnitPrice: Math.round(price / 20), tipLamports: tip }
    : { computeUnitLimit, computeUnitPrice: price, tipLamports: 0 };
}

/** Geometrically distributed; null beyond the deadline. */
function drawTries(chance: number, urgency: Urgency, random: Random): number | null {
  const draw = random.next();
  if (chance <= 0) return null;
  const tries = Math.max(1, Math.ceil(Math.log(1 - draw) / Math.log(1 - chance)));
  return tries > haste[urgency].deadlineSlots ? null : tries;
}

const majors = [
  { weight: 0.2, bps: 30 },
  { weight: 0.45, bps: 50 },
  { weight: 0.28, bps: 100 },
  { weight: 0.07, bps: 300 },
] as const;
const others = [
  { weight: 0.12, bps: 50 },
  { weight: 0.35, bps: 100 },
  { weight: 0.25, bps: 200 },
  { weight: 0.16, bps: 300 },
  { weight: 0.09, bps: 500 },
  { weight: 0.03, bps: 1000 },
] as const;

function drawTolerance(pair: PairSpec, random: Random): number {
  return drawWeighted<{ weight: number; bps: number }>(pair.volatility < 4e-4 ? majors : others, random).bps;
}
