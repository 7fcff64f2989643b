import { type FeeRule, netInput } from "./constant-product.ts";
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

/** A pool's arithmetic and reserves that nobody told and all swaps of a window follow. */
export interface ExactFit {
  readonly rule: FeeRule;
  /** Before each swap. */
  readonly states: readonly PoolState[];
  /** Largest relative error of replaying what did happen. */
  readonly residual: number;
}

/** Chance that swaps which follow no such pool fit one all the same, up to which a fit is believed. */
const mostChance = 1e-5;
/** Largest relative error of the reserves: a loss has the same. */
const mostUncertain = 1e-4;
/** Square roots of prices are kept to 64 fractional bits: relative error of an output beyond that of its own rounding. */
const priceRounding = 1e-10;
const scale = 1_000_000n;

/**
 * The reserves that all swaps follow from as closely as rounding allows: two swaps give them, each further one checks them.
 * @param candidates How many rules are tried.
 * @returns Undefined where a swap does not follow; "too small" where all do, and might by chance as well.
 */
export function fitExactly(
  rule: FeeRule,
  window: Window,
  candidates: number,
): ExactFit | "too small" | undefined {
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
  return { rule, states, residual };
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
