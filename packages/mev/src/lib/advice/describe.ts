import { quantity } from "@slipstream/conventions";
import { wilson } from "@slipstream/stats";
import { estimate } from "../statistics/estimate.ts";
import { bidAt } from "./bid-curves.ts";
import type { BidModels, BidValue } from "./bid-value.ts";
import type { FeeQuery, ProtectionAdvice } from "./fee-advice.ts";

/** @param x `scaleOf` the advised bid. */
export function describeAdvice(
  { pair, sizeUsd }: FeeQuery,
  { protection, ofProtection: { kind, judged, otherLamports }, ofUrgency: { curves, shifts } }: BidModels,
  x: number,
  value: BidValue,
): ProtectionAdvice {
  const at = x - (shifts.get(pair) ?? 0);
  const near = curves.parts.reduce((best, part) =>
    Math.abs(part.x - at) < Math.abs(best.x - at) ? part : best,
  );
  const seen = judged.of({ pair, sizeUsd });
  const bid = bidAt(x);
  return {
    protection,
    priorityFeeLamports: kind === "tip" ? otherLamports : bid,
    tipLamports: kind === "tip" ? bid : otherLamports,
    expectedUsd: value.usd,
    isWorthSending: value.usd > 0,
    costUsd: value.costUsd,
    worthUsd: value.worthUsd,
    lossUsd: value.lossUsd,
    landing: estimate(value.landing, wilson(near.landed, near.trials), "wilson95", near.trials),
    attack: estimate(value.attack, wilson(seen.hits, seen.trades), "wilson95", seen.trades),
    evidence: [
      `${quantity(curves.trials, "trade")} sent with it at this urgency, ${curves.landed} landed; ${near.landed} of ${near.trials} landed with similar bids`,
      `${seen.hits} of ${seen.trades} landed trades of this pair and size were sandwiched; ${judged.all.trades} landed trades in total`,
    ],
  };
}
