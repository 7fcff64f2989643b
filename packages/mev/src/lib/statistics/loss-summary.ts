import { bootstrapMean, quantileInterval } from "@slipstream/stats";
import { type Estimate, estimate, unknownEstimate } from "./estimate.ts";
import { isKnown, lossUsd, type MevRecord } from "./mev-record.ts";

/** What impacted trades lost, by those whose loss is known. */
export interface LossSummary {
  /** Impacted trades. */
  readonly impacted: number;
  /** Those of them whose loss is not known: the pool is not replayable. */
  readonly unknown: number;
  readonly usd: LossNumbers;
  /** Basis points of what the trades would have got. */
  readonly bps: LossNumbers;
}

export interface LossNumbers {
  readonly mean: Estimate;
  readonly median: Estimate;
  readonly p95: Estimate;
  /**
   * USD: what is known to be lost; its upper end counts the trades of unknown loss at the mean. bps: of the size of all
   * trades with a verdict.
   */
  readonly total: Estimate;
}

const none = "no impacted trade whose loss is known";

export function lossSummary(records: readonly MevRecord[]): LossSummary {
  const impacted = records.filter(({ verdict }) => verdict === "impacted");
  const known = impacted.filter(({ lossRatio }) => lossRatio !== null);
  const usd = known.flatMap((record) => lossUsd(record) ?? []).sort(ascending);
  const bps = known.flatMap(({ lossRatio }) => (lossRatio === null ? [] : lossRatio * 1e4)).sort(ascending);
  const total = totalUsd(usd, impacted.length);
  const volume = records.reduce((sum, one) => sum + (isKnown(one) ? (one.sizeUsd ?? 0) : 0), 0);
  return {
    impacted: impacted.length,
    unknown: impacted.length - known.length,
    usd: { ...numbersOf(usd), total },
    bps: { ...numbersOf(bps), total: ofVolume(total, volume) },
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
  return estimate(sum(values) / values.length, bootstrapMean(values), values.length);
}

function totalUsd(losses: readonly number[], impacted: number): Estimate {
  const known = sum(losses);
  const missing = impacted - losses.length;
  if (missing === 0) return { value: known, low: known, high: known, count: losses.length };
  const highest = bootstrapMean(losses)?.high;
  if (losses.length === 0) return unknownEstimate(none);
  const high = highest === undefined ? null : known + missing * highest;
  return { value: known, low: known, high, count: losses.length };
}

function ofVolume({ value, low, high, count }: Estimate, volume: number): Estimate {
  if (value === null) return unknownEstimate(none);
  if (volume === 0) return unknownEstimate("no trade of a known size", count);
  const part = (usd: number | null): number | null => (usd === null ? null : (usd / volume) * 1e4);
  return { value: part(value), low: part(low), high: part(high), count };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ascending(a: number, b: number): number {
  return a - b;
}
