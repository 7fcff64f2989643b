import { gotFrom, paidFor, type Swap } from "../swaps/swap.ts";

/** An actor's swap and its position among the swaps of the pool. */
export interface Leg {
  readonly swap: Swap;
  /** Index among the pool's swaps, in chain order. */
  readonly at: number;
  readonly direction: number;
}

/**
 * Legs that form the two sides of a sandwich: the first front run precedes the last back run, in opposite
 * directions.
 */
export interface RoundTrip {
  readonly fronts: readonly Leg[];
  readonly backs: readonly Leg[];
}

/**
 * Sums over the legs. `token` is what the front run buys and the back run sells; `money` is what they pay and
 * receive.
 */
export interface Totals {
  readonly moneyIn: bigint;
  readonly tokenOut: bigint;
  readonly tokenIn: bigint;
  readonly moneyOut: bigint;
}

export function firstLeg(trip: RoundTrip): Leg | undefined {
  return trip.fronts[0];
}

export function lastLeg(trip: RoundTrip): Leg | undefined {
  return trip.backs.at(-1);
}

export function totalsOf({ fronts, backs }: RoundTrip): Totals {
  let moneyIn = 0n;
  let tokenOut = 0n;
  for (const { swap } of fronts) {
    moneyIn += paidFor(swap);
    tokenOut += gotFrom(swap);
  }
  let tokenIn = 0n;
  let moneyOut = 0n;
  for (const { swap } of backs) {
    tokenIn += paidFor(swap);
    moneyOut += gotFrom(swap);
  }
  return { moneyIn, tokenOut, tokenIn, moneyOut };
}

/** Maximal runs of legs in the same direction. */
export function runsOf(legs: readonly Leg[]): Leg[][] {
  const runs: Leg[][] = [];
  for (const leg of legs) {
    const run = runs.at(-1);
    if (run !== undefined && run[0]?.direction === leg.direction) run.push(leg);
    else runs.push([leg]);
  }
  return runs;
}
