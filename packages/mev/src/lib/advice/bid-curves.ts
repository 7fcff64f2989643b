import { type Lamports, lamports } from "@slipstream/conventions";
import { centeredIsotonic, type MonotoneCurve } from "@slipstream/stats";
import { type BidKind, bidOf, type FeeTrial } from "./fee-trial.ts";

/** How landing goes with the bid, for trials of one protection and urgency. x of the curves: `scaleOf` a bid. */
export interface BidCurves {
  readonly landing: MonotoneCurve;
  /** Of those that landed: worth in basis points of the size; undefined where none tells it. */
  readonly worthBps: MonotoneCurve | undefined;
  readonly trials: number;
  readonly landed: number;
  /** Lamports: bids are known between these, and advised nowhere else. */
  readonly lowest: Lamports;
  readonly highest: Lamports;
  /** Parts of as many trials each, with their mean x. */
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
/** Share of the trials on either end whose bids are not advised: beyond them hardly anything is known. */
const ends = 0.01;

/** Bids differ by factors: their logarithm, with room for 0. */
export function scaleOf(bidLamports: Lamports): number {
  return Math.log(bidLamports + 100);
}

export function bidAt(x: number): Lamports {
  return lamports(Math.max(0, Math.round(Math.exp(x) - 100)));
}

/** @param shiftOf What a trial's pair adds to the bid that it takes, see `pair-shift.ts`. */
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

/** Monotone, for a higher bid lands sooner; in few parts, for what trades turn out to be worth scatters widely. */
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

/** Parts of about as many each. */
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
