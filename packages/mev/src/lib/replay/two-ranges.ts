import { type FeeRule, grossOutput, netInput } from "./constant-product.ts";
import { equationsOf, solve, statesFrom, steadiest } from "./infer-state.ts";
import { isForward, type PoolState, type Window } from "./pool-states.ts";
import { type RangeModel, rootsOf, stepOf } from "./range-model.ts";
import { type PossibleFees, usualRangeRules, withFeeHigherBy } from "./range-rules.ts";
import { stateAfter } from "./replay-error.ts";

/** Two neighbouring ranges from which all swaps of a window follow. */
export interface TwoRanges {
  readonly rule: FeeRule;
  readonly model: RangeModel;
  /** The reserves of the first range before the window. */
  readonly start: PoolState;
  /** Models that rounding allows as well. */
  readonly others: readonly RangeModel[];
  /** Largest relative error when the observed swaps are replayed. */
  readonly residual: number;
}

/** Where the window's swaps are: so many in the first range, one that crosses, so many in the second. */
interface Partition {
  readonly first: number;
  readonly second: number;
}

/** A model, and the boundary by what the crossing swap paid and by what it received. */
interface Solved {
  readonly model: RangeModel;
  readonly start: PoolState;
  readonly boundaries: readonly [number, number];
}

const mostChance = 1e-5;
/** More swaps than this are not divided into ranges. */
const mostSwaps = 10;
/** Atoms by which rounding may change an amount. */
const roundingAtoms = 2;
/** Ranges end at ticks: whole powers of this, as prices. */
const tick = 1.0001;
/** The largest relative distance of a root from the nearest tick. */
const halfTick = Math.log(tick) / 4;
/** Larger relative errors are not looked into: with them, a fit would not be accepted. */
const farthest = 1e-6;
const tellable = 10n;
const scale = 1_000_000n;

/**
 * A window whose swaps left the range in which they began. If at least two swaps in a row stayed in the first
 * range, then one crossed, and at least two in a row stayed in the second, they determine both liquidities and
 * the boundary, twice: from what the crossing swap paid, and from what it received. Both must be the same
 * tick, and all other swaps must follow.
 */
export function fitTwoRanges(window: Window, fees: PossibleFees): TwoRanges | undefined {
  const count = window.swaps.length;
  if (count < 5 || count > mostSwaps) return undefined;
  const partitions: Partition[] = [];
  for (let first = 2; first <= count - 3; first++) {
    for (let second = 2; second <= count - 1 - first; second++) partitions.push({ first, second });
  }
  const rules = usualRangeRules(window, fees);
  const tried = rules.length * partitions.length;
  const fits = rules.flatMap((rule) =>
    partitions.flatMap((partition) => {
      const fit = fitPartition(window, rule, partition, tried);
      return fit === undefined ? [] : [{ fit, partition }];
    }),
  );
  const [best] = fits.toSorted(
    (a, b) => b.partition.first + b.partition.second - a.partition.first - a.partition.second,
  );
  if (best === undefined) return undefined;
  const { rule } = best.fit;
  if (fits.some(({ fit }) => fit.rule !== rule || fit.model.boundary !== best.fit.model.boundary))
    return undefined;
  const leavesFeeOpen = [-tellable, tellable].some(
    (more) => fitPartition(window, withFeeHigherBy(rule, more), best.partition, 0) !== undefined,
  );
  return leavesFeeOpen ? undefined : best.fit;
}

function fitPartition(
  window: Window,
  rule: FeeRule,
  partition: Partition,
  tried: number,
): TwoRanges | undefined {
  const solved = solveRanges(window, rule, partition);
  if (solved === undefined) return undefined;
  const boundary = nearestTick(solved.boundaries);
  if (boundary === undefined || isFar(solved.boundaries, boundary)) return undefined;
  const model = { ...solved.model, boundary };
  const roots = rootsOf(model, rule, window);
  const [before, after] = [roots[partition.first], roots[partition.first + 1]];
  if (before === undefined || after === undefined) return undefined;
  if (!(Math.min(before, after) < boundary && boundary < Math.max(before, after))) return undefined;
  if (window.swaps.some((swap, at) => isOff(swap, stepOf(model, rule, window, swap, roots[at] ?? 0).out)))
    return undefined;
  const all = perturbed(window).map((changed) => solveRanges(changed, rule, partition));
  const others = all.flatMap((one) => (one === undefined ? [] : [one]));
  if (others.length < all.length) return undefined;
  const models = others.map((one) => ({ ...one.model, boundary }));
  let chance = tried;
  for (const side of [0, 1] as const) {
    const open = others.reduce(
      (most, one) => Math.max(most, Math.abs(one.boundaries[side] / solved.boundaries[side] - 1)),
      1e-13,
    );
    if (!(Math.abs(solved.boundaries[side] / boundary - 1) <= open)) return undefined;
    chance *= Math.min(1, open / halfTick);
  }
  const residual = residualOf(window, rule, model, models);
  return residual === undefined || chance > mostChance
    ? undefined
    : { rule, model, start: solved.start, others: models, residual };
}

function isFar(boundaries: readonly number[], boundary: number): boolean {
  return boundaries.some((root) => !(Math.abs(root / boundary - 1) <= farthest));
}

function isOff({ amountOut }: Window["swaps"][number], replayed: number): boolean {
  return !(Math.abs(replayed / Number(amountOut) - 1) <= farthest + roundingAtoms / Number(amountOut));
}

/** The same window with one amount changed by as much as rounding of all of them might matter. */
function perturbed(window: Window): Window[] {
  const atoms = BigInt(2 * window.swaps.length * roundingAtoms);
  return window.swaps.flatMap((_, at) => [
    {
      ...window,
      swaps: window.swaps.map((swap, i) =>
        i === at ? { ...swap, amountOut: swap.amountOut + atoms } : swap,
      ),
    },
    {
      ...window,
      swaps: window.swaps.map((swap, i) => (i === at ? { ...swap, amountIn: swap.amountIn + atoms } : swap)),
    },
  ]);
}

function solveRanges(window: Window, rule: FeeRule, { first, second }: Partition): Solved | undefined {
  const { swaps, money } = window;
  const head: Window = { money, swaps: swaps.slice(0, first) };
  const crossing = swaps[first];
  const tail: Window = { money, swaps: swaps.slice(first + 1, first + 1 + second) };
  const start = solveRun(rule, head);
  const behind = solveRun(rule, tail);
  const [lastState, lastSwap] = [
    start === undefined ? undefined : statesFrom(rule, start, head).at(-1),
    head.swaps.at(-1),
  ];
  if (start === undefined || behind === undefined || crossing === undefined) return undefined;
  if (lastState === undefined || lastSwap === undefined) return undefined;
  const ahead = stateAfter(rule, window, lastSwap, lastState);
  if (ahead.money <= 0n || ahead.token <= 0n) return undefined;
  const [l1, l2] = [liquidityOf(start), liquidityOf(behind)];
  const [r1, r2] = [rootOf(ahead), rootOf(behind)];
  const forward = isForward(window, crossing);
  const net = Number(netInput(rule, crossing)) / Number(scale);
  const gross = Number(grossOutput(rule, crossing)) + 0.5;
  const [money_, token] = forward ? [net, -gross] : [-gross, net];
  // money = l1 (1/b - 1/r1) + l2 (1/r2 - 1/b), token = l1 (b - r1) + l2 (r2 - b)
  const byMoney = (l1 - l2) / (money_ + l1 / r1 - l2 / r2);
  const byToken = (token + l1 * r1 - l2 * r2) / (l1 - l2);
  if (!(byMoney > 0 && byToken > 0 && Number.isFinite(byMoney) && Number.isFinite(byToken))) return undefined;
  const startsAbove = r1 > r2;
  const model = {
    start: rootOf(start),
    boundary: byMoney,
    above: startsAbove ? l1 : l2,
    below: startsAbove ? l2 : l1,
  };
  return { model, start, boundaries: [byMoney, byToken] };
}

/** The state before swaps that stay in one range. */
function solveRun(rule: FeeRule, run: Window): PoolState | undefined {
  const equations = equationsOf(rule, run);
  const pair = equations.length < run.swaps.length ? undefined : steadiest(equations);
  return pair === undefined ? undefined : solve(pair.a, pair.b);
}

function liquidityOf({ money, token }: PoolState): number {
  return Math.sqrt(Number(money)) * Math.sqrt(Number(token));
}

function rootOf({ money, token }: PoolState): number {
  return Math.sqrt(Number(token) / Number(money));
}

function nearestTick([one, other]: readonly [number, number]): number | undefined {
  const [a, b] = [one, other].map((root) => Math.round((2 * Math.log(root)) / Math.log(tick)));
  return a === undefined || a !== b ? undefined : Math.exp((a * Math.log(tick)) / 2);
}

/** Undefined if a swap does not follow as closely as rounding allows. */
function residualOf(
  window: Window,
  rule: FeeRule,
  model: RangeModel,
  others: readonly RangeModel[],
): number | undefined {
  const outputs = (one: RangeModel): number[] => {
    const roots = rootsOf(one, rule, window);
    return window.swaps.map((swap, at) => stepOf(one, rule, window, swap, roots[at] ?? 0).out);
  };
  const replayed = outputs(model);
  const allowed = others.map(outputs);
  let residual = 0;
  for (const [at, swap] of window.swaps.entries()) {
    const [out, observed] = [replayed[at] ?? 0, Number(swap.amountOut)];
    const open = allowed.reduce((most, one) => Math.max(most, Math.abs((one[at] ?? 0) - out)), 0);
    const error = Math.abs(out - observed);
    if (!(error <= open + roundingAtoms * (1 + observed / Number(swap.amountIn)) + observed * 1e-12))
      return undefined;
    residual = Math.max(residual, error / observed);
  }
  return residual;
}
