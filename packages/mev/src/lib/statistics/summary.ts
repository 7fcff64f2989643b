import { wilson } from "@slipstream/stats";
import { type Dimension, dimensions, groupBy } from "./dimensions.ts";
import { type Estimate, estimate, type Share, share, unknownEstimate } from "./estimate.ts";
import { type LossSummary, lossSummary } from "./loss-summary.ts";
import { isAttacked, isKnown, type MevRecord } from "./mev-record.ts";
import { type EffectiveCounts, effectiveCounts } from "./uneven.ts";

/** MEV statistics of a set of trades. */
export interface MevSummary {
  readonly trades: number;
  /** Trades that reached the chain: executed or reverted. */
  readonly onChain: number;
  /**
   * Trades by verdict. `unknown` includes trades without a verdict and trades that never reached the chain.
   */
  readonly impacted: number;
  readonly avoided: number;
  readonly clean: number;
  readonly unknown: number;
  /**
   * (avoided + impacted) / known. Known trades have a verdict other than unknown, and everything around them
   * could be read.
   */
  readonly detection: Share;
  /** avoided / (avoided + impacted). */
  readonly avoidance: Share;
  /** 1 - impacted / known. */
  readonly rawAvoidance: Share;
  /**
   * Estimated number of impacted trades among all on the chain, assuming that the unknown ones are like the
   * others.
   */
  readonly impactedTotal: Estimate;
  readonly avoidedTotal: Estimate;
  readonly loss: LossSummary;
}

export function mevSummary(records: readonly MevRecord[]): MevSummary {
  const chain = records.filter(({ onChain }) => onChain);
  const all = countVerdicts(chain);
  const known = countVerdicts(chain.filter(isKnown));
  const attacked = known.impacted + known.avoided;
  const count = attacked + known.clean;
  const hits = effectiveCounts(chain, ({ verdict }) => verdict === "impacted");
  const avoided = effectiveCounts(chain, ({ verdict }) => verdict === "avoided");
  return {
    trades: records.length,
    onChain: chain.length,
    ...all,
    unknown: records.length - all.impacted - all.avoided - all.clean,
    detection: share(attacked, count, nothingKnown, effectiveCounts(chain, isAttacked)),
    avoidance: share(
      known.avoided,
      attacked,
      count === 0 && chain.length > 0 ? nothingKnown : "no trade was attacked",
    ),
    rawAvoidance: rawAvoidanceOf(known.impacted, count, hits),
    impactedTotal: totalOf(hits, count, chain.length),
    avoidedTotal: totalOf(avoided, count, chain.length),
    loss: lossSummary(chain),
  };
}

const nothingKnown = "no trade has a verdict other than unknown";

interface VerdictCounts {
  readonly impacted: number;
  readonly avoided: number;
  readonly clean: number;
}

function countVerdicts(records: readonly MevRecord[]): VerdictCounts {
  const counts = { impacted: 0, avoided: 0, clean: 0 };
  for (const { verdict } of records) if (verdict !== null && verdict !== "unknown") counts[verdict]++;
  return counts;
}

export function mevSummaryBy(
  records: readonly MevRecord[],
  dimension: Dimension,
): ReadonlyMap<string, MevSummary> {
  const groups = [...groupBy(records, dimensions[dimension])].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(groups.map(([label, own]) => [label, mevSummary(own)]));
}

function rawAvoidanceOf(impacted: number, count: number, hits: EffectiveCounts): Share {
  const effective = { successes: hits.count - hits.successes, count: hits.count };
  return share(count - impacted, count, nothingKnown, effective);
}

/** @param known Number of trades behind the counts. */
function totalOf({ successes, count }: EffectiveCounts, known: number, all: number): Estimate {
  const interval = wilson(successes, count);
  if (interval === undefined) return unknownEstimate(nothingKnown);
  const value = (successes / count) * all;
  const scaled = { low: interval.low * all, high: interval.high * all };
  return estimate(value, scaled, "wilson95", known);
}
