import { type MonotoneCurve, valueAt } from "@slipstream/stats";
import { type AttackModel, isJudged } from "./attack-model.ts";
import { scaleOf } from "./bid-curves.ts";
import { type BidKind, bidOf, type FeeTrial } from "./fee-trial.ts";

/**
 * Weight of the prior: a part's rate is shrunk to the expected rate as if this many more attacks had been
 * seen.
 */
const heldBy = 10;
const parts = 6;

/**
 * How the chance of a sandwich depends on the bid, as a factor of the rate expected for the pair and size. No
 * direction is imposed: a higher bid lands sooner and is visible for less time, but it also attracts
 * attention.
 * @returns A curve over `scaleOf` a bid, linear between its points.
 */
export function attackByBid(
  trials: readonly FeeTrial[],
  model: Pick<AttackModel, "rateOf">,
  kind: BidKind,
): MonotoneCurve {
  const sorted = trials
    .filter(isJudged)
    .map((trial) => ({ trial, x: scaleOf(bidOf(trial, kind)) }))
    .sort((a, b) => a.x - b.x);
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < parts; i++) {
    const own = sorted.slice(
      Math.round((i * sorted.length) / parts),
      Math.round(((i + 1) * sorted.length) / parts),
    );
    if (own.length === 0) continue;
    const seen = own.filter(({ trial }) => trial.verdict === "impacted").length;
    const expected = own.reduce((sum, { trial }) => sum + model.rateOf(trial), 0);
    xs.push(own.reduce((sum, { x }) => sum + x, 0) / own.length);
    ys.push((seen + heldBy) / (expected + heldBy));
  }
  return { xs, ys };
}

export function factorAt(curve: MonotoneCurve, x: number): number {
  const factor = valueAt(curve, x);
  return Number.isNaN(factor) ? 1 : factor;
}
