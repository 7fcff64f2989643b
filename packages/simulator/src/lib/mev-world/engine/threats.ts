import { optionError } from "../../option-error.ts";
import type { Random } from "../../random.ts";
import { calibrate, type Sample } from "../attackers/calibrate.ts";
import { costlyShare } from "../attackers/kinds.ts";
import { type AttackOdds, type Exposure, preyOn } from "../attackers/odds.ts";
import type { Target } from "../attackers/target.ts";
import type { Schedule } from "../chain/slots.ts";
import type { Decision } from "../desk/decision.ts";
import { decisions } from "../desk/decisions.ts";
import type { Threat } from "../fees/expected-value.ts";
import { DEFAULT_ATTACK_RATE } from "../options.ts";
import type { Setting } from "./setting.ts";

const SAMPLES = 30_000;

/** The odds at which the configured share of the landed unprotected trades is attacked. */
export function oddsFor(setting: Setting, random: Random): AttackOdds {
  const { settings } = setting;
  // If all trades are protected, the odds are computed as if none were.
  const protectedShare = settings.protectedShare < 1 ? settings.protectedShare : 0;
  const spread = { ...settings, trades: SAMPLES, protectedShare };
  const samples: Sample[] = [];
  for (const decision of decisions({ ...setting, settings: spread }, random)) {
    if (decision.tries === null || decision.protection !== "none") continue;
    samples.push({ exposure: exposureOf(decision, setting.schedule), slots: decision.tries });
  }
  const odds = calibrate(samples, settings.attackRate ?? DEFAULT_ATTACK_RATE);
  if (typeof odds !== "number") return odds;
  const fewer = settings.attackRate === undefined ? calibrate(samples, odds / 2) : odds;
  if (typeof fewer !== "number") return fewer;
  // Rounded down, so that the reported value is accepted.
  const most = Math.floor(odds * 1000) / 1000;
  throw optionError(
    "attackRate",
    `must be at most ${most} here, but is ${settings.attackRate}: attacks on more trades would not pay off`,
  );
}

/** What attackers see of one of the desk's trades. */
export function exposureOf(decision: Decision, schedule: Schedule): Exposure {
  const { pool, sizeUsd, toleranceBps, protection, endSlot } = decision;
  return {
    pair: pool.pair,
    sideUsd: pool.spec.depthUsd / 2,
    fee: pool.curve.fee,
    sizeUsd,
    toleranceBps,
    hour: schedule.hourOf(decision.slot),
    colludes: schedule.leaderOf(endSlot).colludes,
    protection,
  };
}

/** What attackers see of a pending transaction. */
export function exposureOfTarget(
  { pool, buy, amountIn, slot }: Pick<Target, "pool" | "buy" | "amountIn" | "slot">,
  schedule: Schedule,
  known: Pick<Exposure, "toleranceBps" | "protection">,
): Exposure {
  const sideUsd = pool.spec.depthUsd / 2;
  const depth = buy ? pool.curve.depth.quote : pool.curve.depth.base;
  return {
    pair: pool.pair,
    sideUsd,
    fee: pool.curve.fee,
    sizeUsd: (Number(amountIn) / depth) * sideUsd,
    hour: schedule.hourOf(slot),
    colludes: schedule.leaderOf(slot).colludes,
    ...known,
  };
}

/** The same, before it is known who leads the slot in which it lands. */
export function threatTo(
  exposure: Exposure,
  odds: AttackOdds,
  { schedule: { leaders }, settings }: Pick<Setting, "schedule" | "settings">,
): Threat {
  const prey = preyOn(exposure);
  if (prey === undefined) return { perSlot: [{ chance: 0, weight: 1 }], lossRatio: 0 };
  const colluding = leaders.reduce((sum, { colludes, stake }) => sum + (colludes ? stake : 0), 0);
  return {
    perSlot: [
      { chance: odds.worthwhile({ ...exposure, colludes: true }), weight: colluding },
      { chance: odds.worthwhile({ ...exposure, colludes: false }), weight: 1 - colluding },
    ],
    lossRatio: prey.lossRatio * costlyShare(settings.attackers),
  };
}
