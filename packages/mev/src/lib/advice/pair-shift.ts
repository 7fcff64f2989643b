import { type MonotoneCurve, valueAt } from "@slipstream/stats";
import { scaleOf } from "./bid-curves.ts";
import { type BidKind, bidOf, type FeeTrial } from "./fee-trial.ts";

/** Prior standard deviation of a pair's bids from those of all pairs, as a logarithm. */
const usual = 0.5;
const widest = 1.5;
const step = 0.1;
/** Bids this close are treated as equal. */
const alike = 0.02;

/**
 * How much more a pair requires than all pairs do to land equally often, as a logarithm. This is the shift of
 * the landing curve that makes the pair's trials most likely. A normal prior pulls it towards 0, so few
 * trials shift it little.
 */
export function pairShift(trials: readonly FeeTrial[], landing: MonotoneCurve, kind: BidKind): number {
  const bids = countByBid(trials, kind);
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let shift = -widest; shift <= widest + step / 2; shift += step) {
    let logLikelihood = -(shift ** 2) / (2 * usual ** 2);
    for (const [at, { landed, not }] of bids) {
      const p = Math.min(0.999, Math.max(0.001, valueAt(landing, at * alike - shift)));
      logLikelihood += landed * Math.log(p) + not * Math.log(1 - p);
    }
    if (logLikelihood > most) [best, most] = [shift, logLikelihood];
  }
  return best;
}

function countByBid(
  trials: readonly FeeTrial[],
  kind: BidKind,
): Map<number, { landed: number; not: number }> {
  const counts = new Map<number, { landed: number; not: number }>();
  for (const trial of trials) {
    const at = Math.round(scaleOf(bidOf(trial, kind)) / alike);
    const own = counts.get(at) ?? { landed: 0, not: 0 };
    counts.set(at, own);
    own[trial.outcome === "landed" ? "landed" : "not"]++;
  }
  return counts;
}
