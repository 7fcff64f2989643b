import type { Swap } from "../swaps/swap.ts";
import { type FeeRule, grossOutput, netInput } from "./constant-product.ts";
import { isForward, type PoolState, type Window } from "./pool-states.ts";
import { stateAfter } from "./replay-error.ts";

/** By how much a swap's price may differ from output / net input, as factors of it: rounding. */
export interface Rounding {
  readonly below: number;
  readonly above: number;
}

export interface FeasibleStates {
  /** Of the polygon that encloses them. */
  readonly corners: readonly PoolState[];
  readonly middle: PoolState;
}

/** @param outputs How many amounts that leave the reserves give the same output. */
export type RoundingOf = (net: bigint, gross: bigint, outputs: number) => Rounding;

/** A linear constraint on the two reserves' relative differences from the nominal ones: at least 0. */
interface HalfPlane {
  readonly constant: number;
  readonly money: number;
  readonly token: number;
}

type Point = readonly [money: number, token: number];

const scale = 1_000_000n;
/** Error of the floating-point numbers used here. */
const floating = 4e-15;
/** Without a narrower limit, reserves are looked for between half and one and a half of the nominal ones. */
const farthest = 0.5;

/**
 * The reserves before the window from which all of its swaps follow as far as rounding allows: each swap
 * bounds the price at which it was filled from both sides, which leaves a convex polygon.
 * @param nominal Reserves near which to look.
 * @param reach How far from them, relative to them.
 * @returns Undefined if no reserves fit, or if the swaps leave the reserves open.
 */
export function feasibleStates(
  rule: FeeRule,
  window: Window,
  nominal: PoolState,
  roundingOf: RoundingOf,
  reach: number = farthest,
): FeasibleStates | undefined {
  let corners: Point[] = [
    [-reach, -reach],
    [reach, -reach],
    [reach, reach],
    [-reach, reach],
  ];
  for (const plane of planesOf(rule, window, nominal, roundingOf)) {
    corners = clipped(corners, plane);
    if (corners.length === 0) return undefined;
  }
  const isOpen = corners.some((corner) => corner.some((relative) => Math.abs(relative) >= farthest));
  if (isOpen) return undefined;
  const stateAt = ([money, token]: Point): PoolState => ({
    money: nominal.money + BigInt(Math.round(money * Number(nominal.money))),
    token: nominal.token + BigInt(Math.round(token * Number(nominal.token))),
  });
  return { corners: corners.map(stateAt), middle: stateAt(middleOf(corners)) };
}

/** The middle of a polygon's area, or of its corners if it has none. */
function middleOf(corners: readonly Point[]): Point {
  const [first = [0, 0]] = corners;
  let [money, token, area] = [0, 0, 0];
  for (const [at, a] of corners.entries()) {
    const b = corners[(at + 1) % corners.length] ?? a;
    const [aMoney, aToken, bMoney, bToken] = [
      a[0] - first[0],
      a[1] - first[1],
      b[0] - first[0],
      b[1] - first[1],
    ];
    const part = aMoney * bToken - bMoney * aToken;
    area += part;
    money += part * (aMoney + bMoney);
    token += part * (aToken + bToken);
  }
  const middle: Point = [first[0] + money / (3 * area), first[1] + token / (3 * area)];
  if (Number.isFinite(middle[0]) && Number.isFinite(middle[1])) return middle;
  const mean = (of: (corner: Point) => number): number =>
    corners.reduce((sum, corner) => sum + of(corner), 0) / corners.length;
  return [mean(([one]) => one), mean(([, other]) => other)];
}

/** Two half planes per swap. Differences of large amounts are computed exactly, and only then rounded. */
function planesOf(rule: FeeRule, window: Window, nominal: PoolState, roundingOf: RoundingOf): HalfPlane[] {
  let now = nominal;
  return window.swaps.flatMap((swap, at) => {
    const forward = isForward(window, swap);
    const [reserveIn, reserveOut] = forward ? [now.money, now.token] : [now.token, now.money];
    const [sizeIn, sizeOut] = forward ? [nominal.money, nominal.token] : [nominal.token, nominal.money];
    const net = netInput(rule, swap) / scale;
    const gross = grossOutput(rule, swap);
    now = stateAfter(rule, window, swap, now);
    if (net <= 0n || gross <= 0n) return [];
    const unit = Number(net) * Number(sizeOut);
    const off = Number(net * reserveOut - gross * (reserveIn + net)) / unit;
    const priced = (Number(gross) * Number(reserveIn + net)) / unit;
    const { below, above } = roundingOf(net, gross, outputsOf(rule, swap));
    // What left the reserves for an output is known to the atom, in each swap before this one.
    const shifted = floating + at * (1 / Number(sizeIn) + 1 / Number(sizeOut));
    const [ofIn, ofOut] = [(-Number(gross) * Number(sizeIn)) / unit, 1];
    const [money, token] = forward ? [ofIn, ofOut] : [ofOut, ofIn];
    return [
      { constant: off + (below + shifted) * priced, money, token },
      { constant: -off + (above + shifted) * priced, money: -money, token: -token },
    ];
  });
}

export function outputsOf({ aside }: FeeRule, { tokenOut }: Pick<Swap, "tokenOut">): number {
  return aside?.token === tokenOut ? 2 : 1;
}

/** The part of a convex polygon on the right side of a line. */
function clipped(corners: readonly Point[], plane: HalfPlane): Point[] {
  const valueAt = ([money, token]: Point): number =>
    plane.constant + plane.money * money + plane.token * token;
  return corners.flatMap((corner, at) => {
    const next = corners[(at + 1) % corners.length] ?? corner;
    const [here, there] = [valueAt(corner), valueAt(next)];
    const kept = here >= 0 ? [corner] : [];
    if (here >= 0 === there >= 0) return kept;
    const part = here / (here - there);
    const crossing: Point = [
      corner[0] + part * (next[0] - corner[0]),
      corner[1] + part * (next[1] - corner[1]),
    ];
    return [...kept, crossing];
  });
}
