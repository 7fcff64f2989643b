import { betaDraw, bootstrapEach, isotonic, type NamedInterval, spearman } from "@slipstream/stats";
import { type Estimate, estimate, unknownEstimate } from "./estimate.ts";
import { LEAST_ATTACKED, tooFew } from "./least.ts";
import { isAttacked, isKnown, type MevRecord } from "./mev-record.ts";

/** A group of trades of similar size, with its value. */
export interface CurvePoint {
  /** Smallest and largest size, in USD. */
  readonly fromUsd: number;
  readonly toUsd: number;
  readonly count: number;
  /** Value of the monotone fit. */
  readonly value: number;
  readonly interval: NamedInterval;
}

/** How a quantity depends on trade size. */
export interface SizeCurve {
  /** Spearman's correlation with the size. */
  readonly correlation: Estimate;
  /** Rising if the correlation is positive, otherwise falling. */
  readonly points: readonly CurvePoint[];
}

const mostPoints = 12;
const leastOfAPoint = 10;
/** Maximum number of pairs for the correlation. If there are more, every k-th by size is used. */
const mostPairs = 50_000;

/** Share of trades that were attacked (impacted or avoided), by size. */
export function attackCurve(records: readonly MevRecord[]): SizeCurve {
  const known = bySize(records.filter(isKnown));
  const attacked = known.filter(isAttacked).length;
  if (attacked < LEAST_ATTACKED) return unknownCurve(attacked, known.length);
  const parts = split(known);
  const hits = parts.map((part) => part.filter(isAttacked).length);
  const { correlation, sign } = correlate(known, (record) => (isAttacked(record) ? 1 : 0));
  const shares = parts.map((part, i) => (hits[i] ?? 0) / part.length);
  const draw = (random: () => number): number[] =>
    parts.map((part, i) => betaDraw((hits[i] ?? 0) + 0.5, part.length - (hits[i] ?? 0) + 0.5, random));
  return { correlation, points: pointsOf(parts, shares, sign, draw, "posterior95") };
}

/** Loss of impacted trades in basis points, by size. */
export function lossCurve(records: readonly MevRecord[]): SizeCurve {
  const known = bySize(
    records.filter(({ lossRatio, verdict }) => verdict === "impacted" && lossRatio !== null),
  );
  if (known.length < LEAST_ATTACKED) return unknownCurve(known.length, known.length);
  const bps = (record: MevRecord | undefined): number => (record?.lossRatio ?? 0) * 1e4;
  const parts = split(known);
  const { correlation, sign } = correlate(known, bps);
  const meanOf = (part: readonly MevRecord[], pick: (i: number) => number): number =>
    part.reduce((sum, _, i) => sum + bps(part[pick(i)]), 0) / part.length;
  const draw = (random: () => number): number[] =>
    parts.map((part) => meanOf(part, () => Math.floor(random() * part.length)));
  const means = parts.map((part) => meanOf(part, (i) => i));
  return { correlation, points: pointsOf(parts, means, sign, draw, "bootstrap95") };
}

/** Its direction would be left to chance. */
function unknownCurve(attacked: number, trades: number): SizeCurve {
  const reason = tooFew(attacked, "attacked trades", LEAST_ATTACKED);
  return { correlation: unknownEstimate(reason, trades), points: [] };
}

interface Sized extends MevRecord {
  readonly sizeUsd: number;
}

function bySize(records: readonly MevRecord[]): Sized[] {
  return records
    .filter((record): record is Sized => record.sizeUsd !== null)
    .sort((a, b) => a.sizeUsd - b.sizeUsd || (a.tradeId < b.tradeId ? -1 : 1));
}

/** Splits trades into parts of about equal length. */
function split(sorted: readonly Sized[]): Sized[][] {
  const count = Math.min(mostPoints, Math.floor(sorted.length / leastOfAPoint));
  return Array.from({ length: count }, (_, i) =>
    sorted.slice(Math.round((i * sorted.length) / count), Math.round(((i + 1) * sorted.length) / count)),
  );
}

function correlate(
  sorted: readonly Sized[],
  value: (record: Sized) => number,
): { correlation: Estimate; sign: 1 | -1 } {
  const stride = Math.max(1, Math.ceil(sorted.length / mostPairs));
  const used = stride === 1 ? sorted : sorted.filter((_, i) => i % stride === 0);
  const found = spearman(
    used.map(({ sizeUsd }) => sizeUsd),
    used.map(value),
    { rounds: used.length > 10_000 ? 200 : 1000 },
  );
  if (found === undefined) {
    return { correlation: unknownEstimate("too few different trades", sorted.length), sign: 1 };
  }
  return {
    correlation: estimate(found.value, found.interval, "bootstrap95", used.length),
    sign: found.value < 0 ? -1 : 1,
  };
}

function pointsOf(
  parts: readonly (readonly Sized[])[],
  values: readonly number[],
  sign: 1 | -1,
  draw: (random: () => number) => number[],
  kind: "posterior95" | "bootstrap95",
): CurvePoint[] {
  const weights = parts.map(({ length }) => length);
  const monotone = (ys: readonly number[]): number[] =>
    isotonic(
      ys.map((y) => y * sign),
      weights,
    ).map((y) => y * sign);
  const fitted = monotone(values);
  const intervals = bootstrapEach((random) => monotone(draw(random)), { rounds: 500 });
  return parts.map((part, i) => ({
    fromUsd: part[0]?.sizeUsd ?? 0,
    toUsd: part.at(-1)?.sizeUsd ?? 0,
    count: part.length,
    value: fitted[i] ?? 0,
    interval: {
      low: Math.min(intervals[i]?.low ?? 0, fitted[i] ?? 0),
      high: Math.max(intervals[i]?.high ?? 0, fitted[i] ?? 0),
      kind,
    },
  }));
}
