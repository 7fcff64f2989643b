import { wilson } from "@slipstream/stats";
import { type Dimension, dimensions, groupBy } from "./dimensions.ts";
import { type Estimate, type Share, share, unknownEstimate } from "./estimate.ts";
import { type LossSummary, lossSummary } from "./loss-summary.ts";
import type { MevRecord } from "./mev-record.ts";

/** MEV statistics of some trades. */
export interface MevSummary {
  readonly trades: number;
  /** By verdict; `unknown` counts those without a verdict too. */
  readonly impacted: number;
  readonly avoided: number;
  readonly clean: number;
  readonly unknown: number;
  /** (avoided + impacted) / trades with a verdict other than unknown. */
  readonly detection: Share;
  /** avoided / (avoided + impacted). */
  readonly avoidance: Share;
  /** 1 - impacted / trades with a verdict other than unknown. */
  readonly rawAvoidance: Share;
  /** How many of all trades were impacted, if those without a verdict are like the others. */
  readonly impactedTotal: Estimate;
  readonly avoidedTotal: Estimate;
  readonly loss: LossSummary;
}

export function mevSummary(records: readonly MevRecord[]): MevSummary {
  const of = (wanted: MevRecord["verdict"]): number =>
    records.reduce((count, { verdict }) => count + (verdict === wanted ? 1 : 0), 0);
  const [impacted, avoided, clean] = [of("impacted"), of("avoided"), of("clean")];
  const known = impacted + avoided + clean;
  const noVerdict = "no trade has a verdict other than unknown";
  return {
    trades: records.length,
    impacted,
    avoided,
    clean,
    unknown: records.length - known,
    detection: share(impacted + avoided, known, noVerdict),
    avoidance: share(avoided, avoided + impacted, "no trade was attacked"),
    rawAvoidance: share(known - impacted, known, noVerdict),
    impactedTotal: totalOf(impacted, known, records.length),
    avoidedTotal: totalOf(avoided, known, records.length),
    loss: lossSummary(records),
  };
}

export function mevSummaryBy(
  records: readonly MevRecord[],
  dimension: Dimension,
): ReadonlyMap<string, MevSummary> {
  const groups = [...groupBy(records, dimensions[dimension])].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(groups.map(([label, own]) => [label, mevSummary(own)]));
}

function totalOf(seen: number, known: number, all: number): Estimate {
  const interval = wilson(seen, known);
  if (interval === undefined) return unknownEstimate("no trade has a verdict other than unknown");
  return { value: (seen / known) * all, low: interval.low * all, high: interval.high * all, count: known };
}
