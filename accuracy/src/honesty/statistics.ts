import {
  attackCurve,
  type Estimate,
  feeReturn,
  lossCurve,
  type MevRecord,
  type MevSummary,
  mevSummary,
  relativeAvoidance,
} from "@slipstream/mev";

/** A statistic whose interval is held against the truth. */
export interface Judged {
  readonly name: string;
  /** `run`: of the very trades that it is told of. `long`: what it comes to in the world's many days. */
  readonly truth: "run" | "long";
  /** One of the totals. */
  readonly isTotal?: boolean;
}

export const statisticKeys = [
  "impactedTotal",
  "avoidedTotal",
  "lossTotal",
  "detection",
  "avoidance",
  "rawAvoidance",
  "relativeAvoidance",
  "lossMean",
  "lossMedian",
  "lossP95",
  "bpsMean",
  "bpsMedian",
  "bpsP95",
  "bpsOfVolume",
  "attackBySize",
  "lossBySize",
  "feeReturn",
] as const;

export type StatisticKey = (typeof statisticKeys)[number];

export const statistics: Readonly<Record<StatisticKey, Judged>> = {
  impactedTotal: { name: "total impacted", truth: "run", isTotal: true },
  avoidedTotal: { name: "total avoided", truth: "run", isTotal: true },
  lossTotal: { name: "loss: total, USD", truth: "run" },
  detection: { name: "detection rate", truth: "long" },
  avoidance: { name: "avoidance", truth: "long" },
  rawAvoidance: { name: "raw avoidance", truth: "long" },
  relativeAvoidance: { name: "relative avoidance", truth: "long" },
  lossMean: { name: "loss: mean, USD", truth: "long" },
  lossMedian: { name: "loss: median, USD", truth: "long" },
  lossP95: { name: "loss: P95, USD", truth: "long" },
  bpsMean: { name: "loss: mean, bps", truth: "long" },
  bpsMedian: { name: "loss: median, bps", truth: "long" },
  bpsP95: { name: "loss: P95, bps", truth: "long" },
  bpsOfVolume: { name: "loss: total, bps of the volume", truth: "run" },
  attackBySize: { name: "correlation of attacks with size", truth: "long" },
  lossBySize: { name: "correlation of losses with size", truth: "long" },
  feeReturn: { name: "fee return", truth: "long" },
};

export type Estimates = Readonly<Record<StatisticKey, Estimate>>;

/** The numbers that are compared with the truth of the run itself. */
export type Totals = Pick<Estimates, "impactedTotal" | "avoidedTotal" | "lossTotal" | "bpsOfVolume">;

export function tellTotals(records: readonly MevRecord[]): Totals {
  const { impactedTotal, avoidedTotal, loss } = mevSummary(records);
  return { impactedTotal, avoidedTotal, lossTotal: loss.usd.total, bpsOfVolume: loss.bps.total };
}

/** What the statistics say of some trades. */
export type Teller = (records: readonly MevRecord[]) => Estimates;

export const tellStatistics: Teller = (records) => {
  const { loss, ...summary }: MevSummary = mevSummary(records);
  return {
    impactedTotal: summary.impactedTotal,
    avoidedTotal: summary.avoidedTotal,
    lossTotal: loss.usd.total,
    detection: summary.detection,
    avoidance: summary.avoidance,
    rawAvoidance: summary.rawAvoidance,
    relativeAvoidance: relativeAvoidance(records),
    lossMean: loss.usd.mean,
    lossMedian: loss.usd.median,
    lossP95: loss.usd.p95,
    bpsMean: loss.bps.mean,
    bpsMedian: loss.bps.median,
    bpsP95: loss.bps.p95,
    bpsOfVolume: loss.bps.total,
    attackBySize: attackCurve(records).correlation,
    lossBySize: lossCurve(records).correlation,
    feeReturn: feeReturn(records).ratio,
  };
};
