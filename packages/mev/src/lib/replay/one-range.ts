import { type FeeRule, feeText, netInput } from "./constant-product.ts";
import {
  type Equation,
  type EquationPair,
  equationsOf,
  solve,
  statesFrom,
  steadiest,
} from "./infer-state.ts";
import type { PoolState, Window } from "./pool-states.ts";
import { replayedOut } from "./replay-error.ts";
import { SeenPrices } from "./seen-prices.ts";

/** A concentrated pool within one range of its ticks: the constant product of its virtual reserves. */
export interface OneRange {
  readonly rule: FeeRule;
  /** Virtual reserves before each swap. */
  readonly states: readonly PoolState[];
  /** Largest relative error of replaying what did happen. */
  readonly residual: number;
  /** Where the swaps went: nothing is known of the pool elsewhere. */
  readonly seen: SeenPrices;
}

/** Chance that swaps which follow no one range fit one all the same, up to which a fit is believed. */
const mostChance = 1e-5;
/** Largest relative error of the liquidity: a loss has the same. */
const mostUncertain = 1e-4;
/** Square roots of prices are kept to 64 fractional bits: relative error of an output beyond that of its own rounding. */
const priceRounding = 1e-10;
const scale = 1_000_000n;

/**
 * As long as the price stays between two ticks, a concentrated pool of liquidity L at price p is a constant product
 * of reserves L / sqrt p and L x sqrt p, which the fee does not enter. Each swap is a linear equation in the two reserves before
 * the window, two give them, and each further one checks them and the fee, to what rounding allows and no further.
 * A swap that left the range, a change of liquidity between or another fee would have to give what rounding cannot tell
 * from the truth; how likely that is follows from how exactly the swaps can be checked, and decides.
 * @param fees Millionths of the input, rounded up: those that the program's pools may charge.
 * @returns The pool, or why its swaps do not tell it.
 */
export function fitOneRange(window: Window, fees: readonly bigint[]): OneRange | string {
  if (window.swaps.length < 3) return "the range's liquidity is not given, and two swaps do not tell it";
  const fits: OneRange[] = [];
  let tooSmall = false;
  for (const millionths of fees) {
    const fit = fitFee({ millionths, rounding: "charged", apart: true }, window, fees.length);
    if (fit === "too small") tooSmall = true;
    else if (fit !== undefined) fits.push(fit);
  }
  const [fit, other] = fits;
  if (tooSmall) return "the swaps are too small to tell a range's liquidity and the fee beyond doubt";
  if (fit === undefined) return "its swaps do not follow one range of liquidity at a fee of its program";
  if (other === undefined) return fit;
  return `its swaps fit fees of ${feeText(fit.rule)} and of ${feeText(other.rule)}`;
}

/** Undefined where the swaps do not follow it; "too small" where they do, and others might as well. */
function fitFee(rule: FeeRule, window: Window, candidates: number): OneRange | "too small" | undefined {
  const equations = equationsOf(rule, window).map((equation, at) => withInput(equation, rule, window, at));
  // A swap that gave nothing tells nothing, and where it left the price is not known.
  if (equations.length < window.swaps.length) return undefined;
  const pair = steadiest(equations);
  if (pair === undefined || pair.uncertainty > mostUncertain) return "too small";
  const state = solve(pair.a, pair.b);
  if (state === undefined) return undefined;
  const states = statesFrom(rule, state, window);
  const slopes = equations.map(({ slope }) => slope);
  const spread = Math.max(...slopes) / Math.min(...slopes) - 1;
  let chance = candidates;
  let residual = 0;
  for (const [at, equation] of equations.entries()) {
    const [swap, before] = [window.swaps[at], states[at]];
    if (swap === undefined || before === undefined || before.money <= 0n || before.token <= 0n)
      return undefined;
    const bound = boundOf(equation, pair);
    const error =
      Math.abs(Number(replayedOut(rule, window, swap, before) - swap.amountOut)) / Number(swap.amountOut);
    if (!(error <= bound)) return undefined;
    residual = Math.max(residual, error);
    if (equation !== pair.a && equation !== pair.b) chance *= Math.min(1, bound / spread);
  }
  if (chance > mostChance) return "too small";
  return { rule, states, residual, seen: new SeenPrices(rule, window, states) };
}

/** An input that is rounded to atoms too: twice, with the fee and with the price. */
function withInput(equation: Equation, rule: FeeRule, window: Window, at: number): Equation {
  const net = Number(netInput(rule, window.swaps[at]?.amountIn ?? 0n) / scale);
  return { ...equation, rounding: 2 * equation.rounding + 2 / net };
}

/**
 * Relative error that rounding allows between the outputs of a swap as it was and as the reserves of the pair give it. In a
 * range the logarithm of a swap's average price is linear in where it lies, so that errors of the pair's prices pass on
 * as in a line through two points.
 */
function boundOf(equation: Equation, { a, b }: EquationPair): number {
  const along = (equation.slope - a.slope) / (b.slope - a.slope);
  return equation.rounding + Math.abs(1 - along) * a.rounding + Math.abs(along) * b.rounding + priceRounding;
}
