import { type Lamports, lamports } from "@slipstream/conventions";
import { centeredIsotonic, type MonotoneCurve } from "@slipstream/stats";
import { type BidKind, bidOf, type FeeTrial } from "./fee-trial.ts";

/**
 * How landing depends on the bid, for trials of one protection and urgency. The x of the curves is `scaleOf`
 * a bid.
 */
export interface BidCurves {
  readonly landing: MonotoneCurve;
  /** Worth of landed trades in basis points of their size; undefined if no trade has a known worth. */
  readonly worthBps: MonotoneCurve | undefined;
  readonly trials: number;
  readonly landed: number;
  /** Lamports. Only bids between these are known; nothing outside is advised. */
  readonly lowest: Lamports;
  readonly highest: Lamports;
  /** Parts with about equally many trials, and their mean x. */
  readonly parts: readonly BidPart[];
}

export interface BidPart {
  readonly x: number;
  readonly trials: number;
  readonly landed: number;
}

const mostParts = 40;
const worthParts = 6;
const leastOfAPart = 40;
/**
 * Share of the trials at either end whose bids are not advised, because hardly anything is known beyond them.
 */
const ends = 0.01;

/** Bids differ by factors, so this is their logarithm, with an offset that allows 0. */
export function scaleOf(bidLamports: Lamports): number {
  return Math.log(bidLamports + 100);
}

export function bidAt(x: number): Lamports {
  return lamports(Math.max(0, Math.round(Math.exp(x) - 100)));
}

/** @param shiftOf How much more a trial's pair requires, see `pair-shift.ts`. */
export function bidCurves(
  trials: readonly FeeTrial[],
  kind: BidKind,
  shiftOf: (pair: string) => number = () => 0,
): BidCurves {
  const sorted = trials
    .map((trial) => ({ trial, x: scaleOf(bidOf(trial, kind)) - shiftOf(trial.pair) }))
    .sort((a, b) => a.x - b.x);
  const parts = split(sorted, mostParts).map((own) => ({
    x: meanOf(own, ({ x }) => x),
    trials: own.length,
    landed: own.filter(({ trial }) => trial.outcome === "landed").length,
  }));
  const bids = trials.map((trial) => bidOf(trial, kind)).sort((a, b) => a - b);
  const atShare = (share: number): Lamports => bids[Math.round(share * (bids.length - 1))] ?? lamports(0);
  return {
    landing: centeredIsotonic(
      parts.map(({ x, trials, landed }) => ({ x, y: landed / trials, weight: trials })),
    ),
    worthBps: worthOf(sorted),
    trials: sorted.length,
    landed: parts.reduce((sum, { landed }) => sum + landed, 0),
    lowest: atShare(ends),
    highest: atShare(1 - ends),
    parts,
  };
}

interface Placed {
  readonly trial: FeeTrial;
  readonly x: number;
}

/** Monotone, because a higher bid lands sooner. Few parts, because the worth of trades scatters widely. */
function worthOf(sorted: readonly Placed[]): MonotoneCurve | undefined {
  const known = sorted.flatMap(({ trial: { outcome, valueUsd, sizeUsd }, x }) =>
    outcome !== "landed" || valueUsd === null || sizeUsd <= 0 ? [] : [{ x, bps: (valueUsd / sizeUsd) * 1e4 }],
  );
  if (known.length === 0) return undefined;
  return centeredIsotonic(
    split(known, worthParts).map((own) => ({
      x: meanOf(own, ({ x }) => x),
      y: meanOf(own, ({ bps }) => bps),
      weight: own.length,
    })),
  );
}

/** Splits into parts of about equal length. */
function split<T>(sorted: readonly T[], most: number): T[][] {
  const count = Math.min(most, Math.max(1, Math.floor(sorted.length / leastOfAPart)));
  if (sorted.length === 0) return [];
  return Array.from({ length: count }, (_, i) =>
    sorted.slice(Math.round((i * sorted.length) / count), Math.round(((i + 1) * sorted.length) / count)),
  );
}

function meanOf<T>(of: readonly T[], value: (one: T) => number): number {
  return of.reduce((sum, one) => sum + value(one), 0) / of.length;
}
