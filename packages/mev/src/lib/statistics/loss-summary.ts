import {
  betaDraw,
  binomialDraw,
  bootstrap,
  LEAST_VALUES,
  meanInterval,
  quantileInterval,
} from "@slipstream/stats";
import { type Estimate, estimate, unknownEstimate } from "./estimate.ts";
import { tooFew } from "./least.ts";
import { lossUsd, type MevRecord } from "./mev-record.ts";
import { type EffectiveCounts, effectiveCounts } from "./uneven.ts";

/** What impacted trades lost, computed from those with a known loss. */
export interface LossSummary {
  /** Number of impacted trades. */
  readonly impacted: number;
  /** Impacted trades with unknown loss, because the pool cannot be replayed. */
  readonly unknown: number;
  readonly usd: LossNumbers;
  /** Basis points of what the trades would have received. */
  readonly bps: LossNumbers;
}

export interface LossNumbers {
  readonly mean: Estimate;
  readonly median: Estimate;
  readonly p95: Estimate;
  /**
   * USD: the known losses, with bounds from the error of the replays. The upper bound also includes what
   * impacted trades with unknown loss may have lost (for each, the largest known share of its own size), and
   * trades without a verdict as if they were like the others. bps: relative to the size of the trades.
   */
  readonly total: Estimate;
}

const none = "no impacted trade with a known loss";

export function lossSummary(all: readonly MevRecord[]): LossSummary {
  const records = all.filter(({ onChain }) => onChain);
  const hits = effectiveCounts(records, ({ verdict }) => verdict === "impacted");
  const impacted = records.filter(({ verdict }) => verdict === "impacted");
  const known = impacted.filter(({ lossRatio }) => lossRatio !== null);
  const usd = known.flatMap((record) => lossUsd(record) ?? []).sort(ascending);
  const bps = known.flatMap(({ lossRatio }) => (lossRatio === null ? [] : lossRatio * 1e4)).sort(ascending);
  const unknown = impacted.filter(({ lossRatio }) => lossRatio === null);
  const total = totalUsd(records, known, unknown, hits);
  return {
    impacted: impacted.length,
    unknown: unknown.length,
    usd: { ...numbersOf(usd), total },
    bps: { ...numbersOf(bps), total: ofVolume(total, records) },
  };
}

function numbersOf(sorted: readonly number[]): Omit<LossNumbers, "total"> {
  const quantile = (q: number): Estimate => {
    const found = quantileInterval(sorted, q);
    return found === undefined ? unknownEstimate(none) : { ...found, count: sorted.length };
  };
  return { mean: meanOf(sorted), median: quantile(0.5), p95: quantile(0.95) };
}

function meanOf(values: readonly number[]): Estimate {
  if (values.length === 0) return unknownEstimate(none);
  const count = values.length;
  const mean = estimate(sum(values) / count, meanInterval(values), "mean95", count);
  if (mean.interval !== undefined) return mean;
  const reason = count < LEAST_VALUES ? tooFew(count, "known losses", LEAST_VALUES) : "all losses are equal";
  return { ...mean, reason };
}

/** @param unknown Impacted trades with unknown loss. */
function totalUsd(
  records: readonly MevRecord[],
  known: readonly MevRecord[],
  unknown: readonly MevRecord[],
  hits: EffectiveCounts,
): Estimate {
  const losses = known.flatMap((record) => lossUsd(record) ?? []);
  const value = sum(losses);
  const open = sum(known.map(({ lossResidual, sizeUsd }) => (lossResidual ?? 0) * (sizeUsd ?? 0)));
  const low = Math.max(0, value - open);
  const unjudged = records.filter(({ verdict }) => verdict === null || verdict === "unknown").length;
  const count = losses.length;
  if (unknown.length + unjudged === 0) return estimate(value, { low, high: value + open }, "replay", count);
  if (count === 0) return unknownEstimate(none);
  if (count < LEAST_VALUES) {
    const reason = tooFew(count, "known losses", LEAST_VALUES);
    return { value, interval: { low, high: null, kind: "bounds95", reason }, count };
  }
  const more = mostUnreplayed(unknown, known, losses) + mostUnjudged(losses, unjudged, hits);
  return estimate(value, { low, high: value + open + more }, "bounds95", count);
}

const rounds = 400;

/**
 * Upper bound of the losses of impacted trades with unknown loss, in USD. Trades that cannot be replayed are
 * often those that moved the pool most, so the mean of the others does not apply. Each is assumed to lose the
 * largest known share of its own size.
 */
function mostUnreplayed(
  unknown: readonly MevRecord[],
  known: readonly MevRecord[],
  losses: readonly number[],
): number {
  const share = Math.max(...known.map(({ lossRatio }) => lossRatio ?? 0));
  return sum(unknown.map(({ sizeUsd }) => (sizeUsd === null ? mostOnAverage(losses) : share * sizeUsd)));
}

/** Upper bound (97.5 %) of the losses of trades without a verdict, in USD. */
function mostUnjudged(
  losses: readonly number[],
  unjudged: number,
  { successes, count }: EffectiveCounts,
): number {
  const hits = bootstrap(
    (random) => binomialDraw(unjudged, betaDraw(successes + 0.5, count - successes + 0.5, random), random),
    { rounds },
  );
  return (hits?.high ?? unjudged) * mostOnAverage(losses);
}

/**
 * Upper bound of the mean, which allows for losses larger than those seen. It is undefined if all are equal.
 */
function mostOnAverage(losses: readonly number[]): number {
  return meanInterval(losses)?.high ?? losses[0] ?? 0;
}

/** The share of the known trades' volume, with bounds relative to the volume of all trades. */
function ofVolume({ value, interval, count }: Estimate, records: readonly MevRecord[]): Estimate {
  if (value === null) return unknownEstimate(none);
  const volume = volumeOf(records);
  const known = volumeOf(records.filter(({ verdict }) => verdict !== null && verdict !== "unknown"));
  if (known === 0) return unknownEstimate("no trade with a known size", count);
  const part = (usd: number | null): number | null => (usd === null ? null : (usd / volume) * 1e4);
  const share = { value: (value / known) * 1e4, count };
  if (interval === undefined) return share;
  return { ...share, interval: { ...interval, low: part(interval.low), high: part(interval.high) } };
}

function volumeOf(records: readonly MevRecord[]): number {
  return sum(records.map(({ sizeUsd }) => sizeUsd ?? 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ascending(a: number, b: number): number {
  return a - b;
}
